import type { JobData } from '../../jobs/catalogue.ts';
import type { JobServices } from '../../jobs/services.ts';
import { shopClock } from '../../jobs/shop-day.ts';
import { log } from '../../log.server.ts';

/** Gifts are there when the shop's morning begins. */
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

export function shopTime(now: Date, timeZone: string): { day: string; hour: number } {
  const clock = shopClock(now.getTime(), timeZone);
  return { day: clock.toPlainDate().toString(), hour: clock.hour };
}
