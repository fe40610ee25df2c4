import { readTypedAmount } from '../../i18n/typed-amount.ts';
import { readTypedDecimal, readTypedWhole } from '../../i18n/typed-number.ts';
import { rewardTitle } from '../../explanations/reward-title.ts';
import type { Language } from '../../i18n/languages.ts';
import { pictureSource } from '../../files/pictures.ts';
import { isPercent, shapeOf, type RewardForm } from './reward-form.ts';

/** The form's reward as the widget would receive it, alone; what cannot be read yet is left out. */
export function rewardSample(
  form: RewardForm,
  { language, currency, pictures }: { language: Language; currency: string; pictures: string },
): { rewards: object[] } {
  const title = { en: form.titleEn, es: form.titleEs, fr: form.titleFr }[language] || form.titleEn;
  const description =
    { en: form.descriptionEn, es: form.descriptionEs, fr: form.descriptionFr }[language] ||
    form.descriptionEn;
  const money = (typed: string) => {
    const amount = readTypedAmount(typed, currency);
    return amount === undefined || amount === '' ? undefined : { amount, currency };
  };
  const percent = isPercent(form) ? readTypedDecimal(form.value, 2) : undefined;
  const value = percent ? { percent } : shapeOf(form).hasAmount ? money(form.value) : undefined;
  const cost = readTypedWhole(form.pointsCost) ?? 0;
  const days = readTypedWhole(form.expiresAfterDays);
  const minPurchase = money(form.minPurchase);
  const maxShipping = form.kind === 'free_shipping' ? money(form.maxShipping) : undefined;
  return {
    rewards: [
      {
        id: 'draft',
        kind: form.kind,
        title: title || rewardTitle(form.kind, value, language),
        ...(description !== '' && { description }),
        points_cost: cost,
        ...(value && { value }),
        ...(form.mode === 'incremental' &&
          shapeOf(form).mayBeIncremental && {
            steps: {
              min: readTypedWhole(form.minPoints) || cost,
              max: readTypedWhole(form.maxPoints) || cost * 100,
            },
          }),
        ...(minPurchase && { min_purchase: minPurchase }),
        ...(maxShipping && { max_shipping: maxShipping }),
        ...(days && { expires_after_days: days }),
        ...(form.iconUrl !== '' && { icon_url: pictureSource(form.iconUrl, pictures) }),
        eligible: true,
      },
    ],
  };
}
