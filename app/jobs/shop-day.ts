import { Temporal } from 'temporal-polyfill';

const LOOKED_BACK = 6 * 3_600_000;

/** The day that the clock of a time zone shows, `2027-03-31`; of one that is not known, that of UTC. */
export function shopDay(at: number, timeZone: string): string {
  return shopClock(at, timeZone).toPlainDate().toString();
}

/** What the clock of a time zone shows; of one that is not known, that of UTC. */
export function shopClock(at: number, timeZone: string): Temporal.ZonedDateTime {
  const instant = Temporal.Instant.fromEpochMilliseconds(at);
  try {
    return instant.toZonedDateTimeISO(timeZone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return instant.toZonedDateTimeISO('UTC');
  }
}

/**
 * Whether a day began there within the last six hours, also where clocks skip midnight or show it twice. What a night's
 * job is for is looked at again until then: no worker may have run at midnight, or the job failed for good.
 */
export function dayJustBegan(at: number, timeZone: string): boolean {
  return shopDay(at, timeZone) !== shopDay(at - LOOKED_BACK, timeZone);
}
