import { isEligible, type ActionRule, type Standing } from '../program/earning.rules.ts';
import { localOf } from '../shared/local-time.rules.ts';
import type { Program } from '../program/program.rules.ts';
import type { ActionName, ClaimStatus, NetworkName } from '#vocabulary/earning.ts';

/**
 * What an action of a member earns, given all that is known: pure, one function for each earning action.
 * A grant names the key that makes it unique; docs/earning.md says which proof each action needs.
 */

export interface Actor extends Standing {
  readonly customerId: string;
  /** How often each action has earned already. */
  readonly times: Readonly<Partial<Record<ActionName, number>>>;
  /** Keys among the grants that are there. */
  readonly keys: ReadonlySet<string>;
}

export type Claim =
  | { readonly status: 'granted'; readonly points: number; readonly key: string }
  | { readonly status: Exclude<ClaimStatus, 'granted'> }
  /** Not offered: switched off, or not for this member. */
  | { readonly status: 'off' }
  | { readonly status: 'refused'; readonly field: string; readonly message: string };

const grant = (rule: ActionRule, key: string, actor: Actor): Claim =>
  actor.keys.has(key)
    ? { status: 'already_done' }
    : { status: 'granted', points: rule.points, key };

const isOffered = (program: Program, action: ActionName, actor: Standing): boolean => {
  const rule = program.earning.actions[action];
  return program.isActive && rule.isEnabled && isEligible(rule.conditions, actor);
};

export const newsletterKey = (customerId: string): string => `newsletter/${customerId}`;
export const birthdayKey = (customerId: string, year: number): string =>
  `birthday/${customerId}/${year}`;
const followKey = (network: NetworkName, customerId: string): string =>
  `social_follow/${network}/${customerId}`;
const shareKey = (nth: number, customerId: string): string => `social_share/${nth}/${customerId}`;
const trustedReviewKey = (nth: number, customerId: string): string =>
  `review/trust/${nth}/${customerId}`;
export const reviewKey = (provider: string, reviewId: string): string =>
  `review/${provider}/${reviewId}`;
export const goalKey = (since: string, nth: bigint, customerId: string): string =>
  `goal_spend/${Date.parse(since)}/${nth}/${customerId}`;

/** Subscribed at Shopify is the proof; until Shopify says so the wish is merely noted. */
export function claimNewsletter(program: Program, actor: Actor, isSubscribed: boolean): Claim {
  if (!isOffered(program, 'newsletter', actor)) return { status: 'off' };
  const claim = grant(program.earning.actions.newsletter, newsletterKey(actor.customerId), actor);
  return claim.status === 'granted' && !isSubscribed ? { status: 'recorded' } : claim;
}

/** On the member's word, once for each network in which the shop has a page. */
export function claimFollow(program: Program, actor: Actor, network: NetworkName): Claim {
  const rule = program.earning.actions.social_follow;
  if (!isOffered(program, 'social_follow', actor) || !rule.networks[network])
    return { status: 'off' };
  return grant(rule, followKey(network, actor.customerId), actor);
}

/** On the member's word, as often as the merchant lets them. */
export function claimShare(program: Program, actor: Actor, network: NetworkName): Claim {
  const rule = program.earning.actions.social_share;
  if (!isOffered(program, 'social_share', actor) || rule.networks[network] === undefined)
    return { status: 'off' };
  const times = actor.times.social_share ?? 0;
  if (rule.limit > 0 && times >= rule.limit) return { status: 'limit_reached' };
  return grant(rule, shareKey(times + 1, actor.customerId), actor);
}

/** A provider vouches for a review by its id; without one the merchant has to allow trust. */
export function claimReview(
  program: Program,
  actor: Actor,
  review: { readonly provider: string; readonly reviewId: string } | undefined,
): Claim {
  const rule = program.earning.actions.review;
  if (!isOffered(program, 'review', actor)) return { status: 'off' };
  if (review === undefined && !rule.isOnTrust) return { status: 'off' };
  const times = actor.times.review ?? 0;
  if (review !== undefined && actor.keys.has(reviewKey(review.provider, review.reviewId)))
    return { status: 'already_done' };
  if (rule.limit > 0 && times >= rule.limit) return { status: 'limit_reached' };
  const key =
    review === undefined
      ? trustedReviewKey(times + 1, actor.customerId)
      : reviewKey(review.provider, review.reviewId);
  return grant(rule, key, actor);
}

