/** Days that the figures can be shown for; in the address of the page. */
export const PERIODS = [7, 30, 90, 365] as const;
export type Period = (typeof PERIODS)[number];

export const DEFAULT_PERIOD: Period = 30;

/** Anything else in the address is the default. */
export function parsePeriod(search: URLSearchParams): Period {
  const asked = Number(search.get('period'));
  return PERIODS.find((period) => period === asked) ?? DEFAULT_PERIOD;
}

export const addressOfPeriod = (period: Period): string =>
  period === DEFAULT_PERIOD ? '/app' : `/app?period=${period}`;
