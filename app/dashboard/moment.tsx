import { useFormat } from './shop.ts';

/** A date and time by the shop's clock, which the server and the browser may spell differently. */
export function Moment({ at }: { at: string }) {
  const { dateTime } = useFormat();
  return (
    <time dateTime={at} suppressHydrationWarning>
      {dateTime(at)}
    </time>
  );
}
