import { useSearchParams } from '@remix-run/react';
import { useCallback, useEffect, useRef, useState } from 'react';

const SEARCH_AFTER_MS = 300;

/**
 * Changes filters in the URL, so that a list can be bookmarked and the back button works. A new list
 * begins at its first page.
 */
export function useAddressFilters(): (changes: Readonly<Record<string, string>>) => void {
  const [, setSearch] = useSearchParams();
  return useCallback(
    (changes) =>
      setSearch(
        (current) => {
          const next = new URLSearchParams(current);
          next.delete('cursor');
          for (const [name, value] of Object.entries(changes)) {
            if (value === '') next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: true, preventScrollReset: true },
      ),
    [setSearch],
  );
}

/** A debounced search input. `asked` is the query of the current list. */
export function useTypedSearch(
  asked: string,
  onSearch: (query: string) => void,
): readonly [string, (typed: string) => void] {
  const [query, setQuery] = useState(asked);
  const sent = useRef(asked);

  // The back button changes the URL without typing.
  useEffect(() => {
    if (asked === sent.current) return;
    sent.current = asked;
    setQuery(asked);
  }, [asked]);

  const search = useRef(onSearch);
  search.current = onSearch;
  useEffect(() => {
    const wanted = query.trim();
    if (wanted === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = wanted;
      search.current(wanted);
    }, SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [query]);

  return [query, setQuery];
}
