import { Temporal } from 'temporal-polyfill';

/** The shop's clock: real time plus what the control API has advanced it by. */
export class Clock {
  /** Milliseconds ahead of the machine's clock. */
  offset: number;
  constructor(offset = 0) {
    this.offset = offset;
  }
  now(): number {
    return Date.now() + this.offset;
  }
  iso(at: number = this.now()): string {
    return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
  }
}

const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d|w)$/;
const UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Reads "90m", "48h", "30d" as milliseconds. */
export function durationMs(text: string): number {
  const match = DURATION.exec(text.trim());
  const unit = match ? UNIT[match[2] ?? ''] : undefined;
  if (!match || unit === undefined)
    throw new RangeError(`"${text}" is not a duration such as 90m, 48h or 30d`);
  return Number(match[1]) * unit;
}

/** A moment as Shopify's webhooks write it: local time of the shop with its offset, without milliseconds. */
export function inShopTime(iso: string, timeZone: string): string {
  return Temporal.Instant.from(iso)
    .toZonedDateTimeISO(timeZone)
    .toString({ smallestUnit: 'second', timeZoneName: 'never' });
}
