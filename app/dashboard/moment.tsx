import { useFormat } from './shop.ts';

/** A date and time in the shop's time zone, which server and browser may format differently. */
export function Moment({ at }: { at: string }) {
  const { dateTime } = useFormat();
  return (
    <time dateTime={at} suppressHydrationWarning>
      {dateTime(at)}
    </time>
  );
}
