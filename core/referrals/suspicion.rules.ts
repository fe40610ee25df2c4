import type { OrderRisk, ReferralSignal, TraceKind } from '#vocabulary/referrals.ts';

/**
 * How likely a referral is someone rewarding themselves. Signals are independent witnesses: each has a weight w, the
 * chance that it alone means abuse, and the score is 1 − Π(1 − w), so that weak ones add up and none counts twice.
 * Weights are whole hundredths and the product is exact.
 */

/** In hundredths. A household shares a network and an address, which therefore weigh little alone. */
export const SIGNAL_WEIGHTS: Readonly<Record<ReferralSignal, number>> = {
  same_email: 100,
  similar_email: 60,
  disposable_email: 45,
  same_phone: 70,
  same_address: 20,
  same_device: 65,
  same_network: 12,
  shared_device: 60,
  shared_network: 15,
  shared_address: 45,
  shared_phone: 60,
  // Two people of one name write their addresses alike, so it takes a second witness.
  shared_mailbox: 35,
  many_claims: 40,
  several_claims: 10,
  too_fast: 20,
  order_risk_medium: 20,
  order_risk_high: 60,
  unusual_order: 15,
};

/** How many people something is shared by, or how soon something happens, before it is a signal. */
export const SUSPICION_LIMITS = {
  /** Other friends of the same advocate with the same trace. A campus shares a network, a family a home. */
  sharedNetwork: 3,
  sharedAddress: 2,
  sharedDevice: 1,
  sharedPhone: 1,
  sharedMailbox: 1,
  /** Claims of one advocate's link in a day. */
  claimsADay: 10,
  /** The same, more than most have: weak, as people tell their friends at one party. */
  severalClaimsADay: 3,
  /** Seconds between following the link and having an account. */
  fastSeconds: 20,
  /** Parts of the shop's average order: the cheapest thing that completes a referral. */
  smallOrderDivisor: 10n,
} as const;

/** What two people have in common, and how many others share it with the friend. */
export interface Observed {
  /** Kinds of traces that the friend and the advocate have in common. */
  readonly inCommon: ReadonlySet<TraceKind>;
  /** Other friends of the same advocate who have a trace in common with this one, by kind. */
  readonly others: Readonly<Partial<Record<TraceKind, number>>>;
  readonly isEmailDisposable: boolean;
  /** Claims of the advocate's link in the day before this one, without it. */
  readonly claimsThatDay: number;
  /** From following the link to having an account; null: not known. */
  readonly secondsToAccount: number | null;
  /** As Shopify rates the order; null: not rated, or no order. */
  readonly orderRisk: OrderRisk | null;
  /** The order's goods and the shop's average order, ten-thousandths; null: no order, or too few to compare. */
  readonly order: { readonly net: bigint; readonly average: bigint } | null;
}

export interface Suspicion {
  /** 0 to 100, rounded down. */
  readonly score: number;
  /** Heaviest first. */
  readonly signals: readonly ReferralSignal[];
}

export function suspicionOf(observed: Observed): Suspicion {
  const signals = heaviestFirst(signalsOf(observed));
  return { score: scoreOf(signals), signals };
}

export const heaviestFirst = (signals: readonly ReferralSignal[]): ReferralSignal[] =>
  [...signals].sort((a, b) => SIGNAL_WEIGHTS[b] - SIGNAL_WEIGHTS[a] || a.localeCompare(b));

/** 1 − Π(1 − w), in whole hundredths rounded down. */
export function scoreOf(signals: readonly ReferralSignal[]): number {
  let innocent = 1n;
  let scale = 1n;
  for (const signal of signals) {
    innocent *= 100n - BigInt(SIGNAL_WEIGHTS[signal]);
    scale *= 100n;
  }
  return Number((100n * (scale - innocent)) / scale);
}

function signalsOf(observed: Observed): ReferralSignal[] {
  const { inCommon, others, order, claimsThatDay } = observed;
  const atLeast = (kind: TraceKind, limit: number) => (others[kind] ?? 0) >= limit;
  const found: readonly (readonly [ReferralSignal, boolean])[] = [
    ['same_email', inCommon.has('email')],
    ['similar_email', inCommon.has('mailbox') && !inCommon.has('email')],
    ['disposable_email', observed.isEmailDisposable],
    ['same_phone', inCommon.has('phone')],
    ['same_address', inCommon.has('address')],
    ['same_device', inCommon.has('device')],
    ['same_network', inCommon.has('network')],
    ['shared_device', atLeast('device', SUSPICION_LIMITS.sharedDevice)],
    ['shared_network', atLeast('network', SUSPICION_LIMITS.sharedNetwork)],
    ['shared_address', atLeast('address', SUSPICION_LIMITS.sharedAddress)],
    ['shared_phone', atLeast('phone', SUSPICION_LIMITS.sharedPhone)],
    ['shared_mailbox', atLeast('mailbox', SUSPICION_LIMITS.sharedMailbox)],
    ['many_claims', claimsThatDay >= SUSPICION_LIMITS.claimsADay],
    [
      'several_claims',
      claimsThatDay >= SUSPICION_LIMITS.severalClaimsADay &&
        claimsThatDay < SUSPICION_LIMITS.claimsADay,
    ],
    [
      'too_fast',
      observed.secondsToAccount !== null &&
        observed.secondsToAccount < SUSPICION_LIMITS.fastSeconds,
    ],
    ['order_risk_medium', observed.orderRisk === 'medium'],
    ['order_risk_high', observed.orderRisk === 'high'],
    [
      'unusual_order',
      order !== null && order.net * SUSPICION_LIMITS.smallOrderDivisor < order.average,
    ],
  ];
  return found.flatMap(([signal, isFound]) => (isFound ? [signal] : []));
}
