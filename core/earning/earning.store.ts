import { inShopCurrency } from '../members/spending.store.ts';
import type { Queryable } from '../database/queryable.ts';
import { holdIdentity } from '../members/identities.store.ts';
import { textsOf } from '../shared/stored-json.rules.ts';
import { isActionName } from '../program/earning.rules.ts';
import type { Actor, Day, ToldBirthday } from './claim.rules.ts';
import { parseAmount } from '../shared/money.rules.ts';
import { ACTIONS, type ActionName } from '#vocabulary/earning.ts';

/** A member as the rules of actions see them. */
export interface EarningMember {
  readonly actor: Actor;
  readonly birthday: ToldBirthday | undefined;
  /** What Shopify last said of marketing by email. */
  readonly isSubscribed: boolean;
  /** The points that a claim of that key was given before. */
  readonly grantsByClaim: ReadonlyMap<string, number>;
}

interface MemberRow {
  customer_id: string;
  tier_id: string | null;
  segments: unknown;
  total_spend: string;
  absence: string | null;
  birthday_md: string | null;
  birthday_set_at: Date | null;
  is_subscribed: boolean;
}

const memberColumns = `c.customer_id, c.vip_tier_id AS tier_id, c.total_spend, c.birthday_md, c.birthday_set_at,
  member_absence(c.merchant_id, c.customer_id) AS absence,
  (SELECT g.segment_ids FROM customer_segments g
   WHERE g.merchant_id = c.merchant_id AND g.customer_id = c.customer_id) AS segments`;

/** The member, locked, so that of two claims at once the second sees the first. Erased members are not found. */
export async function lockMember(
  on: Queryable,
  merchantId: string,
  shopifyCustomerId: string,
): Promise<EarningMember | undefined> {
  const inForce = await holdIdentity(on, merchantId, shopifyCustomerId);
  const { rows } = await on.query<MemberRow>(
    `SELECT ${memberColumns},
       coalesce((SELECT a.status = 'granted' FROM consents a
                 WHERE a.merchant_id = c.merchant_id AND a.customer_id = c.customer_id AND a.type = 'newsletter'
                 ORDER BY a.created_at DESC LIMIT 1), false) AS is_subscribed
     FROM customers c
     WHERE c.merchant_id = $1 AND c.shopify_customer_id = $2 AND c.redacted_at IS NULL
     FOR NO KEY UPDATE OF c`,
    [merchantId, inForce],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  // What was given to a member who was merged into this one counts as given.
  const grants = await on.query<{
    customer_id: string;
    source: string;
    key: string;
    points: number;
    claim: string | null;
  }>(
    `SELECT t.customer_id, t.source, t.idempotency_key AS key, t.points, t.metadata->>'claim' AS claim
     FROM points_transactions t
     WHERE t.merchant_id = $1 AND t.points > 0 AND t.source = ANY ($3)
       AND t.customer_id IN (SELECT $2::uuid UNION ALL SELECT m.customer_id FROM customers m
                             WHERE m.merchant_id = $1 AND m.merged_into_customer_id = $2)`,
    [merchantId, row.customer_id, ACTIONS],
  );
  const times: Partial<Record<ActionName, number>> = {};
  const keys = new Set<string>();
  const grantsByClaim = new Map<string, number>();
  for (const grant of grants.rows) {
    if (isActionName(grant.source)) times[grant.source] = (times[grant.source] ?? 0) + 1;
    keys.add(grant.key.replace(grant.customer_id, row.customer_id));
    if (grant.claim !== null) grantsByClaim.set(grant.claim, grant.points);
  }
  return {
    actor: { ...actorOf(row), times, keys },
    birthday: birthdayOf(row),
    isSubscribed: row.is_subscribed,
    grantsByClaim,
  };
}

const actorOf = (row: Omit<MemberRow, 'is_subscribed'>): Actor => ({
  customerId: row.customer_id,
  tierId: row.tier_id,
  segments: textsOf(row.segments),
  totalSpend: parseAmount(row.total_spend) ?? 0n,
  isExcluded: row.absence !== null,
  times: {},
  keys: new Set(),
});

const birthdayOf = ({
  birthday_md: monthDay,
  birthday_set_at: toldAt,
}: Pick<MemberRow, 'birthday_md' | 'birthday_set_at'>): ToldBirthday | undefined =>
  monthDay === null || toldAt === null ? undefined : { monthDay, toldAt };

export async function storeBirthday(
  on: Queryable,
  merchantId: string,
  customerId: string,
  birthday: ToldBirthday,
): Promise<void> {
  await on.query(
    `UPDATE customers SET birthday_md = $3, birthday_set_at = $4 WHERE merchant_id = $1 AND customer_id = $2`,
    [merchantId, customerId, birthday.monthDay, birthday.toldAt],
  );
}

export interface BirthdayMember {
  readonly actor: Actor;
  readonly told: ToldBirthday;
  readonly day: Day;
}

/** Members whose day is among those and who have had no gift for it, by key; locked. */
export async function lockBirthdays(
  on: Queryable,
  merchantId: string,
  days: readonly Day[],
  after: string,
  limit: number,
): Promise<BirthdayMember[]> {
  const { rows } = await on.query<Omit<MemberRow, 'is_subscribed'> & { year: number }>(
    `SELECT ${memberColumns}, d.year
     FROM unnest($2::text[], $3::integer[]) AS d(month_day, year)
     JOIN customers c ON c.merchant_id = $1 AND c.birthday_md = d.month_day
     WHERE c.customer_id > $4 AND c.redacted_at IS NULL AND c.merged_into_customer_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM points_transactions t WHERE t.merchant_id = $1
                         AND t.idempotency_key = 'birthday/' || c.customer_id || '/' || d.year)
     ORDER BY c.customer_id LIMIT $5
     FOR NO KEY UPDATE OF c`,
    [merchantId, days.map((day) => day.monthDay), days.map((day) => day.year), after, limit],
  );
  return rows.flatMap((row) => {
    const told = birthdayOf(row);
    return told === undefined
      ? []
      : [{ actor: actorOf(row), told, day: { year: row.year, monthDay: told.monthDay } }];
  });
}

/** What members have paid for, less refunds, since then; and the goals they were given points for. */
export async function readGoalStandings(
  on: Queryable,
  merchantId: string,
  customerIds: readonly string[],
  since: string,
): Promise<{ readonly actor: Actor; readonly spent: bigint }[]> {
  const { rows } = await on.query<
    Omit<MemberRow, 'is_subscribed'> & { spent: string; keys: string[] | null }
  >(
    `SELECT ${memberColumns},
       (SELECT coalesce(sum(o.gross_subtotal - o.refunded), 0) FROM orders o
        WHERE o.merchant_id = $1 AND o.customer_id = c.customer_id AND o.ordered_at >= $3 AND o.counts
          AND ${inShopCurrency('o')}
          AND o.paid_at IS NOT NULL AND NOT o.is_historical AND o.absence IS NULL) AS spent,
       (SELECT array_agg(t.idempotency_key) FROM points_transactions t
        WHERE t.merchant_id = $1 AND t.customer_id = c.customer_id AND t.source = 'goal_spend') AS keys
     FROM customers c
     WHERE c.merchant_id = $1 AND c.customer_id = ANY ($2::uuid[]) AND c.redacted_at IS NULL
       AND c.merged_into_customer_id IS NULL`,
    [merchantId, customerIds, since],
  );
  return rows.map((row) => ({
    actor: { ...actorOf(row), keys: new Set(row.keys ?? []) },
    spent: parseAmount(row.spent) ?? 0n,
  }));
}