/** A spending goal that was reached, and each further one where it repeats. */
export function claimGoals(
  program: Program,
  actor: Actor,
  /** Ten-thousandths since the rule was switched on. */
  spent: bigint,
): readonly Extract<Claim, { status: 'granted' }>[] {
  const rule = program.earning.actions.goal_spend;
  if (!isOffered(program, 'goal_spend', actor) || rule.amount <= 0n || rule.since === '') return [];
  const reached = spent < 0n ? 0n : spent / rule.amount;
  const last = rule.repeats || reached < 1n ? reached : 1n;
  const granted: Extract<Claim, { status: 'granted' }>[] = [];
  for (let nth = 1n; nth <= last && granted.length < MAX_GOALS; nth++) {
    const claim = grant(rule, goalKey(rule.since, nth, actor.customerId), actor);
    if (claim.status === 'granted') granted.push(claim);
  }
  return granted;
}

/** No single look grants more goals than this; the next look goes on. */
const MAX_GOALS = 1_000;

const MONTH_DAY = /^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const longestMonths: readonly number[] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `MM-DD` that some year has. */
export function isBirthday(text: string): boolean {
  const match = MONTH_DAY.exec(text);
  return match !== null && Number(match[2]) <= (longestMonths[Number(match[1]) - 1] ?? 0);
}

/** A birthday as it was entered, and when. */
export interface ToldBirthday {
  readonly monthDay: string;
  readonly toldAt: Date;
}

/** Entering a birthday earns nothing yet: the day itself does. Entering another one restarts the waiting period. */
export function claimBirthday(
  program: Program,
  actor: Actor,
  known: ToldBirthday | undefined,
  told: string,
): Claim {
  if (!isOffered(program, 'birthday', actor)) return { status: 'off' };
  if (!isBirthday(told))
    return { status: 'refused', field: 'birthday', message: 'must be a day of the year as MM-DD' };
  return known?.monthDay === told ? { status: 'already_done' } : { status: 'recorded' };
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const dayMs = 86_400_000;

/** A day in the shop's calendar. */
export interface Day {
  readonly year: number;
  readonly monthDay: string;
}

/**
 * Days whose birthdays are due: today and those before it, so that a missed night is caught up. Who was
 * born on 29 February has their day on the 28th in years without one.
 */
export function birthdaysDue(today: Day, daysBack: number): Day[] {
  const at = Date.parse(`${today.year}-${today.monthDay}T00:00:00Z`);
  return Array.from({ length: daysBack + 1 }, (_, back) => {
    const date = new Date(at - back * dayMs).toISOString();
    return { year: Number(date.slice(0, 4)), monthDay: date.slice(5, 10) };
  }).flatMap((day) =>
    day.monthDay === '02-28' && !isLeap(day.year)
      ? [day, { year: day.year, monthDay: '02-29' }]
      : [day],
  );
}

/**
 * The gift of a birthday that is due: once a year, for those who entered it early enough, counted in days of the
 * shop's calendar: entered on the day itself, however late, it counts as zero days before.
 */
export function awardBirthday(
  program: Program,
  actor: Actor,
  told: ToldBirthday,
  day: Day,
  timezone: string,
): Claim {
  const rule = program.earning.actions.birthday;
  if (!isOffered(program, 'birthday', actor)) return { status: 'off' };
  const monthDay = told.monthDay === '02-29' && !isLeap(day.year) ? '02-28' : told.monthDay;
  const born = Date.parse(`${day.year}-${monthDay}T00:00:00Z`);
  const toldOn = Date.parse(`${localOf(told.toldAt, timezone).slice(0, 10)}T00:00:00Z`);
  if (toldOn + rule.daysBefore * dayMs > born) return { status: 'off' };
  return grant(rule, birthdayKey(actor.customerId, day.year), actor);
}
