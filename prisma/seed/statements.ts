/**
 * The statements that fill one tenant, in their order, inside one transaction with `app.merchant_id` set. They make the
 * facts first, in temporary tables, and write each row of the product's tables once. A "die" is a hash of what it
 * decides about, so that the same seed makes the same shop whatever the plan of the query.
 *
 * What they leave is what the ledger's functions would have left: gapless sequences, balances that are their entries and
 * their lots, refunds taken from the lot of their order, redemptions from the oldest lots. No event is put in the
 * outbox: generated points must not reach integrations.
 */

/** A number from 0 to 1: of the n-th thing of a kind. `$1` is the shop's number for dice. */
const die = (n: string, kind: number) =>
  `((hashint8extended(${n}, $1::bigint * 64 + ${kind}) & 1048575) / 1048576.0)`;

/** As `idOf` makes it of the same text. */
const seedId = (text: string) =>
  `overlay(overlay(md5(${text}) placing '8' from 13) placing '8' from 17)::uuid`;

/** $1 dice, $2 as of, $3 customers, $4 orders, $5 key of the shop: when they joined, what they bought. */
export const makeFacts = [
  // Two years of growth: twice as many joined in the second.
  `CREATE TEMP TABLE seed_members ON COMMIT DROP AS
   SELECT n::integer AS n, ${seedId("$5 || '/customer/' || n")} AS customer_id,
          $2::timestamptz - make_interval(secs => 63072000 * (1 - sqrt(${die('n', 1)}))) AS joined_at
   FROM generate_series(1, $3::bigint) n WHERE $4::bigint >= 0`,
  `CREATE UNIQUE INDEX ON seed_members (n)`,
  // A few buy often, most once or twice; orders of the last twenty months.
  `CREATE TEMP TABLE seed_orders ON COMMIT DROP AS
   SELECT d.n, m.customer_id, (5000000000000 + d.n)::text AS order_id, (9000000000000 + d.n)::text AS refund_id,
          m.joined_at + ($2::timestamptz - m.joined_at) * d.when_die AS ordered_at,
          round((8 + 40 * d.value_die + 300 * power(d.value_die, 8))::numeric, 2) AS gross,
          d.fate_die < 0.97 AS is_paid, d.fate_die BETWEEN 0.94 AND 0.97 AS is_cancelled,
          d.fate_die < 0.06 AS is_refunded, d.fate_die < 0.02 AS is_refunded_whole
   FROM (SELECT n, 1 + floor($3::bigint * power(${die('n', 2)}, 2))::integer AS member,
                ${die('n', 3)} AS when_die, ${die('n', 4)} AS value_die, ${die('n', 5)} AS fate_die
         FROM generate_series(1, $4::bigint) n WHERE $5::text <> '') d
   JOIN seed_members m ON m.n = d.member`,
] as const;

