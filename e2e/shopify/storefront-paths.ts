// Paths of the shop: where a form may lead, and what Shopify renders a path with.

/** Where someone goes after signing in: a page of this shop, else their account. */
export const returnPath = (wanted: string | null, then: string): string =>
  then === '/' ? (wanted?.startsWith('/') ? safePath(wanted) : '/account') : then;
export const safePath = (path: string | null): string =>
  path && /^\/(?!\/)/.test(path) ? path : '/';
/** The template that Shopify would render a path with. */
export function templateOf(path: string, isProduct: boolean): string {
  if (path === '/') return 'index';
  if (isProduct) return 'product';
  if (path.startsWith('/cart')) return 'cart';
  if (path.startsWith('/account')) return 'customers/account';
  return path.startsWith('/pages/') ? 'page' : 'order';
}
