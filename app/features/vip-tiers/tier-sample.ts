import { readTypedAmount } from '../../i18n/typed-amount.ts';
import { readTypedDecimal, readTypedWhole } from '../../i18n/typed-number.ts';
import { LANGUAGES, type Language } from '../../i18n/languages.ts';
import type { TierForm, TierSetForm, Words } from './tier-set-form.ts';

interface Sample {
  readonly language: Language;
  readonly currency: string;
  /** What is given for nothing on entering a tier, by its id. */
  readonly rewardTitle: (rewardId: string, language: Language) => string;
}

const wordsIn = (words: Words, language: Language): string =>
  [language, ...LANGUAGES].map((one) => words[one].trim()).find((text) => text !== '') ?? '';

/** The form's tiers as the widget would receive them, for a member on the way to the second of them. */
export function tierSample(form: TierSetForm, sample: Sample): { tier: object | null } {
  const tiers = form.tiers.map((tier) => tierOf(tier, form, sample));
  const [first, second] = tiers;
  if (first === undefined) return { tier: null };
  return {
    tier: {
      tiers,
      takes: form.basis === 'all' ? 'both' : 'either',
      current: first.id,
      next: second?.id ?? null,
      progress: second === undefined ? null : { percent: 40 },
    },
  };
}

function tierOf(
  tier: TierForm,
  { basis }: TierSetForm,
  { language, currency, rewardTitle }: Sample,
) {
  const amount = basis === 'points' ? undefined : readTypedAmount(tier.spend, currency);
  const points = basis === 'spend' ? 0 : (readTypedWhole(tier.points) ?? 0);
  const multiplier = readTypedDecimal(tier.multiplier, 4) ?? '1';
  const entryPoints = readTypedWhole(tier.entryPoints) ?? 0;
  const perks = wordsIn(tier.perks, language);
  const reward = tier.entryRewardId === '' ? '' : rewardTitle(tier.entryRewardId, language);
  return {
    id: tier.key,
    name: wordsIn(tier.names, language),
    ...(amount && { spend: { amount, currency } }),
    ...(points > 0 && { points }),
    ...(Number(multiplier) > 1 && { multiplier }),
    ...(entryPoints > 0 && { entry_points: entryPoints }),
    ...(tier.freeShipping && { free_shipping: true }),
    ...(reward !== '' && { entry_reward: reward }),
    ...(tier.earlyAccess && { early_access: true }),
    ...(perks !== '' && { perks }),
  };
}
