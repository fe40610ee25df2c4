import { readTypedAmount } from '../../i18n/typed-amount.ts';
import { readTypedDecimal, readTypedWhole } from '../../i18n/typed-number.ts';
import type { Language } from '../../i18n/languages.ts';
import type { CampaignForm } from './campaign-form.ts';

/** Whether shoppers see a campaign before it acts: a discount is among the rewards, points after an event are not announced. */
export const isAnnounced = ({ kind }: CampaignForm): boolean => kind !== 'lifecycle';

/** The form's campaign as the widget would receive it, alone; what cannot be read yet is left out. */
export function campaignSample(
  form: CampaignForm,
  { language, currency }: { language: Language; currency: string },
): { campaigns: object[]; rewards?: object[] } {
  const name = { en: form.name, es: form.nameEs, fr: form.nameFr }[language].trim() || form.name;
  const money = (typed: string) => {
    const amount = readTypedAmount(typed, currency);
    return amount === undefined || amount === '' ? undefined : { amount, currency };
  };
  const minSpend = money(form.minSpend);
  // The shop's clock, read as the browser's: an hour more or less is no matter on a card that shows the day.
  const ends = new Date(form.endLocal);
  const endsAt = Number.isNaN(ends.getTime()) ? undefined : ends.toISOString();
  if (form.kind === 'discount')
    return { campaigns: [], rewards: [offerOf(form, name, endsAt, money)] };
  const goal = form.kind === 'goal' ? money(form.goalAmount) : undefined;
  const points = readTypedWhole(form.points) ?? 0;
  return {
    campaigns: isAnnounced(form)
      ? [
          {
            id: 'draft',
            type: form.kind === 'multiplier' ? 'double_points' : 'goal_spend',
            name,
            ...(form.kind === 'multiplier'
              ? { multiplier: readTypedDecimal(form.multiplier, 2) ?? '1' }
              : { points }),
            ...(endsAt !== undefined && { ends_at: endsAt }),
            ...(minSpend && { min_spend: minSpend }),
            ...(goal && { goal, progress: { spent: { amount: '0', currency }, percent: 0 } }),
          },
        ]
      : [],
  };
}

function offerOf(
  form: CampaignForm,
  name: string,
  endsAt: string | undefined,
  money: (typed: string) => object | undefined,
): object {
  const isPercent = form.discount === 'percent_off';
  const percent = isPercent ? readTypedDecimal(form.discountValue, 2) : undefined;
  const value = percent ? { percent } : isPercent ? undefined : money(form.discountValue);
  const days = readTypedWhole(form.expiryDays);
  const minSpend = money(form.minSpend);
  return {
    id: 'draft',
    kind: form.discount,
    title: name,
    points_cost: 0,
    ...(value && { value }),
    ...(minSpend && { min_purchase: minSpend }),
    ...(days && { expires_after_days: days }),
    ...(endsAt !== undefined && { ends_at: endsAt }),
    eligible: true,
    offer: true,
  };
}
