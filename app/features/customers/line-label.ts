import type en from '../../i18n/en.json';

export type LineLabel = keyof typeof en.customer.lines;

// Named one by one: a new kind of entry is shown as "other" until somebody finds words for it.
const labels: Readonly<Record<string, LineLabel>> = {
  'earn/order': 'earn_order',
  'earn/signup': 'earn_signup',
  'earn/tier': 'earn_tier',
  'earn/newsletter': 'earn_newsletter',
  'earn/review': 'earn_review',
  'earn/birthday': 'earn_birthday',
  'earn/social_follow': 'earn_social_follow',
  'earn/social_share': 'earn_social_share',
  'earn/goal_spend': 'earn_goal_spend',
  earn: 'earn',
  redeem: 'redeem',
  expire: 'expire',
  adjust: 'adjust',
  'adjust/merge': 'adjust_merge',
  import: 'import',
  referral: 'referral',
  campaign: 'campaign',
  'reversal/order': 'reversal_order',
  'reversal/undo': 'reversal_manual',
  reversal: 'reversal',
  writeoff: 'writeoff',
};

/** The words for a line of the explained balance. */
export function lineLabel(line: { type: string; source: string }): LineLabel {
  return labels[`${line.type}/${line.source}`] ?? labels[line.type] ?? 'other';
}
