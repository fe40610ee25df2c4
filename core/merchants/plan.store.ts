import type { PlanOffer, PlanUsage } from '#proto/admin/v1/plan.ts';
import type { Queryable } from '../database/queryable.ts';
import { allowanceOf } from './plan.rules.ts';

interface UsageRow {
  plan_id: string;
  plan_name: string;
  orders: number;
  orders_limit: number | null;
  sms_referrals: number;
  sms_referrals_limit: number | null;
  first_day: string;
  last_day: string;
  next_plan_id: string | null;
  next_plan_name: string | null;
  next_price_cents: number | null;
  next_orders_limit: number | null;
}

/**
 * Counted when it is asked for, as a range of the index by time: a counter would be one more write for every order.
 * @param now decides which month it is, by the shop's clock
 */
export async function readPlanUsage(
  on: Queryable,
  merchantId: string,
  now: Date,
): Promise<PlanUsage | undefined> {
  const { rows } = await on.query<UsageRow>(
    `WITH month AS (
       SELECT m.plan_id, m.timezone, date_trunc('month', $2::timestamptz AT TIME ZONE m.timezone) AS start
       FROM merchants m WHERE m.merchant_id = $1
     ), bounds AS (
       SELECT plan_id, start, start AT TIME ZONE timezone AS since,
              (start + interval '1 month') AT TIME ZONE timezone AS until
       FROM month
     )
     SELECT p.plan_id, p.name AS plan_name, p.orders_limit, p.sms_referrals_limit,
       (SELECT count(*) FROM orders o WHERE o.merchant_id = $1 AND o.ordered_at >= b.since AND o.ordered_at < b.until
          AND NOT o.is_historical) AS orders,
       (SELECT count(*) FROM referrals r WHERE r.merchant_id = $1 AND r.type = 'sms' AND r.created_at >= b.since
          AND r.created_at < b.until) AS sms_referrals,
       to_char(b.start, 'YYYY-MM-DD') AS first_day,
       to_char(b.start + interval '1 month - 1 day', 'YYYY-MM-DD') AS last_day,
       n.plan_id AS next_plan_id, n.name AS next_plan_name, n.price_cents AS next_price_cents,
       n.orders_limit AS next_orders_limit
     FROM bounds b JOIN plans p ON p.plan_id = b.plan_id
     LEFT JOIN LATERAL (
       SELECT * FROM plans q WHERE q.price_cents > p.price_cents ORDER BY q.price_cents LIMIT 1
     ) n ON true`,
    [merchantId, now],
  );
  const row = rows[0];
  return (
    row && {
      planId: row.plan_id,
      planName: row.plan_name,
      orders: allowanceOf(row.orders, row.orders_limit),
      smsReferrals: allowanceOf(row.sms_referrals, row.sms_referrals_limit),
      firstDay: row.first_day,
      lastDay: row.last_day,
      next: offerOf(row),
    }
  );
}

function offerOf(row: UsageRow): PlanOffer | undefined {
  const { next_plan_id: planId, next_price_cents: cents } = row;
  if (planId === null || cents === null) return undefined;
  return {
    planId,
    planName: row.next_plan_name ?? '',
    price: `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`,
    ordersLimit: row.next_orders_limit ?? -1,
  };
}

/** Notes that the shop was warned in this month. @returns false when it was already */
export async function markWarned(
  on: Queryable,
  merchantId: string,
  month: string,
): Promise<boolean> {
  const { rowCount } = await on.query(
    `UPDATE merchants SET plan_usage = plan_usage || jsonb_build_object('warned_month', $2::text)
     WHERE merchant_id = $1 AND plan_usage->>'warned_month' IS DISTINCT FROM $2`,
    [merchantId, month],
  );
  return rowCount === 1;
}
