import { Temporal } from 'temporal-polyfill';

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** A day on the shop's calendar. */
export interface ShopDay {
  readonly index: number;
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 1 is Monday, 7 is Sunday. */
  readonly weekday: number;
  /** When it begins, in milliseconds. */
  readonly startsAt: number;
}

/** The days of a shop's clock, worked out once: asking the time zone for each of thousands of moments is slow. */
export class ShopCalendar {
  readonly timeZone: string;
  readonly days: readonly ShopDay[];
  readonly #yearStarts = new Map<number, number>();

  /** @param first the earliest moment that will be asked for @param last the latest one */
  constructor(timeZone: string, first: number, last: number) {
    this.timeZone = timeZone;
    const from = dateAt(first, timeZone);
    const count = from.until(dateAt(last, timeZone)).days + 2;
    this.days = Array.from({ length: count }, (_, index) => {
      const date = from.add({ days: index });
      return {
        index,
        year: date.year,
        month: date.month,
        day: date.day,
        weekday: date.dayOfWeek,
        startsAt: date.toZonedDateTime(timeZone).epochMilliseconds,
      };
    });
  }

  dayOf(at: number): ShopDay {
    let low = 0;
    let high = this.days.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#day(middle).startsAt <= at) low = middle;
      else high = middle - 1;
    }
    return this.#day(low);
  }

  /** A number of seconds into a day; on a day of 23 hours the last of them are of the next. */
  at(index: number, seconds: number): number {
    return this.#day(index).startsAt + seconds * SECOND;
  }

  /** The last millisecond of the day that is so many days later, as the ledger's shop_day_end() has it. */
  dayEnd(at: number, days: number): number {
    return this.#day(this.dayOf(at).index + days + 1).startsAt - 1;
  }

  /** When a year begins in the shop. */
  yearStart(year: number): number {
    const known = this.#yearStarts.get(year);
    if (known !== undefined) return known;
    const start = Temporal.PlainDate.from({ year, month: 1, day: 1 }).toZonedDateTime(
      this.timeZone,
    ).epochMilliseconds;
    this.#yearStarts.set(year, start);
    return start;
  }

  #day(index: number): ShopDay {
    const day = this.days[index];
    if (day === undefined) throw new RangeError(`the calendar has no day ${index}`);
    return day;
  }
}

const dateAt = (at: number, timeZone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
