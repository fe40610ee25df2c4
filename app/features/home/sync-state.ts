import type { Sync } from '#proto/admin/v1/admin.ts';

/** A shop without any has just been installed: its sync is about to be queued. */
export function isUnderWay(sync: Sync | null): boolean {
  return sync === null || sync.status === 'queued' || sync.status === 'running';
}
