/** Of the funnel, in days. */
export const PERIODS = [7, 30, 90, 365] as const;
export type Period = (typeof PERIODS)[number];

export const periodOf = (text: string | null): Period =>
  PERIODS.find((days) => String(days) === text) ?? 30;
