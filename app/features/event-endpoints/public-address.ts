import { BlockList, isIP } from 'node:net';

/** Of no one on the public Internet: IANA's special-purpose registries (RFC 6890), multicast, and what is reserved. */
const notPublic: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Cloud providers answer here with credentials.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
/** Inside of what IPv6 has given out: tunnels, which lead to IPv4 addresses of any kind, and examples. */
const notPublic6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const listOf = (ranges: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6') => {
  const list = new BlockList();
  for (const [start, bits] of ranges) list.addSubnet(start, bits, family);
  return list;
};
const refused = listOf(notPublic, 'ipv4');
const refused6 = listOf(notPublic6, 'ipv6');
/** All that is given out; mapped, translated, local and multicast addresses are outside of it. */
const given6 = listOf([['2000::', 3]], 'ipv6');

/** Whether an address is of the public Internet: only there may a merchant have us connect to. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused.check(address, 'ipv4');
    case 6:
      return given6.check(address, 'ipv6') && !refused6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** Why an address may not be an endpoint as it is written; undefined when it may, as far as that can be told. */
export function urlProblem(
  text: string,
  allowedOrigins: readonly string[],
): 'invalid' | 'https' | 'port' | 'private' | undefined {
  if (!URL.canParse(text)) return 'invalid';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hash !== '') return 'invalid';
  if (allowedOrigins.includes(url.origin)) return undefined;
  if (url.protocol !== 'https:') return 'https';
  if (url.port !== '') return 'port';
  const host = hostOf(url);
  if (isIP(host) !== 0) return isPublicAddress(host) ? undefined : 'private';
  return /^localhost$|\.(?:localhost|local|internal|home\.arpa)\.?$/i.test(host) ||
    !host.includes('.')
    ? 'private'
    : undefined;
}

/** Without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