/** The ledger that those facts make under the default rules: 10 points a unit, 200 for signing up. */
export const makeLedger = [
  // Signing up, an award an order, and what took points back of it.
  `CREATE TEMP TABLE seed_entries ON COMMIT DROP AS
   WITH awards AS (
     SELECT o.*, floor(o.gross * 10)::bigint AS points,
            CASE WHEN o.is_refunded_whole THEN o.gross WHEN o.is_refunded THEN round(o.gross / 2, 2) ELSE 0 END AS refunded
     FROM seed_orders o WHERE o.is_paid
   ), facts AS (
     SELECT a.customer_id, a.joined_at AS at, 0 AS nth, 'earn' AS type, 'signup' AS source, 200::bigint AS points,
            'signup/' || a.customer_id AS key, NULL::text AS order_id,
            '{"reason_code": "signup", "rule_version": 1}'::jsonb AS metadata
     FROM seed_members a JOIN customers c ON c.merchant_id = $1 AND c.customer_id = a.customer_id WHERE c.has_account
     UNION ALL
     SELECT customer_id, ordered_at, 1, 'earn', 'order', points, 'order/' || order_id || '/paid', order_id,
            jsonb_build_object('reason_code', 'order_paid', 'base', gross::text, 'rate', '10', 'multiplier', '1',
                               'rounding', 'floor', 'rule_version', 1)
     FROM awards
     UNION ALL
     SELECT customer_id, ordered_at + interval '3 days', 2, 'reversal', 'order', -floor(points * refunded / gross)::bigint,
            'refund/' || refund_id, order_id,
            jsonb_build_object('reason_code', 'order_refunded', 'refunded', refunded::text, 'base', gross::text,
                               'award_points', points, 'rounding', 'floor')
     FROM awards WHERE floor(points * refunded / gross) > 0
     UNION ALL
     SELECT customer_id, ordered_at + interval '1 day', 2, 'reversal', 'order', -points,
            'order/' || order_id || '/cancelled', order_id,
            jsonb_build_object('reason_code', 'order_cancelled', 'award_points', points, 'base', gross::text)
     FROM awards WHERE is_cancelled
   )
   SELECT f.*, row_number() OVER w AS sequence, (sum(f.points) OVER w)::bigint AS balance_after
   FROM facts f
   WINDOW w AS (PARTITION BY f.customer_id ORDER BY f.at, f.nth, f.key)`,
  // What each award left in its lot before anybody redeemed.
  `CREATE TEMP TABLE seed_lots ON COMMIT DROP AS
   SELECT e.customer_id, e.sequence, e.points, e.points + coalesce(r.points, 0) AS remaining, e.order_id, e.at
   FROM seed_entries e
   LEFT JOIN (SELECT order_id, sum(points)::bigint AS points FROM seed_entries
              WHERE points < 0 GROUP BY order_id) r ON r.order_id = e.order_id
   WHERE e.points > 0`,
  // One member in four who can has redeemed, last of all: half of what they had, in steps of a hundred.
  `CREATE TEMP TABLE seed_redemptions ON COMMIT DROP AS
   SELECT l.customer_id, l.at, l.sequence + 1 AS sequence, l.balance_after / 200 * 100 AS points, l.balance_after AS before
   FROM (SELECT DISTINCT ON (customer_id) * FROM seed_entries ORDER BY customer_id, sequence DESC) l
   WHERE l.balance_after >= 400 AND (hashtextextended(l.customer_id::text, 6) & 3) = 0`,
  `CREATE TEMP TABLE seed_takings ON COMMIT DROP AS
   SELECT q.customer_id, q.sequence, least(q.remaining, r.points - (q.run - q.remaining))::bigint AS points
   FROM (SELECT l.customer_id, l.sequence, l.remaining,
                sum(l.remaining) OVER (PARTITION BY l.customer_id ORDER BY l.sequence) AS run
         FROM seed_lots l WHERE l.remaining > 0) q
   JOIN seed_redemptions r USING (customer_id)
   WHERE q.run - q.remaining < r.points`,
  `ANALYZE seed_entries, seed_lots, seed_redemptions, seed_takings`,
] as const;

/** $1 the tenant, $2 customers as JSON: with what is known of their orders. */
export const insertCustomers = `
  INSERT INTO customers (merchant_id, customer_id, shopify_customer_id, email, email_hash, first_name, last_name,
    name_tokens, locale, state, has_account, order_count, total_spend, last_order_at, created_at, source_updated_at)
  SELECT $1, r.customer_id, r.shopify_customer_id, decode(r.email, 'base64'), decode(r.email_hash, 'base64'),
         decode(r.first_name, 'base64'), decode(r.last_name, 'base64'),
         ARRAY(SELECT decode(t, 'base64') FROM jsonb_array_elements_text(r.name_tokens) t), r.locale, r.state,
         r.state = 'enabled', coalesce(o.orders, 0), coalesce(o.spend, 0), o.last, m.joined_at, m.joined_at
  FROM jsonb_to_recordset($2::jsonb) AS r(n integer, customer_id uuid, shopify_customer_id text, email text,
       email_hash text, first_name text, last_name text, name_tokens jsonb, locale text, state text)
  JOIN seed_members m ON m.n = r.n
  LEFT JOIN seed_sums o ON o.customer_id = r.customer_id`;

/** As core counts: orders that were paid, not cancelled and not refunded whole, less what was refunded. */
export const sumOrders = `
  CREATE TEMP TABLE seed_sums ON COMMIT DROP AS
  SELECT customer_id, count(*) AS orders, max(ordered_at) AS last,
         sum(gross - CASE WHEN NOT is_paid THEN 0 WHEN is_refunded_whole THEN gross
                          WHEN is_refunded THEN round(gross / 2, 2) ELSE 0 END) AS spend
  FROM seed_orders WHERE is_paid AND NOT is_cancelled AND NOT is_refunded_whole GROUP BY customer_id`;

