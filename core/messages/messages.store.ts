import type { PoolClient } from 'pg';
import type { DueMessage } from '#proto/admin/v1/messages.ts';
import type { Queryable } from '../database/queryable.ts';
import { keysetPage } from '../shared/keyset.store.ts';
import type { Subscription } from './unsubscribe-token.ts';
import {
  REPEATABLE_PROVIDERS,
  type MessageChannel,
  type MessageProvider,
  type MessageReason,
  type MessageStatus,
  type MessageType,
} from '#vocabulary/messages.ts';

/** A message from waiting to its end. */

export async function claimDueMessages(
  on: Queryable,
  now: Date,
  limit: number,
): Promise<DueMessage[]> {
  const { rows } = await on.query<{ merchant_id: string; shop_domain: string; message_id: string }>(
    'SELECT * FROM messages_due($1, $2, $3)',
    [now, limit, REPEATABLE_PROVIDERS],
  );
  return rows.map((row) => ({
    merchantId: row.merchant_id,
    shopDomain: row.shop_domain,
    messageId: row.message_id,
  }));
}

export interface Lease {
  readonly messageId: string;
  readonly leaseId: string;
  readonly until: Date;
}

/** @returns whether it was there to be had */
export async function leaseMessage(
  on: Queryable,
  merchantId: string,
  { messageId, leaseId, until }: Lease,
): Promise<boolean> {
  const { rowCount } = await on.query(
    `UPDATE email_events SET status = 'sending', lease_id = $3, next_attempt_at = $4, asked_at = NULL
     WHERE merchant_id = $1 AND event_id = $2 AND status IN ('queued', 'waiting', 'parked')`,
    [merchantId, messageId, leaseId, until],
  );
  return rowCount === 1;
}

/** Marks that the provider is asked now. @returns false when the lease is over */
export async function markAsked(
  on: Queryable,
  merchantId: string,
  lease: Omit<Lease, 'until'>,
  { provider, recipientHash }: { provider: MessageProvider; recipientHash: Buffer | null },
  now: Date,
): Promise<boolean> {
  const { rowCount } = await on.query(
    `UPDATE email_events SET provider = $4, asked_at = $5, retry_count = retry_count + 1,
       recipient_hash = coalesce($6, recipient_hash)
     WHERE merchant_id = $1 AND event_id = $2 AND lease_id = $3 AND status = 'sending' AND next_attempt_at > $5`,
    [merchantId, lease.messageId, lease.leaseId, provider, now, recipientHash],
  );
  return rowCount === 1;
}

export interface Outcome {
  readonly status: MessageStatus;
  readonly reason: MessageReason | null;
  readonly providerMessageId: string;
  readonly retryAt: Date | null;
}

const ended: Readonly<Partial<Record<MessageStatus, 'sent' | 'failed'>>> = {
  sent: 'sent',
  failed: 'failed',
  withheld: 'failed',
};

/** @returns whose message it was; undefined when the lease was over */
export async function settle(
  on: Queryable,
  merchantId: string,
  { messageId, leaseId }: Omit<Lease, 'until'>,
  { status, reason, providerMessageId, retryAt }: Outcome,
  now: Date,
): Promise<{ readonly customer_id: string | null; readonly channel: MessageChannel } | undefined> {
  const { rows } = await on.query<{ customer_id: string | null; channel: MessageChannel }>(
    `UPDATE email_events SET status = $4, reason = $5, event_type = $6, next_attempt_at = $7, lease_id = NULL,
       provider_message_id = coalesce(nullif($8, ''), provider_message_id),
       sent_at = CASE WHEN $4 = 'sent' THEN $9 ELSE sent_at END
     WHERE merchant_id = $1 AND event_id = $2 AND lease_id = $3 AND status = 'sending'
     RETURNING customer_id, channel`,
    [
      merchantId,
      messageId,
      leaseId,
      status,
      reason,
      ended[status] ?? null,
      retryAt,
      providerMessageId,
      now,
    ],
  );
  return rows[0];
}

/** The subscription that a channel belongs to. */
export const subscriptionOf = (channel: MessageChannel): Subscription =>
  channel === 'email' ? 'email' : 'sms';

/** Notes what a member said of our messages, where it is not what they said last. */
export async function recordSubscription(
  on: Queryable,
  merchantId: string,
  customerId: string,
  subscription: Subscription,
  status: 'granted' | 'revoked',
): Promise<void> {
  await on.query(
    `INSERT INTO consents (merchant_id, customer_id, type, status, created_at)
     SELECT $1, $2, $3, $4, clock_timestamp()
     WHERE coalesce((SELECT k.status FROM consents k
                     WHERE k.merchant_id = $1 AND k.customer_id = $2 AND k.type = $3
                     ORDER BY k.created_at DESC LIMIT 1), 'granted') <> $4`,
    [merchantId, customerId, `loyalty_${subscription}`, status],
  );
}

