import type { Sync } from '#proto/admin/v1/admin.ts';
import type { SetAsideKind } from '#vocabulary/shops.ts';

/** Why an item of the first import was left out, as far as it helps a merchant. */
export const setAsideReasons = ['unreadable', 'shopify_refused', 'not_accepted'] as const;
export type SetAsideReason = (typeof setAsideReasons)[number];

export interface SetAsideGroup {
  readonly kind: SetAsideKind;
  readonly reason: SetAsideReason;
  readonly count: number;
  /** Shopify's ids, as far as they could be read; a few, to look them up. */
  readonly ids: readonly string[];
}

const idsShown = 5;

/** What the first import left out, by kind and reason, the most frequent first. Of many only the first are kept. */
export function groupSetAside(sync: Pick<Sync, 'setAside'>): readonly SetAsideGroup[] {
  const groups = new Map<string, SetAsideGroup>();
  for (const item of sync.setAside) {
    const kind = item.kind === 'customer' ? 'customer' : 'order';
    const reason = setAsideReasons.find((name) => name === item.code) ?? 'not_accepted';
    const { count, ids } = groups.get(`${kind} ${reason}`) ?? { count: 0, ids: [] };
    const named = item.shopifyId !== '' && ids.length < idsShown ? [...ids, item.shopifyId] : ids;
    groups.set(`${kind} ${reason}`, { kind, reason, count: count + 1, ids: named });
  }
  return [...groups.values()].sort((one, other) => other.count - one.count);
}
