import { Temporal } from 'temporal-polyfill';

/**
 * Local times. A merchant enters the start of a campaign in the shop's local time; what is stored is the instant.
 */

/** To the minute, and nothing of what else a calendar's text may say: a zone, seconds, another calendar. */
const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;

/** The clock of a time zone at an instant: `2026-03-29T02:30`. */
export function localOf(instant: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' });
}

/** The minute that a clock shows, or undefined where the text is invalid: February has no 30th. */
function wallClock(local: string): Temporal.PlainDateTime | undefined {
  if (!LOCAL.test(local)) return undefined;
  try {
    return Temporal.PlainDateTime.from(local);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * The instant at which a time zone's clock shows that minute. Where clocks are put back it shows it twice, and the first
 * counts; where they are put forward it never does, and what counts is as much later as the clocks jump (02:30 of a
 * night that goes from 02:00 to 03:00 is 03:30): what Temporal, like the calendars before it, calls compatible.
 * @param local `YYYY-MM-DDTHH:MM` @returns undefined when that is no minute of any calendar
 */
export function instantOf(local: string, timeZone: string): Date | undefined {
  const zoned = wallClock(local)?.toZonedDateTime(timeZone, { disambiguation: 'compatible' });
  return zoned && new Date(zoned.epochMilliseconds);
}
