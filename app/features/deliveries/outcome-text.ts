import { useTranslation } from 'react-i18next';
import type { Delivery } from '#proto/admin/v1/admin.ts';
import { OutcomeReason } from '#proto/common/v1/common.ts';
import { useFormat } from '../../dashboard/shop.ts';
import type { Catalog } from '../../i18n/config.ts';
import type en from '../../i18n/locales/en/dashboard.json';
import type es from '../../i18n/locales/es/dashboard.json';
import type fr from '../../i18n/locales/fr/dashboard.json';

type Catalogs = [typeof en, typeof es, typeof fr];
/** Those with words in each of the languages. */
type Worded = keyof Catalogs[number]['deliveries']['reasons'];
type ErrorWord = keyof Catalog['errors'];

/** A full record: a reason without words in one of the languages does not compile. */
const words: Readonly<
  Record<Exclude<OutcomeReason, 'OUTCOME_REASON_UNSPECIFIED' | 'UNRECOGNIZED'>, Worded>
> = {
  [OutcomeReason.NO_CUSTOMER]: 'no_customer',
  [OutcomeReason.NO_ACCOUNT]: 'no_account',
  [OutcomeReason.EXCLUDED_CUSTOMER]: 'excluded_customer',
  [OutcomeReason.EXCLUDED_COMPANY]: 'excluded_company',
  [OutcomeReason.NOT_PAID]: 'not_paid',
  [OutcomeReason.HISTORICAL]: 'historical',
  [OutcomeReason.PROGRAM_INACTIVE]: 'program_inactive',
  [OutcomeReason.CANCELLED]: 'cancelled',
  [OutcomeReason.NO_POINTS]: 'no_points',
  [OutcomeReason.NOTHING_NEW]: 'nothing_new',
  [OutcomeReason.TEST_ORDER]: 'test_order',
  [OutcomeReason.PURCHASES_OFF]: 'purchases_off',
  [OutcomeReason.ORDER_REFUNDED]: 'order_refunded',
  [OutcomeReason.POINTS_PENDING]: 'points_pending',
  [OutcomeReason.FOREIGN_CURRENCY]: 'foreign_currency',
  [OutcomeReason.TOO_LARGE]: 'too_large',
  [OutcomeReason.ORDER_UNKNOWN]: 'order_unknown',
  [OutcomeReason.REDACTED_CUSTOMER]: 'redacted_customer',
  [OutcomeReason.STALE]: 'stale',
  [OutcomeReason.KEPT_UNTIL_REDACTION]: 'kept_until_redaction',
  [OutcomeReason.CUSTOMERS_MERGED]: 'customers_merged',
  [OutcomeReason.MERGE_NOT_COMPLETED]: 'merge_not_completed',
  [OutcomeReason.UNKNOWN_SHOP]: 'unknown_shop',
  [OutcomeReason.UNINSTALLED]: 'uninstalled',
  [OutcomeReason.INSTALLED_AGAIN_SINCE]: 'installed_again_since',
  [OutcomeReason.SCOPES_UPDATED]: 'scopes_updated',
  [OutcomeReason.PROFILE_UPDATED]: 'profile_updated',
  [OutcomeReason.SHOP_ERASED]: 'shop_erased',
  [OutcomeReason.STILL_INSTALLED]: 'still_installed',
  [OutcomeReason.ERASURE_IN_48_HOURS]: 'erasure_in_48_hours',
  [OutcomeReason.ORDER_FETCH_ENQUEUED]: 'order_fetch_enqueued',
  [OutcomeReason.SYNC_ENQUEUED]: 'sync_enqueued',
  [OutcomeReason.REQUEST_ENQUEUED]: 'request_enqueued',
  [OutcomeReason.ALREADY_DONE]: 'already_done',
  [OutcomeReason.UNKNOWN_TOPIC]: 'unknown_topic',
  [OutcomeReason.NOT_USED]: 'not_used',
};

/** A delivery's outcome in the reader's language: its problem, the points it moved, or why it moved none. */
export function useOutcomeText(): (
  delivery: Pick<Delivery, 'reason' | 'problem' | 'points'>,
) => string {
  const { t, i18n } = useTranslation();
  const { points: pointsText, signed, words: unit } = useFormat();
  return ({ reason, problem, points }) => {
    if (problem !== undefined && problem.code !== '') {
      const path = `errors.${problem.code}`;
      // What is wrong with a message from Shopify is for people who look into it: core's own words say it best.
      if (problem.code === 'invalid_input') return problem.message;
      if (problem.code === 'internal') return t('deliveries.reasons.internal');
      return i18n.exists(path) ? t(path as `errors.${ErrorWord}`) : problem.code;
    }
    if (points !== 0)
      return points < 0 ? `${signed(points)} ${unit.other}` : `+${pointsText(points)}`;
    if (reason === OutcomeReason.UNSPECIFIED || reason === OutcomeReason.UNRECOGNIZED) return '';
    return t(`deliveries.reasons.${words[reason]}`);
  };
}
