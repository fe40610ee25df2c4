import type en from '../../i18n/locales/en/dashboard.json';
import type { ActionName } from '#vocabulary/earning.ts';
import type { EntryType } from '#vocabulary/ledger.ts';

export type LineLabel = keyof typeof en.customer.lines;

const ofType: Readonly<Record<EntryType, LineLabel>> = {
  earn: 'earn',
  redeem: 'redeem',
  expire: 'expire',
  adjust: 'adjust',
  import: 'import',
  referral: 'referral',
  campaign: 'campaign',
  reversal: 'reversal',
  writeoff: 'writeoff',
};
const ofAction: Readonly<Record<`earn/${ActionName}`, LineLabel>> = {
  'earn/newsletter': 'earn_newsletter',
  'earn/review': 'earn_review',
  'earn/birthday': 'earn_birthday',
  'earn/social_follow': 'earn_social_follow',
  'earn/social_share': 'earn_social_share',
  'earn/goal_spend': 'earn_goal_spend',
};
const labels: Readonly<Record<string, LineLabel>> = {
  ...ofType,
  ...ofAction,
  'earn/order': 'earn_order',
  'earn/signup': 'earn_signup',
  'earn/tier': 'earn_tier',
  'adjust/merge': 'adjust_merge',
  'reversal/order': 'reversal_order',
  'reversal/undo': 'reversal_manual',
};

/** The words for a line of the explained balance. */
export function lineLabel(line: { type: string; source: string }): LineLabel {
  return labels[`${line.type}/${line.source}`] ?? labels[line.type] ?? 'other';
}
