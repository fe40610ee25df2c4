import type { MessageChannel } from '#vocabulary/messages.ts';

/**
 * When a message may arrive. Law first (47 CFR 64.1200(c)(1) and stricter states), by the recipient's own clock; then the
 * shop's rule. Where the recipient may live in several zones, a text message must be allowed in each of them.
 */
export interface Recipient {
  readonly channel: MessageChannel;
  /** ISO 3166 alpha-2; several where only the number tells; none where nothing does. */
  readonly countries: readonly string[];
  /** Of a single country: the state or province, such as `NY`; empty when it is not known. */
  readonly region: string;
}

export interface QuietRule {
  /** Minutes after midnight; equal: the shop has no rule. */
  readonly quietFrom: number;
  readonly quietUntil: number;
  readonly shopTimeZone: string;
}

interface Hours {
  /** Minutes after midnight: from the first on, before the second. */
  readonly from: number;
  readonly until: number;
  readonly sundayFrom?: number;
}

const hour = 60;
const federal: Hours = { from: 8 * hour, until: 21 * hour };
const untilEight: Hours = { from: 8 * hour, until: 20 * hour };
/** States that are stricter than the federation. */
const byState: Readonly<Record<string, Hours>> = {
  FL: untilEight,
  OK: untilEight,
  MD: untilEight,
  MS: untilEight,
  NJ: untilEight,
  CT: { from: 9 * hour, until: 20 * hour },
  TX: { from: 9 * hour, until: 21 * hour, sundayFrom: 12 * hour },
  RI: { from: 9 * hour, until: 18 * hour },
};
/** What is allowed in every state. */
const everyState: Hours = { from: 9 * hour, until: 18 * hour, sundayFrom: 12 * hour };

const eastern = ['America/New_York'];
const central = ['America/Chicago'];
const mountain = ['America/Denver'];
const pacific = ['America/Los_Angeles'];
const both = (...zones: readonly (readonly string[])[]) => zones.flat();
/** Zones of states and provinces; states across a line have both. */
const zonesOfRegion: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  US: {
    ...Object.fromEntries(
      'CT DE DC GA ME MD MA NH NJ NY NC OH PA RI SC VT VA WV'.split(' ').map((s) => [s, eastern]),
    ),
    ...Object.fromEntries(
      'AL AR IL IA LA MN MS MO OK WI'.split(' ').map((state) => [state, central]),
    ),
    ...Object.fromEntries('CO MT NM UT WY'.split(' ').map((state) => [state, mountain])),
    ...Object.fromEntries('CA NV WA'.split(' ').map((state) => [state, pacific])),
    ...Object.fromEntries(
      'FL IN KY MI TN'.split(' ').map((state) => [state, both(eastern, central)]),
    ),
    ...Object.fromEntries(
      'KS NE ND SD TX'.split(' ').map((state) => [state, both(central, mountain)]),
    ),
    ...Object.fromEntries('ID OR'.split(' ').map((state) => [state, both(mountain, pacific)])),
    AZ: ['America/Phoenix', 'America/Denver'],
    AK: ['America/Anchorage', 'America/Adak'],
    HI: ['Pacific/Honolulu'],
    PR: ['America/Puerto_Rico'],
  },
  CA: {
    ON: ['America/Toronto', 'America/Winnipeg'],
    QC: ['America/Toronto', 'America/Halifax'],
    BC: ['America/Vancouver', 'America/Edmonton'],
    AB: ['America/Edmonton'],
    MB: ['America/Winnipeg'],
    SK: ['America/Regina', 'America/Edmonton'],
    NS: ['America/Halifax'],
    NB: ['America/Moncton'],
    PE: ['America/Halifax'],
    NL: ['America/St_Johns', 'America/Halifax'],
    YT: ['America/Whitehorse'],
  },
  AU: {
    NSW: ['Australia/Sydney', 'Australia/Broken_Hill'],
    VIC: ['Australia/Melbourne'],
    QLD: ['Australia/Brisbane'],
    SA: ['Australia/Adelaide'],
    WA: ['Australia/Perth'],
    TAS: ['Australia/Hobart'],
    ACT: ['Australia/Sydney'],
    NT: ['Australia/Darwin'],
  },
};

