import { z } from 'zod';
import { MESSAGE_STATUSES, MESSAGE_TYPES } from '#vocabulary/messages.ts';

export const PAGE_SIZE = 50;

const messagesQuery = z.object({
  status: z.enum(['', ...MESSAGE_STATUSES]).catch(''),
  type: z.enum(['', ...MESSAGE_TYPES]).catch(''),
  customer: z.union([z.literal(''), z.guid()]).catch(''),
  cursor: z.string().max(500).catch(''),
});
export type MessagesQuery = z.output<typeof messagesQuery>;

/** Invalid values in the URL count as absent. */
export function parseMessagesQuery(search: URLSearchParams): MessagesQuery {
  return messagesQuery.parse({
    status: search.get('status') ?? '',
    type: search.get('type') ?? '',
    customer: search.get('customer') ?? '',
    cursor: search.get('cursor') ?? '',
  });
}
