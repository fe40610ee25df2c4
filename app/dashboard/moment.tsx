import { useFormat } from './shop.ts';

/**
 * A time: how long ago while it is recent, then its date and time in the shop's time zone, which is also shown on hover and
 * read by screen readers. Server and browser may format it differently.
 */
export function Moment({ at, dateOnly = false }: { at: string; dateOnly?: boolean }) {
  const { date, dateTime, recent } = useFormat();
  const full = dateTime(at);
  const ago = recent(at);
  if (ago === '')
    return (
      <time dateTime={at} title={full} suppressHydrationWarning>
        {dateOnly ? date(at) : full}
      </time>
    );
  return (
    <time dateTime={at} title={full} suppressHydrationWarning>
      <span className="ln-ago" suppressHydrationWarning>
        {ago}
      </span>
      <span className="ln-hidden" suppressHydrationWarning>{` (${full})`}</span>
    </time>
  );
}
