import { useFormat } from '../../dashboard/shop.ts';

/** `2026-11` as one says it: November 2026. */
export function useMonth(): (month: string) => string {
  const { language } = useFormat();
  const format = new Intl.DateTimeFormat(language, {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return (month) => format.format(new Date(`${month}-01T00:00:00Z`));
}
