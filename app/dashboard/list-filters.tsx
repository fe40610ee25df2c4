import { lazy, Suspense } from 'react';
import type { ListFiltersProps } from './filter-shapes.ts';
import { useRememberedList } from './list-state.ts';

const AddressFilters = lazy(() =>
  import('./index-filters.tsx').then((module) => ({ default: module.AddressFilters })),
);

/**
 * Search, views, filters and order of a list. All of it lives in the address: a list can be bookmarked, the back button
 * works, and a row's page leads back to the list as it was.
 */
export function ListFilters(props: ListFiltersProps) {
  useRememberedList();
  return (
    <div className="ln-filters">
      <Suspense fallback={null}>
        <AddressFilters {...props} />
      </Suspense>
    </div>
  );
}
