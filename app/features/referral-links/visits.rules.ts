import { isbot } from 'isbot';
import { LRUCache } from 'lru-cache';
import { REFERRAL_CHANNELS, type ReferralChannel } from '#vocabulary/referrals.ts';

/** As links carry it: `?c=sms`. Links written by hand say nothing, and count as copied. */
export const channelOf = (text: string | null): ReferralChannel =>
  REFERRAL_CHANNELS.find((channel) => channel === text?.toLowerCase()) ?? 'copy';

/** A code as core knows it, or undefined for what cannot be one. */
export function codeOf(text: string | null | undefined): string | undefined {
  const code = (text ?? '').trim().toUpperCase();
  return /^[A-Z0-9]{4,20}$/.test(code) ? code : undefined;
}

/** The visit that led here, as an id of ours; anything else was written by hand and is no visit. */
export function clickIdOf(text: string | null | undefined): string {
  const isId = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(text ?? '');
  return isId ? (text ?? '') : '';
}

/** The same few thousand browsers open most links, and telling one from a program takes long. */
const programs = new LRUCache<string, boolean>({ max: 2_000 });

function isProgram(agent: string): boolean {
  const known = programs.get(agent);
  if (known !== undefined) return known;
  const found = agent === '' || isbot(agent);
  if (agent.length <= longestKept) programs.set(agent, found);
  return found;
}
const longestKept = 400;

/** Whether a person opens the link: what messengers, browsers and search engines fetch on their own is no visit. */
export function isVisit({ method, headers }: Pick<Request, 'method' | 'headers'>): boolean {
  if (method !== 'GET') return false;
  const ahead = [headers.get('purpose'), headers.get('sec-purpose'), headers.get('x-moz')];
  if (ahead.some((purpose) => /prefetch|preview|prerender/i.test(purpose ?? ''))) return false;
  return !isProgram(headers.get('user-agent') ?? '');
}
