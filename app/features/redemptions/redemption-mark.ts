/**
 * What Shopify keeps with a code or a card, so that a database that was restored to an earlier time can be told of it: of
 * which redemption and reward it is, and what it cost. Holds our own ids.
 */
export interface RedemptionMark {
  readonly redemptionId: string;
  /** Empty: of no reward that is kept. */
  readonly rewardId: string;
  /** 0 for a gift. */
  readonly points: number;
}

interface Marked {
  readonly redemptionId: string;
  readonly points: number;
  readonly terms: { readonly rewardId: string };
}

/** By which a merchant and a search find our discounts. */
export const ourTag = 'LoyalNest';
const uuid = '[0-9a-f-]{36}';

export const tagsOf = ({ redemptionId, points, terms }: Marked): string[] => [
  ourTag,
  `redemption:${redemptionId}`,
  `points:${points}`,
  ...(terms.rewardId === '' ? [] : [`reward:${terms.rewardId}`]),
];

/** @returns undefined for a discount that is not ours, or whose tags the merchant changed */
export function markOfTags(tags: readonly string[]): RedemptionMark | undefined {
  const valueOf = (name: string) =>
    tags.find((tag) => tag.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1) ?? '';
  return markFrom(valueOf('redemption'), valueOf('reward'), valueOf('points'));
}

export const noteOf = ({ redemptionId, points, terms }: Marked): string =>
  `LoyalNest redemption ${redemptionId}, ${points} points, reward ${terms.rewardId || 'none'}`;

const ourNote = new RegExp(
  `^LoyalNest redemption (${uuid}), (\\d+) points, reward (${uuid}|none)$`,
);

export function markOfNote(note: string): RedemptionMark | undefined {
  const [, redemptionId = '', points = '', reward = ''] = ourNote.exec(note) ?? [];
  return markFrom(redemptionId, reward === 'none' ? '' : reward, points);
}

function markFrom(redemptionId: string, rewardId: string, points: string) {
  const isOurs = new RegExp(`^${uuid}$`).test(redemptionId) && /^\d{1,13}$/.test(points);
  return isOurs ? { redemptionId, rewardId, points: Number(points) } : undefined;
}