/** $1 the tenant, $2 its currency. */
export const insertOrders = `
  INSERT INTO orders (merchant_id, order_row_id, customer_id, shopify_order_id, name, subtotal, gross_subtotal, total,
    refunded, currency, presentment_currency, financial_status, ordered_at, paid_at, cancelled_at, source_updated_at,
    refunds, line_items, created_at, counts)
  SELECT $1, ${seedId('$1::uuid || order_id')}, customer_id, order_id, '#' || (1000 + n), gross, gross, gross + 5, refunded, $2, $2,
         CASE WHEN NOT is_paid THEN 'pending' WHEN refunded = gross THEN 'refunded'
              WHEN refunded > 0 THEN 'partially_refunded' ELSE 'paid' END,
         ordered_at, CASE WHEN is_paid THEN ordered_at END,
         CASE WHEN is_cancelled THEN ordered_at + interval '1 day' END,
         ordered_at + CASE WHEN refunded > 0 OR is_cancelled THEN interval '3 days' ELSE interval '0' END,
         CASE WHEN refunded > 0 THEN jsonb_build_object(refund_id, jsonb_build_object(
                'subtotal', refunded::text, 'at', to_char((ordered_at + interval '3 days') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
              ELSE '{}' END,
         jsonb_build_array(jsonb_build_object('id', order_id, 'product_id', (1 + n % 40)::text, 'quantity', 1, 'price', gross::text)),
         ordered_at, is_paid AND NOT is_cancelled AND refunded < gross
  FROM (SELECT o.*, CASE WHEN NOT is_paid THEN 0 WHEN is_refunded_whole THEN gross
                         WHEN is_refunded THEN round(gross / 2, 2) ELSE 0 END AS refunded
        FROM seed_orders o) o
  ORDER BY n`;

/** $1 the tenant, $2 its currency. Balances first: the ledger's tables reference them. */
export const insertLedger = [
  `INSERT INTO points_balances (merchant_id, customer_id, balance, earned_total, spent_total, version, updated_at)
   SELECT $1, e.customer_id, sum(e.points) - coalesce(max(r.points), 0), sum(e.points) FILTER (WHERE e.points > 0),
          coalesce(max(r.points), 0), count(*) + count(DISTINCT r.customer_id), max(e.at)
   FROM seed_entries e LEFT JOIN seed_redemptions r USING (customer_id)
   WHERE $2::text <> '' GROUP BY e.customer_id`,
  `INSERT INTO points_transactions (merchant_id, transaction_id, customer_id, type, points, sequence, balance_after,
     idempotency_key, source, order_id, currency, actor, consumed, metadata, reverses_transaction_id, occurred_at, created_at)
   SELECT $1, ${seedId('$1::uuid || e.key')}, e.customer_id, e.type, e.points, e.sequence, e.balance_after, e.key, e.source,
          e.order_id, CASE WHEN e.order_id IS NOT NULL THEN $2 END, 'system',
          CASE WHEN e.points < 0 THEN jsonb_build_array(jsonb_build_array(l.sequence, -e.points)) END,
          e.metadata, NULL::uuid, e.at, e.at
   FROM seed_entries e LEFT JOIN seed_lots l ON e.points < 0 AND l.order_id = e.order_id
   UNION ALL
   SELECT $1, ${seedId("$1::uuid || 'redemption/' || r.customer_id")}, r.customer_id, 'redeem', -r.points, r.sequence,
          r.before - r.points, 'redemption/' || r.customer_id, 'redemption', NULL, NULL, 'system',
          (SELECT jsonb_agg(jsonb_build_array(t.sequence, t.points) ORDER BY t.sequence) FROM seed_takings t
           WHERE t.customer_id = r.customer_id),
          '{"reason_code": "redemption"}', NULL, r.at, r.at
   FROM seed_redemptions r`,
  `INSERT INTO point_lots (merchant_id, customer_id, sequence, points, remaining, order_id, created_at)
   SELECT $1, l.customer_id, l.sequence, l.points, l.remaining - coalesce(t.points, 0), l.order_id, l.at
   FROM seed_lots l LEFT JOIN seed_takings t USING (customer_id, sequence)
   WHERE $2::text <> ''`,
  // What a shop's metafields show is what there is.
  `UPDATE customers c SET metafield_version = b.version
   FROM points_balances b
   WHERE c.merchant_id = $1 AND b.merchant_id = $1 AND c.customer_id = b.customer_id AND $2::text <> ''`,
] as const;
