import { multiplyingCampaigns, type Campaign } from './campaign-conditions.rules.ts';
import type { EarningRules } from './earning.rules.ts';

/** What a purchase is multiplied by: which multipliers apply to an order, and which of them count. */

/** As is. */
export const ONE = 10_000n;
const champions = 'champions';

/** What is known of the member when an order is awarded; stored with the award, and never asked for again. */
export interface EarningContext {
  readonly hasAccount: boolean;
  readonly segments: readonly string[];
  readonly tierId: string | null;
  /** Ten-thousandths; null when the tier has none. */
  readonly tierFactor: bigint | null;
  /** Their first purchase, within 24 hours of becoming a member. */
  readonly isFirstPurchase: boolean;
  /** Those of the shop; whether one applies to the order is decided here. */
  readonly campaigns: readonly Campaign[];
}

export const NO_CONTEXT: EarningContext = {
  hasAccount: true,
  segments: [],
  tierId: null,
  tierFactor: null,
  isFirstPurchase: false,
  campaigns: [],
};

export interface Purchase {
  readonly orderedAt: string;
  /** ISO 3166 alpha-2, or empty when it is not known. */
  readonly country: string;
  /** Ten-thousandths of what earns. */
  readonly base: bigint;
}

export type MultiplierSource = 'first_purchase_24h' | 'rfm_champion' | 'tier' | 'campaign';

export interface Multiplied {
  /** Ten-thousandths, divided by `over`. */
  readonly factor: bigint;
  /** 1, or a power of ten where several multiply each other: their product is exact. */
  readonly over: bigint;
  /** Of the multipliers that count, joined with +; empty when none does. */
  readonly source: string;
  /** Every campaign that applies, highest first, whether one counts or not. */
  readonly campaigns: readonly Campaign[];
}

/**
 * The largest multiplier counts, unless the merchant lets them multiply each other. Of several campaigns only the
 * largest is ever a candidate. A product keeps all of its decimals, and points are rounded down once, at the end.
 */
export function multiply(
  rules: EarningRules,
  context: EarningContext,
  purchase: Purchase,
): Multiplied {
  const campaigns = multiplyingCampaigns(context.campaigns, {
    orderedAt: purchase.orderedAt,
    country: purchase.country === '' ? null : purchase.country,
    subtotal: purchase.base,
    segments: context.segments,
    tierId: context.tierId,
  });
  const candidates: { source: MultiplierSource; factor: bigint }[] = [];
  if (rules.firstPurchase.isEnabled && context.isFirstPurchase)
    candidates.push({ source: 'first_purchase_24h', factor: rules.firstPurchase.factor });
  if (rules.champions.isEnabled && context.segments.includes(champions))
    candidates.push({ source: 'rfm_champion', factor: rules.champions.factor });
  if (context.tierFactor !== null) candidates.push({ source: 'tier', factor: context.tierFactor });
  const [campaign] = campaigns;
  if (campaign !== undefined) candidates.push({ source: 'campaign', factor: campaign.multiplier });

  const effective = candidates.filter(({ factor }) => factor > ONE);
  if (rules.stacking === 'multiply') {
    return {
      ...shortest(
        effective.reduce((product, { factor }) => product * factor, ONE),
        ONE ** BigInt(effective.length),
      ),
      source: effective.map(({ source }) => source).join('+'),
      campaigns,
    };
  }
  const best = effective.reduce<(typeof effective)[number] | undefined>(
    (largest, one) => (largest === undefined || one.factor > largest.factor ? one : largest),
    undefined,
  );
  return { factor: best?.factor ?? ONE, over: 1n, source: best?.source ?? '', campaigns };
}

/** Without the zeros at the end that a product has. */
function shortest(factor: bigint, over: bigint): { factor: bigint; over: bigint } {
  return over > 1n && factor % 10n === 0n ? shortest(factor / 10n, over / 10n) : { factor, over };
}
