import { Temporal } from 'temporal-polyfill';
import { log } from '../../log.server.ts';
import type { JobData } from '../catalogue.ts';
import { forEachShop } from '../fan-out.ts';
import type { JobServices } from '../services.server.ts';

/** Gifts are there when the shop's morning begins. */
const morningHour = 5;

/**
 * Asked every hour, so that each shop has its birthdays in its own morning. The shop's day is part of the id: one job
 * a shop and day.
 */
export function awardBirthdaysEverywhere(services: JobServices): Promise<void> {
  const now = new Date(services.now());
  return forEachShop('award-birthdays-everywhere', services, ({ merchantId, timezone }) => {
    const { day, hour } = shopTime(now, timezone);
    if (hour < morningHour) return undefined;
    return {
      name: 'award-birthdays',
      data: { merchantId },
      options: { jobId: `birthdays-${day}-${merchantId}` },
    };
  });
}

export async function awardBirthdays(
  { merchantId }: JobData<'award-birthdays'>,
  services: JobServices,
): Promise<void> {
  const { members, points } = await services.core(merchantId).points.awardBirthdays({});
  if (members > 0) log().info({ merchantId, members, points }, 'Birthdays were given their points');
}

/** @throws RangeError where the time zone is not known: such a shop has no morning. */
export function shopTime(now: Date, timeZone: string): { day: string; hour: number } {
  const clock = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(
    timeZone === '' ? 'UTC' : timeZone,
  );
  return { day: clock.toPlainDate().toString(), hour: clock.hour };
}
