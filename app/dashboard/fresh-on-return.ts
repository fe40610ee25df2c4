import { useRevalidator } from '@remix-run/react';
import { useEffect, useRef } from 'react';

const STALE_AFTER_MS = 3_000;

/** Loads the page's data again when the reader comes back to it, e.g. from placing an order in another tab. */
export function useFreshOnReturn(): void {
  const { revalidate } = useRevalidator();
  const loadedAt = useRef(0);
  useEffect(() => {
    loadedAt.current = Date.now();
    const refresh = () => {
      if (document.visibilityState !== 'visible' || Date.now() - loadedAt.current < STALE_AFTER_MS)
        return;
      loadedAt.current = Date.now();
      revalidate();
    };
    document.addEventListener('visibilitychange', refresh);
    window.addEventListener('focus', refresh);
    return () => {
      document.removeEventListener('visibilitychange', refresh);
      window.removeEventListener('focus', refresh);
    };
  }, [revalidate]);
}
