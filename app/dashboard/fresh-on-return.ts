import { useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';

const STALE_AFTER_MS = 3_000;

/** Loads the page's data again when the reader comes back to it, e.g. from placing an order in another tab. */
export function useFreshOnReturn(): void {
  const { revalidate } = useRevalidator();
  useEffect(() => {
    // The first press in the page brings it the focus, too: only who was away comes back.
    let leftAt = Number.POSITIVE_INFINITY;
    const leave = () => (leftAt = Math.min(leftAt, Date.now()));
    const comeBack = () => {
      if (document.visibilityState !== 'visible') {
        leave();
        return;
      }
      const isStale = Date.now() - leftAt >= STALE_AFTER_MS;
      leftAt = Number.POSITIVE_INFINITY;
      // After the press that brought them back was answered.
      if (isStale) setTimeout(revalidate, 100);
    };
    document.addEventListener('visibilitychange', comeBack);
    window.addEventListener('focus', comeBack);
    window.addEventListener('blur', leave);
    return () => {
      document.removeEventListener('visibilitychange', comeBack);
      window.removeEventListener('focus', comeBack);
      window.removeEventListener('blur', leave);
    };
  }, [revalidate]);
}
