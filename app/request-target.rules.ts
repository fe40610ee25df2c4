/** The parts of the web application that have rules of their own, by the first part of a path. */
const families = [
  'app',
  'assets',
  'auth',
  'console',
  'extension',
  'health',
  'healthz',
  'pictures',
  'proxy',
  'reports',
  'unsubscribe',
  'webhooks',
  'widget-assets',
] as const;
export type Family = (typeof families)[number];

/** These paths contain no ids or codes, so they are case-insensitive. */
const caseless: ReadonlySet<string> = new Set<Family>(['console', 'webhooks', 'auth']);

/** Which part a canonical path belongs to; undefined for the public pages and files. */
export function familyOf(path: string): Family | undefined {
  const first = /^\/([^/.]*)/.exec(path)?.[1];
  return families.find((family) => family === first);
}

/**
 * The one spelling of a request's target, or undefined for one that is none. Routes are found by any case of letters,
 * percent-encoded, with slashes doubled or left at the end; rules that look at the path see what routes see.
 */
export function canonicalTarget(target: string): string | undefined {
  // A host in the target is not trusted; two slashes are a path, not a host.
  const relative = target.replace(/^https?:\/\/[^/?#]*(?=[/?#]|$)/i, '');
  if (!relative.startsWith('/')) return relative === '' ? '/' : undefined;
  let url: URL;
  try {
    // Resolves what goes back (`..`, also encoded) and turns backslashes, as every later reader does.
    url = new URL(`http://app${relative}`);
  } catch {
    return undefined;
  }
  const segments: string[] = [];
  for (const segment of url.pathname.split('/')) {
    if (segment === '') continue;
    const decoded = decode(segment);
    if (decoded === undefined) return undefined;
    segments.push(decoded);
  }
  const [first = ''] = segments;
  const family = familyOf(`/${first.toLowerCase()}`);
  if (family !== undefined) segments[0] = first.toLowerCase();
  const own = family !== undefined && caseless.has(family);
  const path = segments.map((segment) => encode(own ? segment.toLowerCase() : segment)).join('/');
  return `/${path}${url.search}`;
}

function decode(segment: string): string | undefined {
  try {
    const decoded = decodeURIComponent(segment);
    // Our paths have no control characters, which could break lines of logs or headers.
    return /\p{Cc}/u.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

/** As a URL's own path has it: slashes of a segment stay encoded, what needs no encoding is not. */
function encode(segment: string): string {
  return encodeURIComponent(segment).replace(/%(3A|40|24|2C|3B|2B|3D|26)/gi, (sign) =>
    decodeURIComponent(sign),
  );
}
