import { z } from 'zod';
import { PUBLIC_EVENTS, type PublicEvent } from '#vocabulary/public-events.ts';

/** The handle of each trigger, as its extension has it. */
const FLOW_TRIGGERS: Readonly<Record<PublicEvent, string>> = {
  'points.earned': 'points-earned',
  'points.redeemed': 'points-redeemed',
  'points.expiring': 'points-expiring',
  'points.expired': 'points-expired',
  'points.adjusted': 'points-adjusted',
  'balance.negative': 'balance-negative',
  'reward.redeemed': 'reward-redeemed',
  'tier.changed': 'tier-changed',
  'segment.changed': 'segment-changed',
  'referral.completed': 'referral-completed',
};

const named = z.object({ name: z.string() }).nullable();
const sent = z.object({
  type: z.enum(PUBLIC_EVENTS),
  data: z.looseObject({
    customer: z.object({ shopify_id: z.string().nullable() }),
    points: z.number().default(0),
    balance: z.number().default(0),
    reason: z.string().default(''),
    expires_at: z.string().default(''),
    reward: named.optional(),
    from: z.union([z.array(z.string()), named]).optional(),
    to: z.union([z.array(z.string()), named]).optional(),
    friend_points: z.number().default(0),
  }),
});
type Data = z.output<typeof sent>['data'];

/** By the keys of the triggers' fields: letters and spaces, as Flow wants them. */
const fields: Readonly<Record<PublicEvent, (data: Data) => Readonly<Record<string, unknown>>>> = {
  'points.earned': points,
  'points.redeemed': points,
  'points.expiring': ({ points, expires_at }) => ({
    Points: points,
    'Expires at': expires_at,
  }),
  'points.expired': points,
  'points.adjusted': points,
  'balance.negative': points,
  'reward.redeemed': ({ points, reward }) => ({
    Points: points,
    'Reward name': reward?.name ?? '',
  }),
  'tier.changed': ({ from, to }) => ({ 'From tier': wordOf(from), 'To tier': wordOf(to) }),
  'segment.changed': ({ from, to }) => ({
    'From segments': wordOf(from),
    'To segments': wordOf(to),
  }),
  'referral.completed': ({ points, friend_points }) => ({
    Points: points,
    'Friend points': friend_points,
  }),
};

function points({ points, balance, reason }: Data) {
  return { Points: points, Balance: balance, Reason: reason };
}

const wordOf = (value: Data['from']): string =>
  Array.isArray(value) ? value.join(', ') : (value?.name ?? '');

/** What Flow is told about an event; undefined when it is about no customer that Shopify knows. */
export function flowTriggerOf(
  body: string,
): { readonly handle: string; readonly payload: Readonly<Record<string, unknown>> } | undefined {
  const parsed = sent.safeParse(JSON.parse(body));
  if (!parsed.success) return undefined;
  const { type, data } = parsed.data;
  const customer = Number(data.customer.shopify_id ?? Number.NaN);
  if (!Number.isSafeInteger(customer) || customer <= 0) return undefined;
  return {
    handle: FLOW_TRIGGERS[type],
    payload: { customer_id: customer, ...fields[type](data) },
  };
}
