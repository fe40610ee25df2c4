import { Temporal } from 'temporal-polyfill';
import type { JobData } from '../../jobs/catalog.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

/** Birthday points are awarded when the shop's morning begins. */
const morningHour = 5;

export async function awardBirthdays(
  { merchantId }: JobData<'award-birthdays'>,
  services: JobServices,
): Promise<void> {
  const { members, points } = await services.core(merchantId).points.awardBirthdays({});
  if (members > 0) log().info({ merchantId, members, points }, 'Birthdays were given their points');
}

/** The shop's day, once its morning has begun; undefined before. */
export function birthdayOf(now: number, timeZone: string): string | undefined {
  const { day, hour } = shopTime(new Date(now), timeZone);
  return hour < morningHour ? undefined : day;
}

/** @throws RangeError where the time zone is not known: such a shop has no morning. */
export function shopTime(now: Date, timeZone: string): { day: string; hour: number } {
  const clock = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(
    timeZone === '' ? 'UTC' : timeZone,
  );
  return { day: clock.toPlainDate().toString(), hour: clock.hour };
}
