import { nastyTexts } from '../../load/random.ts';
import type { Random } from '../../load/random.ts';

/** What HTTP lets through in a header. */
export const headerText = (random: Random): string =>
  random
    .pick(nastyTexts)
    .replace(/[^\t\x20-\x7e]/g, '?')
    .slice(0, 4_000);

const traces: readonly string[] = [
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  '00-00000000000000000000000000000000-0000000000000000-00',
  'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01-more',
  "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', true); --",
];

/** What caches, proxies, browsers and tracing put into headers; each of them may be forged. */
const names: readonly string[] = [
  'traceparent',
  'tracestate',
  'baggage',
  'forwarded',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-real-ip',
  'x-request-id',
  'x-csp-nonce',
  'x-client-address',
  'x-http-method-override',
  'if-none-match',
  'if-modified-since',
  'range',
  'accept',
  'accept-language',
  'accept-encoding',
  'content-encoding',
];

/** A few forged headers in one of four requests. */
export function strayHeaders(random: Random): Record<string, string> {
  const headers: Record<string, string> = {};
  if (!random.chance(0.25)) return headers;
  for (let left = 1 + random.below(3); left > 0; left--) {
    const name = random.pick(names);
    headers[name] =
      name === 'traceparent' && random.chance(0.7) ? random.pick(traces) : headerText(random);
  }
  return headers;
}
