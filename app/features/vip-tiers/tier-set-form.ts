import type { VipTierSet, VipTier } from '#proto/points/v1/tiers.ts';
import { amountLike } from '../../i18n/currency-size.ts';
import { LANGUAGES, type Language } from '../../i18n/languages.ts';
import { TIER_BASES, TIER_PERIODS, type TierBasis, type TierPeriod } from '#vocabulary/tiers.ts';
export type Words = Record<Language, string>;

/** The form's state of a tier: as typed. */
export interface TierForm {
  /** Stays with the tier while it is moved about; the id, or a generated key for a new one. */
  key: string;
  tierId: string;
  names: Words;
  spend: string;
  points: string;
  multiplier: string;
  entryPoints: string;
  earlyAccess: boolean;
  freeShipping: boolean;
  /** Empty: none. */
  entryRewardId: string;
  perks: Words;
}

export interface TierSetForm {
  basis: TierBasis;
  period: TierPeriod;
  graceDays: string;
  tiers: readonly TierForm[];
}

export const MAX_TIERS = 10;

const wordsOf = (words: Readonly<Record<string, string>> | undefined): Words => ({
  en: words?.['en'] ?? '',
  es: words?.['es'] ?? '',
  fr: words?.['fr'] ?? '',
});

/** 500.00 is 500, and 99.50 stays. */
const shortAmount = (amount: string): string => amount.replace(/\.00$/, '');

function tierFormOf(tier: VipTier, rewardIds: readonly string[]): TierForm {
  const { benefits } = tier;
  return {
    key: tier.tierId,
    tierId: tier.tierId,
    names: wordsOf(tier.names),
    spend: shortAmount(tier.spendThreshold),
    points: tier.pointsThreshold < 0 ? '' : String(tier.pointsThreshold),
    multiplier: benefits?.pointsMultiplier || '1',
    entryPoints: String(benefits?.entryPoints ?? 0),
    earlyAccess: benefits?.earlyAccess ?? false,
    freeShipping: benefits?.freeShipping ?? false,
    entryRewardId: rewardIds.find((id) => id === benefits?.entryRewardId) ?? '',
    perks: wordsOf(benefits?.perks),
  };
}

const isBasis = (text: string): text is TierBasis => TIER_BASES.some((basis) => basis === text);
const isPeriod = (text: string): text is TierPeriod =>
  TIER_PERIODS.some((period) => period === text);

const NOTHING: TierSetForm = { basis: 'spend', period: 'lifetime', graceDays: '30', tiers: [] };

/** @param rewardIds those that can be given; one that was deleted since is none */
export function tierSetFormOf(
  tierSet: VipTierSet | undefined,
  rewardIds: readonly string[],
): TierSetForm {
  if (tierSet === undefined) return NOTHING;
  return {
    basis: isBasis(tierSet.basis) ? tierSet.basis : 'spend',
    period: isPeriod(tierSet.period) ? tierSet.period : 'lifetime',
    graceDays: String(tierSet.graceDays),
    tiers: tierSet.tiers.map((tier) => tierFormOf(tier, rewardIds)),
  };
}

export function isSameTierSet(one: TierSetForm, other: TierSetForm): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function newTier(key: string, changes: Partial<TierForm> = {}): TierForm {
  return {
    key,
    tierId: '',
    names: wordsOf({}),
    spend: '',
    points: '',
    multiplier: '1',
    entryPoints: '0',
    earlyAccess: false,
    freeShipping: false,
    entryRewardId: '',
    perks: wordsOf({}),
    ...changes,
  };
}

/** Tiers to start from: Bronze from 0, Silver from about 100 dollars in the shop's currency, Gold from 500. */
export function suggestedTierSet(currency = 'USD'): TierSetForm {
  return {
    ...NOTHING,
    tiers: [
      newTier('new-1', { names: { en: 'Bronze', es: 'Bronce', fr: 'Bronze' }, spend: '0' }),
      newTier('new-2', {
        names: { en: 'Silver', es: 'Plata', fr: 'Argent' },
        spend: amountLike('100', currency),
        multiplier: '1.25',
      }),
      newTier('new-3', {
        names: { en: 'Gold', es: 'Oro', fr: 'Or' },
        spend: amountLike('500', currency),
        multiplier: '1.5',
        entryPoints: '100',
        earlyAccess: true,
      }),
    ],
  };
}

/** The tier set with the tier one place higher (1) or lower (-1). */
export function movedTier(form: TierSetForm, index: number, by: 1 | -1): TierSetForm {
  const tiers = [...form.tiers];
  const [tier] = tiers.splice(index, 1);
  if (tier !== undefined) tiers.splice(index + by, 0, tier);
  return { ...form, tiers };
}

/** The name of a tier's field in the form and in its messages. */
export const tierField = (key: string, field: string): string => `tier.${key}.${field}`;

export const hasWords = (words: Words): boolean =>
  LANGUAGES.some((language) => words[language].trim() !== '');
