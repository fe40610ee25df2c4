import type { LoggedMessage } from '#proto/admin/v1/messages.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { readBalance } from '../ledger/index.ts';
import { decryptName } from '../members/customer-encryption.ts';
import type { Encryption } from '../shared/encryption.ts';
import { notFound } from '../shared/errors.ts';
import {
  findLogged,
  isRetryable,
  listMessages,
  queueAgain,
  type LoggedRow,
} from './messages.store.ts';

/** What merchants see of their messages, and may have sent again. */
export function messageLogMethods({
  pool,
  encryption,
  clock,
}: Pick<CoreDependencies, 'pool' | 'encryption' | 'clock'>): AdminMethods<
  'listMessages' | 'retryMessage'
> {
  return {
    listMessages: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        if (
          request.customerId !== '' &&
          !(await readBalance(client, merchantId, request.customerId))
        )
          throw notFound('customer_id');
        const { rows, nextCursor } = await listMessages(client, merchantId, {
          ...request,
          pageSize: request.page?.pageSize ?? 50,
          cursor: request.page?.cursor ?? '',
        });
        return {
          messages: rows.map((row) => toLogged(encryption, merchantId, row)),
          page: { nextCursor, total: -1 },
        };
      }),

    retryMessage: ({ messageId }, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        await queueAgain(client, merchantId, messageId, clock());
        const row = await findLogged(client, merchantId, messageId);
        if (row === undefined) throw notFound('message_id');
        return { message: toLogged(encryption, merchantId, row) };
      }),
  };
}

function toLogged(encryption: Encryption, merchantId: string, row: LoggedRow): LoggedMessage {
  return {
    messageId: row.event_id,
    type: row.template_type,
    channel: row.channel,
    provider: row.provider ?? '',
    status: row.status,
    reason: row.reason ?? '',
    customerId: row.customer_id ?? '',
    customerName:
      row.customer_id === null ? '' : decryptName(encryption, merchantId, row.customer_id, row),
    attempts: row.retry_count,
    createdAt: row.created_at.toISOString(),
    sentAt: row.sent_at?.toISOString() ?? '',
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? '',
    // A test's address is not known any more.
    retryable: isRetryable(row.status) && !row.is_test,
    test: row.is_test,
  };
}
