import type { Queryable } from '../database/queryable.ts';
import type { EventFacts, MessageDraft } from './message-drafts.rules.ts';
import type { MessageChannel } from '#vocabulary/messages.ts';

/** From events of the outbox to messages that wait. */

export async function readEvents(
  on: Queryable,
  merchantId: string,
  eventIds: readonly string[],
): Promise<EventFacts[]> {
  const { rows } = await on.query<EventFacts>(
    `SELECT e.event_id, e.kind, e.payload, e.created_at,
       t.type AS entry_type, t.source AS entry_source, t.order_id AS entry_order_id,
       t.occurred_at AS entry_occurred_at, t.points AS entry_points,
       r.gift, f.position AS from_position, n.position AS to_position, x.advocate_points, x.friend_points
     FROM outbox_events e
     LEFT JOIN points_transactions t ON e.kind = 'points.changed' AND t.merchant_id = $1
       AND t.transaction_id = (e.payload->>'transaction_id')::uuid
     LEFT JOIN reward_redemptions r ON e.kind = 'redemption.changed' AND r.merchant_id = $1
       AND r.redemption_id = (e.payload->>'redemption_id')::uuid
     LEFT JOIN vip_tiers f ON e.kind = 'tier.changed' AND f.merchant_id = $1 AND f.tier_id = (e.payload->>'from')::uuid
     LEFT JOIN vip_tiers n ON e.kind = 'tier.changed' AND n.merchant_id = $1 AND n.tier_id = (e.payload->>'to')::uuid
     LEFT JOIN referrals x ON e.kind = 'referral.changed' AND x.merchant_id = $1
       AND x.referral_id = (e.payload->>'referral_id')::uuid
     WHERE e.merchant_id = $1 AND e.event_id = ANY ($2::bigint[])`,
    [merchantId, eventIds],
  );
  return rows;
}

/** Types that the merchant has switched off. */
export async function readSilenced(on: Queryable, merchantId: string): Promise<Set<string>> {
  const { rows } = await on.query<{ type: string }>(
    'SELECT t.type FROM email_templates t WHERE t.merchant_id = $1 AND NOT t.enabled',
    [merchantId],
  );
  return new Set(rows.map(({ type }) => type));
}

/** Writes messages that were not written before. */
export async function insertMessages(
  on: Queryable,
  merchantId: string,
  drafts: readonly (MessageDraft & { readonly channel: MessageChannel })[],
  firstLookAt: Date,
): Promise<void> {
  await on.query(
    `INSERT INTO email_events (merchant_id, customer_id, template_type, channel, event_key, variables, next_attempt_at)
     SELECT $1, d.customer_id, d.type, d.channel, d.key, d.variables, $3
     FROM jsonb_to_recordset($2::jsonb) AS d(customer_id uuid, type text, channel text, key text, variables jsonb)
     WHERE EXISTS (SELECT 1 FROM customers c WHERE c.merchant_id = $1 AND c.customer_id = d.customer_id)
     ON CONFLICT (merchant_id, event_key, channel) DO NOTHING`,
    [
      merchantId,
      JSON.stringify(
        drafts.map(({ customerId, type, channel, key, variables }) => ({
          customer_id: customerId,
          type,
          channel,
          key,
          variables,
        })),
      ),
      firstLookAt,
    ],
  );
}

export async function queuedByKey(
  on: Queryable,
  merchantId: string,
  keys: readonly string[],
): Promise<string[]> {
  const { rows } = await on.query<{ event_id: string }>(
    `SELECT e.event_id FROM email_events e
     WHERE e.merchant_id = $1 AND e.event_key = ANY ($2) AND e.status = 'queued'`,
    [merchantId, keys],
  );
  return rows.map((row) => row.event_id);
}