export interface LoggedRow {
  readonly event_id: string;
  readonly template_type: MessageType;
  readonly channel: MessageChannel;
  readonly provider: MessageProvider | null;
  readonly status: MessageStatus;
  readonly reason: MessageReason | null;
  readonly customer_id: string | null;
  readonly retry_count: number;
  readonly created_at: Date;
  readonly sent_at: Date | null;
  readonly next_attempt_at: Date | null;
  readonly first_name: Buffer | null;
  readonly last_name: Buffer | null;
  readonly is_test: boolean;
}

const LOGGED = `SELECT e.event_id, e.template_type, e.channel, e.provider, e.status, e.reason, e.customer_id, e.retry_count,
    e.created_at, e.sent_at, e.next_attempt_at, c.first_name, c.last_name,
    e.event_key LIKE 'test/%' AS is_test
  FROM email_events e
  LEFT JOIN customers c ON c.merchant_id = e.merchant_id AND c.customer_id = e.customer_id`;

export interface LogFilter {
  readonly status: string;
  readonly type: string;
  readonly customerId: string;
  readonly pageSize: number;
  readonly cursor: string;
}

export function listMessages(
  client: PoolClient,
  merchantId: string,
  filter: LogFilter,
): Promise<{ rows: LoggedRow[]; nextCursor: string }> {
  const values: unknown[] = [merchantId];
  const where = ['e.merchant_id = $1'];
  if (filter.status !== '') where.push(`e.status = $${values.push(filter.status)}`);
  if (filter.type !== '') where.push(`e.template_type = $${values.push(filter.type)}`);
  if (filter.customerId !== '') where.push(`e.customer_id = $${values.push(filter.customerId)}`);
  return keysetPage<LoggedRow>(client, {
    select: LOGGED,
    where,
    values,
    time: 'e.created_at',
    id: 'e.event_id',
    idOf: (row) => row.event_id,
    pageSize: filter.pageSize,
    cursor: filter.cursor,
  });
}

export async function findLogged(
  on: Queryable,
  merchantId: string,
  messageId: string,
): Promise<LoggedRow | undefined> {
  const { rows } = await on.query<LoggedRow>(
    `${LOGGED} WHERE e.merchant_id = $1 AND e.event_id = $2`,
    [merchantId, messageId],
  );
  return rows[0];
}

/** What a merchant may have sent once more: a message that no one knows of may then arrive twice. */
export const RETRYABLE = [
  'parked',
  'failed',
  'unconfirmed',
] as const satisfies readonly MessageStatus[];

export const isRetryable = (status: MessageStatus): boolean =>
  RETRYABLE.some((one) => one === status);

export async function queueAgain(
  on: Queryable,
  merchantId: string,
  messageId: string,
  now: Date,
): Promise<void> {
  await on.query(
    `UPDATE email_events SET status = 'queued', event_type = NULL, reason = NULL, next_attempt_at = $4
     WHERE merchant_id = $1 AND event_id = $2 AND status = ANY ($3)
       AND event_key NOT LIKE 'test/%'`,
    [merchantId, messageId, RETRYABLE, now],
  );
}

/** The message that a provider's report is about. */
export async function findByProviderId(
  on: Queryable,
  merchantId: string,
  provider: MessageProvider,
  providerMessageId: string,
): Promise<{ event_id: string; customer_id: string | null; channel: MessageChannel } | undefined> {
  const { rows } = await on.query<{
    event_id: string;
    customer_id: string | null;
    channel: MessageChannel;
  }>(
    `SELECT e.event_id, e.customer_id, e.channel FROM email_events e
     WHERE e.merchant_id = $1 AND e.provider_message_id = $3 AND e.provider = $2 LIMIT 1`,
    [merchantId, provider, providerMessageId],
  );
  return rows[0];
}

/** A message that was taken, and then was not delivered. */
export async function markUndelivered(
  on: Queryable,
  merchantId: string,
  messageId: string,
  reason: MessageReason,
): Promise<void> {
  await on.query(
    `UPDATE email_events SET status = 'failed', event_type = 'failed', reason = $3
     WHERE merchant_id = $1 AND event_id = $2 AND status IN ('sent', 'unconfirmed')`,
    [merchantId, messageId, reason],
  );
}

/** One whose answer was lost did arrive. */
export async function confirmDelivery(
  on: Queryable,
  merchantId: string,
  messageId: string,
  now: Date,
): Promise<void> {
  await on.query(
    `UPDATE email_events SET status = 'sent', event_type = 'sent', reason = NULL, sent_at = coalesce(sent_at, $3)
     WHERE merchant_id = $1 AND event_id = $2 AND status = 'unconfirmed'`,
    [merchantId, messageId, now],
  );
}
