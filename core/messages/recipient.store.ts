import type { Queryable } from '../database/queryable.ts';
import type { Json } from '../shared/stored-json.rules.ts';
import type { MessageChannel, MessageReason, MessageType } from '#vocabulary/messages.ts';

/** All that is known of a message, whom it is to and what it is about, at the moment of sending. */
export interface RecipientRow {
  readonly event_id: string;
  readonly template_type: MessageType;
  readonly channel: MessageChannel;
  readonly retry_count: number;
  readonly variables: Json;
  readonly created_at: Date;
  /** The member who has the points today: of merged ones, the one that is left. */
  readonly customer_id: string | null;
  readonly shopify_customer_id: string | null;
  readonly email: Buffer | null;
  readonly first_name: Buffer | null;
  readonly last_name: Buffer | null;
  readonly locale: string;
  readonly is_erased: boolean;
  /** Why they take no part in the program. */
  readonly absence: string | null;
  readonly newsletter: 'granted' | 'revoked' | null;
  readonly loyalty_email: 'granted' | 'revoked' | null;
  readonly loyalty_sms: 'granted' | 'revoked' | null;
  readonly balance: number;
  readonly referral_code: string | null;
  readonly order_name: string | null;
  readonly country: string | null;
  readonly redemption_id: string | null;
  readonly discount_code: Buffer | null;
  readonly points_spent: number | null;
  readonly terms: unknown;
  readonly redemption_expires_at: Date | null;
  readonly tier_name: unknown;
  readonly previous_tier_name: unknown;
  readonly other_customer_id: string | null;
  readonly other_first_name: Buffer | null;
  readonly shop_name: string | null;
  readonly shop_domain: string;
  readonly timezone: string;
  readonly currency: string;
  readonly shop_language: unknown;
  readonly branding: unknown;
}

/** What a member, or one who was merged into them, said last. */
const said = (type: string, whose: string) =>
  `(SELECT k.status FROM consents k JOIN customers p ON p.merchant_id = k.merchant_id AND p.customer_id = k.customer_id
    WHERE k.merchant_id = $1 AND k.type = '${type}'
      AND ${whose} ORDER BY k.created_at DESC LIMIT 1) AS ${type}`;
const own = 'p.customer_id = c.customer_id';
const sameP = '(p.customer_id = c.customer_id OR p.merged_into_customer_id = c.customer_id)';

const STANDING = `c.customer_id, c.shopify_customer_id, c.email, c.first_name, c.last_name, c.locale,
  c.redacted_at IS NOT NULL AS is_erased, member_absence($1, c.customer_id) AS absence,
  ${said('newsletter', own)}, ${said('loyalty_email', sameP)}, ${said('loyalty_sms', sameP)}`;

const FROM_MEMBER = `FROM email_events e
  LEFT JOIN customers o ON o.merchant_id = $1 AND o.customer_id = e.customer_id
  LEFT JOIN customers c ON c.merchant_id = $1 AND c.customer_id = coalesce(o.merged_into_customer_id, o.customer_id)`;

export async function readRecipient(
  on: Queryable,
  merchantId: string,
  messageId: string,
): Promise<RecipientRow | undefined> {
  const { rows } = await on.query<RecipientRow>(
    `SELECT e.event_id, e.template_type, e.channel, e.retry_count, e.variables, e.created_at, ${STANDING},
       coalesce(b.balance, 0) AS balance, l.referral_code, r.name AS order_name,
       (SELECT y.country FROM orders y WHERE y.merchant_id = $1 AND y.customer_id = c.customer_id AND y.country IS NOT NULL
        ORDER BY y.ordered_at DESC LIMIT 1) AS country,
       d.redemption_id, d.discount_code, d.points_spent, d.terms, d.expires_at AS redemption_expires_at,
       t.name AS tier_name, f.name AS previous_tier_name, x.customer_id AS other_customer_id, x.first_name AS other_first_name,
       m.name AS shop_name, m.shopify_domain AS shop_domain, m.timezone, m.currency, m.language AS shop_language, s.branding
     ${FROM_MEMBER}
     JOIN merchants m ON m.merchant_id = $1
     LEFT JOIN program_settings s ON s.merchant_id = $1
     LEFT JOIN points_balances b ON b.merchant_id = $1 AND b.customer_id = c.customer_id
     LEFT JOIN referral_links l ON l.merchant_id = $1 AND l.advocate_customer_id = c.customer_id AND l.status = 'active'
     LEFT JOIN orders r ON r.merchant_id = $1 AND r.shopify_order_id = e.variables->>'order_id'
     LEFT JOIN reward_redemptions d ON d.merchant_id = $1 AND (d.redemption_id = (e.variables->>'redemption_id')::uuid
       OR d.gift = 'referral' AND d.idempotency_key = 'referral/' || (e.variables->>'referral_id') || '/' || (e.variables->>'side'))
     LEFT JOIN vip_tiers t ON t.merchant_id = $1 AND t.tier_id = (e.variables->>'tier_id')::uuid
     LEFT JOIN vip_tiers f ON f.merchant_id = $1 AND f.tier_id = (e.variables->>'previous_tier_id')::uuid
     LEFT JOIN customers x ON x.merchant_id = $1 AND x.customer_id = (e.variables->>'other_customer_id')::uuid
     WHERE e.merchant_id = $1 AND e.event_id = $2`,
    [merchantId, messageId],
  );
  return rows[0];
}

export type Standing = Pick<
  RecipientRow,
  'customer_id' | 'is_erased' | 'absence' | 'newsletter' | 'loyalty_email' | 'loyalty_sms'
> & { readonly email: Buffer | null };

/** Whether the recipient may still be written to. */
export async function readStanding(
  on: Queryable,
  merchantId: string,
  messageId: string,
): Promise<Standing | undefined> {
  const { rows } = await on.query<Standing>(
    `SELECT ${STANDING} ${FROM_MEMBER} WHERE e.merchant_id = $1 AND e.event_id = $2`,
    [merchantId, messageId],
  );
  return rows[0];
}

/**
 * Why a member is not written to; null when they may be, as far as is known here: whether a phone number may be written
 * to only Shopify knows.
 */
export function obstacleOf(standing: Standing, channel: MessageChannel): MessageReason | null {
  if (standing.customer_id === null || standing.is_erased) return 'erased';
  if (standing.absence !== null) return 'not_participating';
  if (channel !== 'email') return standing.loyalty_sms === 'revoked' ? 'unsubscribed' : null;
  if (standing.loyalty_email === 'revoked') return 'unsubscribed';
  if (standing.newsletter !== 'granted') return 'no_consent';
  return standing.email === null ? 'no_address' : null;
}
