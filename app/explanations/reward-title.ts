import en from '../i18n/locales/en/rewards.json' with { type: 'json' };
import es from '../i18n/locales/es/rewards.json' with { type: 'json' };
import fr from '../i18n/locales/fr/rewards.json' with { type: 'json' };
import { formatDecimal, formatMoney } from '../i18n/format.ts';
import type { Language } from '../i18n/languages.ts';
import { REWARD_KINDS, type RewardKind } from '#vocabulary/rewards.ts';

export type TitledValue =
  { readonly amount: string; readonly currency: string } | { readonly percent: string };

type Titles = Readonly<Record<RewardKind | 'custom', string>>;

/**
 * What a reward is called when the merchant gave it no name; `{value}` is its money or percentage. All languages at
 * once: a new reward is named in each of them.
 */
const titles: Readonly<Record<Language, Titles>> = { en, es, fr };

export function rewardTitle(
  kind: string,
  value: TitledValue | undefined,
  language: Language,
): string {
  const words = titles[language];
  const title = words[REWARD_KINDS.find((known) => known === kind) ?? 'custom'];
  if (!title.includes('{value}')) return title;
  return value === undefined ? words.custom : title.replace('{value}', valueText(value, language));
}

/** Money or percent, in short form. */
export function valueText(value: TitledValue, language: Language): string {
  if ('percent' in value)
    return `${formatDecimal(value.percent, language)}${language === 'en' ? '' : '\u00a0'}%`;
  const whole = /^-?\d+(\.0*)?$/.test(value.amount);
  const text = formatMoney(value, language);
  // `$5` reads better than `$5.00` on a button.
  return whole ? text.replace(/[.,]00(?!\d)/, '') : text;
}
