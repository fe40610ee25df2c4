import { multiplyingCampaigns, type Campaign } from './campaign-conditions.rules.ts';
import type { EarningRules, Stacking } from './earning.rules.ts';

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

export const multiplierSources = [
  'first_purchase_24h',
  'rfm_champion',
  'tier',
  'campaign',
] as const;
export type MultiplierSource = (typeof multiplierSources)[number];

export interface Factor {
  readonly source: MultiplierSource;
  /** Ten-thousandths, more than one. */
  readonly factor: bigint;
}

export interface Multiplied {
  /** Ten-thousandths, rounded down: what is shown where it cannot be told exactly. */
  readonly factor: bigint;
  /** Exact, as a fraction: points are rounded once, at the end. */
  readonly product: Fraction;
  /** Of the multipliers that count, joined with +; empty when none does. */
  readonly source: string;
  /** Every multiplier that applies, whether it counts or not. */
  readonly factors: readonly Factor[];
  /** Every campaign that applies, highest first, whether one counts or not. */
  readonly campaigns: readonly Campaign[];
}

/** A product of factors: `value` of `unit`. */
export interface Fraction {
  readonly value: bigint;
  readonly unit: bigint;
}

export const AS_IS: Fraction = { value: 1n, unit: 1n };

/**
 * The largest multiplier counts, unless the merchant lets them multiply each other. Of several campaigns only the
 * largest is ever a candidate. A product stays exact, so that points are rounded down once.
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
  const combined = combine(factors, rules.stacking);
  const { value, unit } = combined.product;
  return { ...combined, factor: (value * ONE) / unit, factors, campaigns };
}

/** What several multipliers come to. */
export function combine(
  factors: readonly Factor[],
  stacking: Stacking,
): Pick<Multiplied, 'product' | 'source'> {
  if (stacking === 'multiply') {
    return {
      product: factors.reduce(
        ({ value, unit }, { factor }) => ({ value: value * factor, unit: unit * ONE }),
        AS_IS,
      ),
      source: factors.map(({ source }) => source).join('+'),
    };
  }
  const best = factors.reduce<Factor | undefined>(
    (largest, one) => (largest === undefined || one.factor > largest.factor ? one : largest),
    undefined,
  );
  return best === undefined
    ? { product: AS_IS, source: '' }
    : { product: { value: best.factor, unit: ONE }, source: best.source };
}

/** The shortest decimal that says it exactly. */
export function fractionText({ value, unit }: Fraction): string {
  const places = unit.toString().length - 1;
  const digits = value.toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const rest = digits.slice(digits.length - places).replace(/0+$/, '');
  return places === 0 || rest === '' ? whole : `${whole}.${rest}`;
}

/** @returns undefined when the text is no such decimal */
export function fractionFrom(text: string): Fraction | undefined {
  const match = /^(\d{1,20})(?:\.(\d{1,40}))?$/.exec(text);
  if (!match) return undefined;
  const [, whole = '0', rest = ''] = match;
  return { value: BigInt(whole + rest), unit: 10n ** BigInt(rest.length) };
}
