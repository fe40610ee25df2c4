// What a theme or an app writes beside the goods: cart attributes, which become the order's note attributes.

const PREFIX = 'attributes[';
/** A cookie holds only so much. */
const KEPT = 10;
const LONGEST = 255;

/** As a form names them, whichever way a request said it: `attributes[key]`. */
export const attributeFields = (body: Record<string, unknown>): [string, string][] =>
  Object.entries(Object(body['attributes']) as Record<string, unknown>).map(([key, value]) => [
    `${PREFIX}${key}]`,
    typeof value === 'string' || typeof value === 'number' ? String(value) : '',
  ]);

/** Those that were there and those that are sent; an empty one is taken off. */
export function withAttributes(
  before: Readonly<Record<string, string>>,
  form: URLSearchParams,
): Record<string, string> {
  const sent = [...form].flatMap(([name, value]) =>
    name.startsWith(PREFIX) && name.endsWith(']') ? [[name.slice(PREFIX.length, -1), value]] : [],
  );
  const all = Object.entries({ ...before, ...(Object.fromEntries(sent) as typeof before) });
  return Object.fromEntries(
    all
      .filter(([key, value]) => value !== '' && key.length <= LONGEST && value.length <= LONGEST)
      .slice(-KEPT),
  );
}
