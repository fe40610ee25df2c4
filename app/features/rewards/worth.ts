import { useTranslation } from 'react-i18next';
import { useFormat } from '../../dashboard/shop.ts';
import { formatDecimal } from '../../i18n/format.ts';
import { isPercent } from './reward-form.ts';
import type { RewardForm } from './reward-form.ts';

type Worth = Pick<
  RewardForm,
  'kind' | 'discount' | 'mode' | 'value' | 'pointsCost' | 'targetTitle' | 'maxShipping'
>;

const asNumber = (text: string): number | undefined => {
  const plain = text.trim().replace(',', '.');
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
};

/** What a reward gives and what it costs, in words; undefined while the form says nothing sensible. */
export function useWorth(currency: string) {
  const { t } = useTranslation();
  const { money, points, language } = useFormat();
  return {
    cost: (form: Worth): string | undefined => {
      const cost = asNumber(form.pointsCost);
      if (cost === undefined || cost < 1) return undefined;
      return form.mode === 'incremental'
        ? t('rewards.each', { points: points(cost) })
        : points(cost);
    },
    value: (form: Worth): string | undefined => {
      if (form.kind === 'free_shipping') {
        const most = asNumber(form.maxShipping);
        return most === undefined
          ? t('rewards.worth.shipping')
          : t('rewards.worth.shippingUpTo', {
              amount: money({ amount: String(most), currency }),
            });
      }
      if (form.kind === 'free_product')
        return form.targetTitle === ''
          ? t('rewards.worth.product')
          : t('rewards.worth.productNamed', { title: form.targetTitle });
      const value = asNumber(form.value);
      if (value === undefined || value <= 0) return undefined;
      return isPercent(form)
        ? `${formatDecimal(String(value), language)} %`
        : money({ amount: String(value), currency });
    },
  };
}
