import { z } from 'zod';
import { LOG_KINDS } from '#vocabulary/activity.ts';

export const PAGE_SIZE = 50;

const day = z.iso.date().or(z.literal('')).catch('');

/** Invalid values in the URL count as absent. */
const activityQuery = z.object({
  query: z.string().trim().max(254).catch(''),
  customer: z.guid().or(z.literal('')).catch(''),
  kind: z.enum(['', ...LOG_KINDS]).catch(''),
  from: day,
  to: day,
  cursor: z.string().max(500).catch(''),
});
export type ActivityQuery = z.output<typeof activityQuery>;

export function parseActivityQuery(search: URLSearchParams): ActivityQuery {
  const asked = activityQuery.parse({
    query: search.get('query') ?? '',
    customer: search.get('customer') ?? '',
    kind: search.get('kind') ?? '',
    from: search.get('from') ?? '',
    to: search.get('to') ?? '',
    cursor: search.get('cursor') ?? '',
  });
  // A new search drops the customer one came from.
  return asked.query === '' ? asked : { ...asked, customer: '' };
}
