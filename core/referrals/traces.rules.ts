import type { TraceKind } from '#vocabulary/referrals.ts';

/** What is compared of two people, in one spelling each, before it is hashed. Nothing here is ever stored as it is. */

/** As a message or an order tells it; empty: unknown. */
export interface Told {
  readonly email: string;
  readonly phone: string;
  readonly address: PostalAddress | undefined;
  /** The browser's own random id. */
  readonly device: string;
  /** The address that the request came from. */
  readonly ip: string;
}

export interface PostalAddress {
  readonly line1: string;
  readonly line2: string;
  readonly zip: string;
  /** ISO 3166 alpha-2. */
  readonly country: string;
}

/** Mailboxes that ignore dots in the name, and all that go with the same inbox. */
const dotless: ReadonlySet<string> = new Set(['gmail.com', 'googlemail.com']);
const sameDomain: Readonly<Record<string, string>> = { 'googlemail.com': 'gmail.com' };
const phoneDigits = 9;

/** @returns a spelling by kind; kinds of which nothing is known are absent */
export function tracesOf(told: Partial<Told>): Map<TraceKind, string> {
  const traces = new Map<TraceKind, string>();
  const put = (kind: TraceKind, value: string | undefined) => {
    if (value !== undefined && value !== '') traces.set(kind, value);
  };
  put('email', inboxOf(told.email ?? ''));
  put('mailbox', skeletonOf(told.email ?? ''));
  put('phone', phoneOf(told.phone ?? ''));
  put('address', told.address && homeOf(told.address));
  put('device', told.device);
  put('network', networkOf(told.ip ?? ''));
  return traces;
}

/** The inbox that an address leads to: without a `+tag`, and without dots where they mean nothing. */
export function inboxOf(email: string): string | undefined {
  const { name, domain } = partsOf(email) ?? {};
  if (name === undefined || domain === undefined) return undefined;
  const plain = name.replace(/\+.*$/, '');
  return `${dotless.has(domain) ? plain.replaceAll('.', '') : plain}@${sameDomain[domain] ?? domain}`;
}

/**
 * What numbered and dotted variants of an address have in common: `ann.lee+3@x.test`, `annlee22@x.test`. Names that are
 * too short once their digits are gone say nothing.
 */
export function skeletonOf(email: string): string | undefined {
  const inbox = inboxOf(email);
  if (inbox === undefined) return undefined;
  const [name = '', domain = ''] = inbox.split('@');
  const letters = name.replace(/[\d._-]/g, '');
  return letters.length >= 5 ? `${letters}@${domain}` : undefined;
}

/** The last digits: the same number is written with and without its country code. */
export function phoneOf(phone: string): string | undefined {
  const digits = phone.replace(/\D/g, '');
  return digits.length < phoneDigits - 2 ? undefined : digits.slice(-phoneDigits);
}

/** A home: street, number and flat in any spelling, with its postal code. Without a postal code it is no home. */
export function homeOf({ line1, line2, zip, country }: PostalAddress): string | undefined {
  const plain = (text: string) =>
    text
      .normalize('NFKD')
      .replace(/\p{Mn}/gu, '')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== '')
      .map((word) => streetWords[word] ?? word)
      .sort()
      .join(' ');
  const street = plain(`${line1} ${line2}`);
  const code = zip.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
  return street === '' || code === '' ? undefined : `${country.toLowerCase()}/${code}/${street}`;
}

/** The part of an address that one household or office shares: /24 of IPv4, /56 of IPv6. The caller checks that it is one. */
export function networkOf(ip: string): string | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1] ?? ip;
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(mapped)) return mapped.replace(/\.\d+$/, '.0/24');
  if (!/^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(mapped)) return undefined;
  const groups = expanded(mapped);
  return `${groups.slice(0, 3).join(':')}:${(groups[3] ?? '').slice(0, 2)}00::/56`;
}

function expanded(ip: string): string[] {
  const [head = '', tail] = ip.toLowerCase().split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(missing).fill('0'), ...right].map((group) =>
    group.padStart(4, '0'),
  );
}

function partsOf(email: string): { name: string; domain: string } | undefined {
  const text = email.trim().toLowerCase();
  const at = text.lastIndexOf('@');
  if (at < 1 || at === text.length - 1) return undefined;
  return { name: text.slice(0, at), domain: text.slice(at + 1) };
}

/** One spelling of the commonest words of an address in our languages. */
const streetWords: Readonly<Record<string, string>> = {
  street: 'st',
  avenue: 'ave',
  road: 'rd',
  boulevard: 'blvd',
  drive: 'dr',
  lane: 'ln',
  apartment: 'apt',
  suite: 'ste',
  calle: 'c',
  avenida: 'av',
  rue: 'r',
};
