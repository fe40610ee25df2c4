import type { Sync } from '#proto/admin/v1/admin.ts';
import type { SyncStatus } from '#vocabulary/shops.ts';

const underWay: ReadonlySet<string> = new Set<SyncStatus>(['queued', 'running']);

/** A shop without any has just been installed: its sync is about to be queued. */
export function isUnderWay(sync: Sync | null): boolean {
  return sync === null || underWay.has(sync.status);
}
