const LOOKED_BACK = 6 * 3_600_000;

/** The day that the clock of a time zone shows, `2027-03-31`; of one that is not known, that of UTC. */
export function shopDay(at: number, timeZone: string): string {
  return formatOf(timeZone).format(at);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Kept, because making one costs more than a thousand uses; a zone that is not known counts as UTC. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  } catch {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: 'UTC', dateStyle: 'short' });
  }
  formats.set(timeZone, format);
  return format;
}

/**
 * Whether a day began there within the last six hours, also where clocks skip midnight or show it twice. What a night's
 * job is for is looked at again until then: no worker may have run at midnight, or the job failed for good.
 */
export function dayJustBegan(at: number, timeZone: string): boolean {
  return shopDay(at, timeZone) !== shopDay(at - LOOKED_BACK, timeZone);
}
