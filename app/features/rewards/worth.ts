import { useTranslation } from 'react-i18next';
import { useFormat } from '../../dashboard/shop.ts';
import { formatDecimal } from '../../i18n/format.ts';
import { readTypedAmount } from '../../i18n/typed-amount.ts';
import { readTypedDecimal, readTypedWhole } from '../../i18n/typed-number.ts';
import { isPercent } from './reward-form.ts';
import type { RewardForm } from './reward-form.ts';

type Worth = Pick<
  RewardForm,
  'kind' | 'discount' | 'mode' | 'value' | 'pointsCost' | 'targetTitle' | 'maxShipping'
>;

/** What a reward gives and what it costs, in words; undefined while the form says nothing sensible. */
export function useWorth(currency: string) {
  const { t } = useTranslation();
  const { money, points, language } = useFormat();
  return {
    cost: (form: Worth): string | undefined => {
      const cost = readTypedWhole(form.pointsCost);
      if (cost === undefined || cost < 1) return undefined;
      return form.mode === 'incremental'
        ? t('rewards.each', { points: points(cost) })
        : points(cost);
    },
    value: (form: Worth): string | undefined => {
      if (form.kind === 'free_shipping') {
        const most = readTypedAmount(form.maxShipping, currency);
        return most === undefined
          ? t('rewards.worth.shipping')
          : t('rewards.worth.shippingUpTo', {
              amount: money({ amount: most, currency }),
            });
      }
      if (form.kind === 'free_product')
        return form.targetTitle === ''
          ? t('rewards.worth.product')
          : t('rewards.worth.productNamed', { title: form.targetTitle });
      const value = isPercent(form)
        ? readTypedDecimal(form.value, 2)
        : readTypedAmount(form.value, currency);
      if (value === undefined || !/[1-9]/.test(value)) return undefined;
      return isPercent(form)
        ? `${formatDecimal(value, language)} %`
        : money({ amount: value, currency });
    },
  };
}