/** The ends of the earth, and what is between: for someone of whom nothing is known. */
const anywhere = Array.from({ length: 27 }, (_, index) => {
  const offset = index - 14;
  return offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '+' : ''}${offset}`;
});
const stepMs = 15 * 60_000;
const lookAheadMs = 8 * 86_400_000;

/**
 * When a message may be sent.
 * @returns `now` where it may be at once; undefined where no time of the next week is right in all possible zones
 */
export function sendableAt(now: Date, recipient: Recipient, rule: QuietRule): Date | undefined {
  const zones = zonesFor(now, recipient, rule);
  const law = recipient.channel === 'email' ? undefined : lawFor(recipient);
  const mayAt = (at: Date) =>
    zones.every((zone) => {
      const clock = clockOf(at, zone);
      return (law === undefined || isWithin(law, clock)) && !isQuiet(rule, clock.minute);
    });
  if (mayAt(now)) return now;
  const first = Math.ceil((now.getTime() + 1) / stepMs) * stepMs;
  for (let at = first; at < now.getTime() + lookAheadMs; at += stepMs)
    if (mayAt(new Date(at))) return new Date(at);
  return undefined;
}

function zonesFor(now: Date, recipient: Recipient, rule: QuietRule): readonly string[] {
  const possible = possibleZones(recipient);
  if (recipient.channel !== 'email') return possible ?? anywhere;
  // A mail waits silently: the recipient's zone where it is plain, else the shop's.
  const clocks = new Set(possible?.map((zone) => JSON.stringify(clockOf(now, zone))));
  return possible !== undefined && clocks.size === 1 ? possible.slice(0, 1) : [rule.shopTimeZone];
}

/** Undefined where nothing is known. */
function possibleZones({ countries, region }: Recipient): readonly string[] | undefined {
  const [only] = countries;
  if (only === undefined) return undefined;
  const ofRegion = countries.length === 1 ? zonesOfRegion[only]?.[region] : undefined;
  if (ofRegion !== undefined) return ofRegion;
  const zones = countries.flatMap((country) => zonesOfCountry(country));
  return zones.length === 0 ? undefined : zones;
}

function zonesOfCountry(country: string): readonly string[] {
  if (!/^[A-Z]{2}$/.test(country)) return [];
  // TypeScript's library does not know it yet.
  const locale: Intl.Locale & { getTimeZones?: () => string[] | undefined } = new Intl.Locale(
    `und-${country}`,
  );
  return locale.getTimeZones?.() ?? [];
}

function lawFor({ countries, region }: Recipient): Hours {
  if (countries.length > 0 && !countries.includes('US')) return federal;
  if (countries.length !== 1 || region === '') return everyState;
  return byState[region] ?? (zonesOfRegion['US']?.[region] === undefined ? everyState : federal);
}

const isWithin = ({ from, until, sundayFrom }: Hours, clock: Clock): boolean =>
  clock.minute < until &&
  clock.minute >= (clock.isSunday ? Math.max(from, sundayFrom ?? from) : from);

function isQuiet({ quietFrom, quietUntil }: QuietRule, minute: number): boolean {
  if (quietFrom === quietUntil) return false;
  return quietFrom < quietUntil
    ? minute >= quietFrom && minute < quietUntil
    : minute >= quietFrom || minute < quietUntil;
}

interface Clock {
  readonly minute: number;
  readonly isSunday: boolean;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall shows there. */
function clockOf(at: Date, timeZone: string): Clock {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, value]),
  );
  return {
    minute: Number(parts['hour']) * hour + Number(parts['minute']),
    isSunday: parts['weekday'] === 'Sun',
  };
}
