import { multiplyingCampaigns, type Campaign } from './campaign-conditions.rules.ts';
import type { EarningRules } from './earning.rules.ts';
import type { MultiplierSource, Stacking } from '#vocabulary/earning.ts';

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
  /** Placed within 24 hours of becoming a member: whether it is their first is a fact of the order. */
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

export interface Factor {
  readonly source: MultiplierSource;
  /** Ten-thousandths, more than one. */
  readonly factor: bigint;
}

export interface Multiplied {
  /** Ten-thousandths, divided by `over`. */
  readonly factor: bigint;
  /** 1, or a power of ten where several multiply each other: their product is exact. */
  readonly over: bigint;
  /** Of the multipliers that count, joined with +; empty when none does. */
  readonly source: string;
  /** Every multiplier that applies, whether it counts or not. */
  readonly factors: readonly Factor[];
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
  const candidates: Factor[] = [];
  if (rules.firstPurchase.isEnabled && context.isFirstPurchase)
    candidates.push({ source: 'first_purchase_24h', factor: rules.firstPurchase.factor });
  if (rules.champions.isEnabled && context.segments.includes(champions))
    candidates.push({ source: 'rfm_champion', factor: rules.champions.factor });
  if (context.tierFactor !== null) candidates.push({ source: 'tier', factor: context.tierFactor });
  const [campaign] = campaigns;
  if (campaign !== undefined) candidates.push({ source: 'campaign', factor: campaign.multiplier });

  const factors = candidates.filter(({ factor }) => factor > ONE);
  return { ...combine(factors, rules.stacking), factors, campaigns };
}

/** What several multipliers come to. */
export function combine(
  factors: readonly Factor[],
  stacking: Stacking,
): Pick<Multiplied, 'factor' | 'over' | 'source'> {
  if (stacking === 'multiply') {
    return {
      ...shortest(
        factors.reduce((product, { factor }) => product * factor, ONE),
        ONE ** BigInt(factors.length),
      ),
      source: factors.map(({ source }) => source).join('+'),
    };
  }
  const best = factors.reduce<Factor | undefined>(
    (largest, one) => (largest === undefined || one.factor > largest.factor ? one : largest),
    undefined,
  );
  return { factor: best?.factor ?? ONE, over: 1n, source: best?.source ?? '' };
}

/** Without the zeros at the end that a product has. */
function shortest(factor: bigint, over: bigint): { factor: bigint; over: bigint } {
  return over > 1n && factor % 10n === 0n ? shortest(factor / 10n, over / 10n) : { factor, over };
}
