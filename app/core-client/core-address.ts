import { isIPv4, isIPv6 } from 'node:net';

/** Core's proto services, each of which may have an address of its own. */
export const coreServices = ['points', 'referrals', 'analytics', 'admin', 'frontend'] as const;
export type CoreService = (typeof coreServices)[number];

const hostAndPort = /^(?:dns:\/\/\/)?(\[[\da-f:.]+\]|[\w.-]+):(\d{1,5})$/i;

/**
 * Where gRPC's client looks for core: a name, all of whose addresses take calls in turn (`core:50051` is
 * `dns:///core:50051`), or several IP addresses, separated by commas.
 * @returns the target in gRPC's own spelling, or undefined when the text is none of these
 */
export function coreTargetOf(text: string): string | undefined {
  const parts = text.split(',').map((part) => part.trim());
  const read = parts.map((part) => hostAndPort.exec(part));
  if (read.some((match) => match === null || Number(match[2]) > 65_535)) return undefined;
  const hosts = read.map((match) => (match?.[1] ?? '').replace(/^\[(.*)\]$/, '$1'));
  if (hosts.every((host) => isIPv4(host))) return `ipv4:${parts.map(withoutScheme).join(',')}`;
  if (hosts.every((host) => isIPv6(host))) return `ipv6:${parts.map(withoutScheme).join(',')}`;
  return parts.length === 1 ? `dns:///${withoutScheme(text.trim())}` : undefined;
}

const withoutScheme = (address: string) => address.replace(/^dns:\/\/\//, '');
