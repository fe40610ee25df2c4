import { isIP } from 'node:net';
import { isInRanges } from '../../address-ranges.ts';

/** Networks of no one: an address there says nothing of who visits. */
const inside = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1',
  'fc00::/7',
  'fe80::/10',
];

/**
 * The address of the browser behind Shopify's app proxy, which stands in front of our own proxies: the one that Shopify
 * heard the request from.
 * @param forwarded the header `x-forwarded-for` as received, oldest first
 * @param trusted how many proxies of our own a request passes, or their ranges; the one that connects is not in the header
 * @returns an IP address, or an empty text where none is told
 */
export function visitorAddress(
  forwarded: string | null,
  trusted: number | readonly string[],
): string {
  const chain = (forwarded ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => isIP(one) !== 0);
  const ours =
    typeof trusted === 'number'
      ? Math.max(0, trusted - 1)
      : chain.length - 1 - chain.findLastIndex((one) => !isInRanges(one, trusted));
  const shopify = trusted === 0 ? 0 : 1;
  const before = chain.slice(0, Math.max(1, chain.length - ours - shopify));
  return before.findLast((one) => !isInRanges(one, inside)) ?? '';
}
