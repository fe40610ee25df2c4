import { TIPS, type TipId } from '#vocabulary/shops.ts';

export function isTipId(id: string): id is TipId {
  return TIPS.some((known) => known === id);
}
