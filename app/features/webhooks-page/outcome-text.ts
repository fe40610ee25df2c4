import { useTranslation } from 'react-i18next';
import type { Delivery } from '#proto/admin/v1/admin.ts';
import { useFormat } from '../../dashboard/shop.ts';
import type en from '../../i18n/en.json';

type Reason = keyof typeof en.deliveries.reasons;
type ErrorCode = keyof typeof en.errors;

const POINTS = /^([+-]\d{1,15}) points?$/;

/** Why a message ended as it did, in the reader's language; a reason without words is shown as it is. */
export function useOutcomeText(): (delivery: Pick<Delivery, 'reason' | 'problem'>) => string {
  const { t, i18n } = useTranslation();
  const { points, signed, words } = useFormat();
  return ({ reason, problem }) => {
    if (problem !== undefined && problem.code !== '') {
      const path = `errors.${problem.code}`;
      // What is wrong with a message from Shopify is for people who look into it: core's own words say it best.
      if (problem.code === 'invalid_input') return problem.message;
      if (problem.code === 'internal') return t('deliveries.reasons.internal');
      return i18n.exists(path) ? t(path as `errors.${ErrorCode}`) : problem.code;
    }
    const moved = POINTS.exec(reason)?.[1];
    if (moved !== undefined)
      return Number(moved) < 0
        ? `${signed(Number(moved))} ${words.other}`
        : `+${points(Number(moved))}`;
    const path = `deliveries.reasons.${reason}`;
    return reason !== '' && i18n.exists(path) ? t(path as `deliveries.reasons.${Reason}`) : reason;
  };
}
