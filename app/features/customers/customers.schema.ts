import { z } from 'zod';
import { CUSTOMER_SORTS } from '#vocabulary/customers.ts';

export const PAGE_SIZE = 50;

/** Invalid values in the URL count as absent. */
const customersQuery = z.object({
  query: z.string().trim().max(254).catch(''),
  sort: z.enum(CUSTOMER_SORTS).catch('newest'),
  segment: z.string().max(40).catch(''),
  tier: z.guid().or(z.literal('')).catch(''),
  participation: z.enum(['', 'excluded']).catch(''),
  cursor: z.string().max(500).catch(''),
});
export type CustomersQuery = z.output<typeof customersQuery>;

export function parseCustomersQuery(search: URLSearchParams): CustomersQuery {
  return customersQuery.parse({
    query: search.get('query') ?? '',
    sort: search.get('sort') ?? 'newest',
    segment: search.get('segment') ?? '',
    tier: search.get('tier') ?? '',
    participation: search.get('participation') ?? '',
    cursor: search.get('cursor') ?? '',
  });
}
