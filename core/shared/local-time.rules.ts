/**
 * Wall clocks. A merchant says when a campaign begins as the clock in the shop shows it; what is stored is the instant.
 */

const LOCAL = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)$/;
const MINUTE = 60_000;
const DAY = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** The clock of a time zone at an instant: `2026-03-29T02:30`. */
export function localOf(instant: Date, timeZone: string): string {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const { year = '', month = '', day = '', hour = '', minute = '' } = parts;
  return `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}`;
}

/** The same digits read as UTC, or undefined where they name no minute: February has no 30th. */
function asUtc(local: string): number | undefined {
  const match = LOCAL.exec(local);
  if (!match) return undefined;
  const time = Date.parse(`${local}:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 16) !== local
    ? undefined
    : time;
}

/**
 * The instant at which a time zone's clock shows that minute. Where clocks are put back it shows it twice, and the first
 * counts; where they are put forward it never does, and what counts is as much later as the clocks jump (02:30 of a
 * night that goes from 02:00 to 03:00 is 03:30), as calendars have it.
 * @param local `YYYY-MM-DDTHH:MM` @returns undefined when that is no minute of any calendar
 */
export function instantOf(local: string, timeZone: string): Date | undefined {
  const wall = asUtc(local);
  if (wall === undefined) return undefined;
  const offsetAt = (time: number) =>
    (asUtc(localOf(new Date(time), timeZone)) ?? time) - Math.floor(time / MINUTE) * MINUTE;
  // No zone is further than a day from UTC and none changes twice within two: these are the offsets before and after.
  const before = offsetAt(wall - DAY);
  const after = offsetAt(wall + DAY);
  const candidates = [wall - before, wall - after].filter(
    (time) => localOf(new Date(time), timeZone) === local,
  );
  return new Date(candidates.length > 0 ? Math.min(...candidates) : wall - before);
}
