import type { ShopErasureStatus } from '#vocabulary/privacy.ts';

const hours = 3_600_000;
const days = 24 * hours;

/** Between Shopify's request and the first row that goes: time to notice a request by mistake. */
export const erasureDelayMs = 48 * hours;
/** What Shopify allows. */
export const erasureDeadlineMs = 30 * days;
/** From here on a request that was not carried out needs attention today. */
export const erasureAlarmMs = 25 * days;
/** Of one request, until it was handled. */
export const alarmEveryMs = 1 * days;

export const openStatuses: readonly ShopErasureStatus[] = ['waiting', 'stopped'];

export function dueAt(requestedAt: Date): Date {
  return new Date(requestedAt.getTime() + erasureDelayMs);
}

export function deadlineOf(requestedAt: Date): Date {
  return new Date(requestedAt.getTime() + erasureDeadlineMs);
}

export function isLate(requestedAt: Date, status: string, now: Date): boolean {
  return (
    openStatuses.some((open) => open === status) &&
    now.getTime() - requestedAt.getTime() >= erasureAlarmMs
  );
}
