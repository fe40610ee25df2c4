import { z } from 'zod';
import { DELIVERY_STATUSES } from '#vocabulary/deliveries.ts';

export const PAGE_SIZE = 50;

const deliveriesQuery = z.object({
  status: z.enum(['', ...DELIVERY_STATUSES]).catch(''),
  topic: z
    .string()
    .max(64)
    .regex(/^[a-z_/]*$/)
    .catch(''),
  cursor: z.string().max(500).catch(''),
});
export type DeliveriesQuery = z.output<typeof deliveriesQuery>;

/** Invalid values in the URL count as absent. */
export function parseDeliveriesQuery(search: URLSearchParams): DeliveriesQuery {
  return deliveriesQuery.parse({
    status: search.get('status') ?? '',
    topic: search.get('topic') ?? '',
    cursor: search.get('cursor') ?? '',
  });
}

const deliveryIds = z.array(z.guid()).min(1).max(PAGE_SIZE);

export function parseReplayForm(form: FormData): string[] | undefined {
  return deliveryIds.safeParse(form.getAll('id')).data;
}
