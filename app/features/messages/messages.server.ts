import { z } from 'zod';
import type { LoggedMessage } from '#proto/admin/v1/messages.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { PAGE_SIZE, parseMessagesQuery, type MessagesQuery } from './messages.schema.ts';

export interface MessagesData {
  readonly asked: MessagesQuery;
  readonly messages: readonly LoggedMessage[];
  readonly nextCursor: string;
}

export async function loadMessages({ core, url }: MerchantRequest): Promise<MessagesData> {
  const asked = parseMessagesQuery(url.searchParams);
  const { messages, page } = await core.admin.listMessages({
    status: asked.status,
    type: asked.type,
    customerId: asked.customer,
    page: { pageSize: PAGE_SIZE, cursor: asked.cursor },
  });
  return { asked, messages, nextCursor: page?.nextCursor ?? '' };
}

/** Queues a message once more; the worker finds it within seconds. */
export async function retryMessage(merchant: MerchantRequest, form: FormData) {
  const messageId = z.guid().safeParse(form.get('id'));
  if (!messageId.success) return refused(merchant, {});
  await merchant.core.admin.retryMessage({ messageId: messageId.data });
  return { ok: true as const };
}
