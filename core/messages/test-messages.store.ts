import type { Queryable } from '../database/queryable.ts';
import type { Lease } from './messages.store.ts';
import type {
  MessageChannel,
  MessageProvider,
  MessageReason,
  MessageStatus,
  MessageType,
} from '#vocabulary/messages.ts';

/** Messages to merchants themselves: rows of the log without a member, whose key begins with `test/`. */

export async function countTestsSince(
  on: Queryable,
  merchantId: string,
  since: Date,
): Promise<number> {
  const { rows } = await on.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM email_events e
     WHERE e.merchant_id = $1 AND e.created_at > $2 AND e.event_key LIKE 'test/%'`,
    [merchantId, since],
  );
  return rows[0]?.count ?? 0;
}

/**
 * As asked already, and due in two minutes: should the process end before the answer is known, the sweep notes that it
 * may have arrived.
 */
export async function insertTestMessage(
  on: Queryable,
  merchantId: string,
  test: Omit<Lease, 'until'> & {
    readonly type: MessageType;
    readonly channel: MessageChannel;
    readonly now: Date;
  },
): Promise<void> {
  await on.query(
    `INSERT INTO email_events (merchant_id, event_id, lease_id, template_type, channel, event_key, status, asked_at,
       created_at, next_attempt_at)
     VALUES ($1, $2::uuid, $3, $4, $5, 'test/' || $2::uuid::text, 'sending', $6::timestamptz, $6::timestamptz, $6::timestamptz + interval '2 minutes')`,
    [merchantId, test.messageId, test.leaseId, test.type, test.channel, test.now],
  );
}

/** @returns false when it has ended before */
export async function endTestMessage(
  on: Queryable,
  merchantId: string,
  { messageId, leaseId }: Omit<Lease, 'until'>,
  end: {
    readonly status: MessageStatus;
    readonly provider: MessageProvider;
    readonly reason: MessageReason | null;
    readonly providerMessageId: string;
    readonly now: Date;
  },
): Promise<boolean> {
  const { rowCount } = await on.query(
    `UPDATE email_events SET status = $4, provider = $5, reason = $6, provider_message_id = nullif($7, ''),
       event_type = CASE WHEN $4 IN ('sent', 'failed') THEN $4 END, retry_count = 1,
       sent_at = CASE WHEN $4 = 'sent' THEN $8::timestamptz END, lease_id = NULL, next_attempt_at = NULL
     WHERE merchant_id = $1 AND event_id = $2 AND lease_id = $3 AND status = 'sending' AND event_key LIKE 'test/%'`,
    [
      merchantId,
      messageId,
      leaseId,
      end.status,
      end.provider,
      end.reason,
      end.providerMessageId,
      end.now,
    ],
  );
  return rowCount === 1;
}
