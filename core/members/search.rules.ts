/** What a merchant typed into the search of members. */
export type CustomerSearch =
  | { readonly by: 'all' }
  | { readonly by: 'email'; readonly email: string }
  | { readonly by: 'shopifyId'; readonly shopifyId: string }
  | { readonly by: 'name'; readonly words: readonly string[] };

/** Words beyond these narrow nothing any more. */
const maxWords = 4;

/** An address is searched whole, digits are a Shopify id, all else is the beginnings of names. */
export function customerSearchOf(query: string): CustomerSearch {
  const trimmed = query.trim();
  if (trimmed === '') return { by: 'all' };
  if (trimmed.includes('@')) return { by: 'email', email: trimmed };
  const shopifyId = /^(?:gid:\/\/shopify\/Customer\/)?(\d{4,20})$/.exec(trimmed)?.[1];
  if (shopifyId !== undefined) return { by: 'shopifyId', shopifyId };
  return { by: 'name', words: trimmed.split(/\s+/).slice(0, maxWords) };
}
