import { useLocation } from '@remix-run/react';
import { useEffect } from 'react';

/** How each list was last looked at, by its path: filters, order and page. Lives as long as the dashboard is open. */
const lastSeen = new Map<string, string>();

/** Remembers the address of a list, so that its rows' pages lead back to it as it was. */
export function useRememberedList(): void {
  const { pathname, search } = useLocation();
  useEffect(() => {
    lastSeen.set(pathname.replace(/\/$/, ''), search);
  }, [pathname, search]);
}

/** Where a page of a row goes back to. */
export const listAddress = (path: string): string => path + (lastSeen.get(path) ?? '');
