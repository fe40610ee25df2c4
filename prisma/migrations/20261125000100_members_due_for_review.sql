-- What the programme hangs on a member beside points (segments, tiers, goals) is worked out a moment after an order, for
-- many members at once: the order only marks its member. Hand-written: Prisma knows nothing of doors.

-- migrate:up

ALTER TABLE customers ADD COLUMN review_due_at timestamptz;
-- Only those who wait stand in it, so that asking who is due costs the same in a large shop as in a small one.
CREATE INDEX idx_customers_review_due_at ON customers (review_due_at) WHERE review_due_at IS NOT NULL;
ALTER TABLE orders ADD COLUMN country text CHECK (country ~ '^[A-Z]{2}$');

CALL become_ledger();
CREATE OR REPLACE FUNCTION orders_merge_many(p_orders jsonb)
RETURNS TABLE (ord bigint, gross numeric, currency text, is_paid boolean, is_cancelled boolean, is_historical boolean,
               customer_id uuid, refunds jsonb, snapshot text, name text, entries jsonb)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid;
  ids text[];
  members uuid[];
BEGIN
  FOR tenant IN SELECT DISTINCT (e->>'merchant_id')::uuid FROM jsonb_array_elements(p_orders) e ORDER BY 1 LOOP
    WITH merged AS (
      INSERT INTO orders AS o (merchant_id, shopify_order_id, name, customer_id, subtotal, gross_subtotal, total, refunded,
        currency, presentment_currency, financial_status, channel, ordered_at, paid_at, cancelled_at, source_updated_at,
        refunds, line_items, is_historical, country)
      SELECT tenant, r.order_id, r.name, r.customer_id, coalesce(r.subtotal, 0), coalesce(r.gross, 0), coalesce(r.total, 0),
        least(coalesce(r.gross, 0), coalesce((SELECT sum((f.value->>'subtotal')::numeric) FROM jsonb_each(r.refunds) f), 0)),
        r.currency, r.presentment_currency, r.financial_status, coalesce(r.channel, 'online'), r.ordered_at, r.paid_at,
        r.cancelled_at, r.updated_at, r.refunds, coalesce(r.lines, '[]'), r.is_historical, r.country
      FROM jsonb_to_recordset(p_orders) AS r(merchant_id uuid, order_id text, name text, customer_id uuid, subtotal numeric,
        gross numeric, total numeric, currency text, presentment_currency text, financial_status text, channel text,
        ordered_at timestamptz, paid_at timestamptz, cancelled_at timestamptz, updated_at timestamptz, refunds jsonb,
        lines jsonb, is_historical boolean, country text)
      WHERE r.merchant_id = tenant
      ORDER BY r.order_id
      ON CONFLICT (merchant_id, shopify_order_id) DO UPDATE SET
        (name, subtotal, gross_subtotal, total, currency, presentment_currency, financial_status, channel, ordered_at,
         line_items, source_updated_at, refunded) =
          (SELECT w.name, w.subtotal, w.gross_subtotal, w.total, w.currency, w.presentment_currency, w.financial_status,
                  w.channel, w.ordered_at, w.line_items, w.source_updated_at,
                  least(w.gross_subtotal, coalesce((SELECT sum((f.value->>'subtotal')::numeric)
                                                    FROM jsonb_each(o.refunds || EXCLUDED.refunds) f), 0))
           FROM (SELECT EXCLUDED.name, EXCLUDED.subtotal, EXCLUDED.gross_subtotal, EXCLUDED.total, EXCLUDED.currency,
                        EXCLUDED.presentment_currency, EXCLUDED.financial_status, EXCLUDED.channel, EXCLUDED.ordered_at,
                        -- A snapshot without lines was read where they are not told; an order always has some.
                        CASE EXCLUDED.line_items WHEN '[]' THEN o.line_items ELSE EXCLUDED.line_items END AS line_items,
                        EXCLUDED.source_updated_at
                 WHERE EXCLUDED.source_updated_at >= coalesce(o.source_updated_at, '-infinity')
                 UNION ALL
                 SELECT o.name, o.subtotal, o.gross_subtotal, o.total, o.currency, o.presentment_currency,
                        o.financial_status, o.channel, o.ordered_at, o.line_items, o.source_updated_at
                 LIMIT 1) w),
        customer_id = coalesce(o.customer_id, EXCLUDED.customer_id),
        country = coalesce(EXCLUDED.country, o.country),
        paid_at = least(o.paid_at, EXCLUDED.paid_at),
        cancelled_at = least(o.cancelled_at, EXCLUDED.cancelled_at),
        refunds = o.refunds || EXCLUDED.refunds,
        is_historical = o.is_historical AND EXCLUDED.is_historical,
        updated_at = now()
      RETURNING o.shopify_order_id, o.customer_id
    )
    SELECT array_agg(m.shopify_order_id), array_agg(DISTINCT m.customer_id) FILTER (WHERE m.customer_id IS NOT NULL)
    INTO ids, members FROM merged m;

    IF cardinality(members) > 1 THEN
      PERFORM 1 FROM customers c WHERE c.merchant_id = tenant AND c.customer_id = ANY (members)
      ORDER BY c.customer_id FOR NO KEY UPDATE;
    END IF;
    UPDATE customers c
    SET (order_count, total_spend, last_order_at, review_due_at) =
      (SELECT count(*), coalesce(sum(x.gross_subtotal - x.refunded), 0), max(x.ordered_at),
              coalesce(c.review_due_at, now()) FROM orders x
       WHERE x.merchant_id = tenant AND x.customer_id = c.customer_id AND x.cancelled_at IS NULL
         AND x.source_updated_at IS NOT NULL)
    WHERE c.merchant_id = tenant AND c.customer_id = ANY (members);

    RETURN QUERY
    SELECT e.n, o.gross_subtotal, o.currency, o.paid_at IS NOT NULL, o.cancelled_at IS NOT NULL, o.is_historical,
           o.customer_id, o.refunds, to_char(o.source_updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), o.name,
           (SELECT jsonb_agg(jsonb_build_object('transactionId', t.transaction_id, 'key', t.idempotency_key,
                      'points', t.points, 'base', t.metadata->>'base', 'rate', t.metadata->>'rate') ORDER BY t.sequence)
            FROM points_transactions t
            WHERE t.merchant_id = tenant AND t.order_id = o.shopify_order_id AND t.source = 'order')
    FROM jsonb_array_elements(p_orders) WITH ORDINALITY AS e(item, n)
    JOIN orders o ON o.merchant_id = tenant AND o.shopify_order_id = e.item->>'order_id'
    WHERE (e.item->>'merchant_id')::uuid = tenant;
  END LOOP;
END $$;
CALL step_back_from_ledger();

-- migrate:down
CALL become_ledger();
CREATE OR REPLACE FUNCTION orders_merge_many(p_orders jsonb)
RETURNS TABLE (ord bigint, gross numeric, currency text, is_paid boolean, is_cancelled boolean, is_historical boolean,
               customer_id uuid, refunds jsonb, snapshot text, name text, entries jsonb)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid;
  ids text[];
  members uuid[];
BEGIN
  FOR tenant IN SELECT DISTINCT (e->>'merchant_id')::uuid FROM jsonb_array_elements(p_orders) e ORDER BY 1 LOOP
    WITH merged AS (
      INSERT INTO orders AS o (merchant_id, shopify_order_id, name, customer_id, subtotal, gross_subtotal, total, refunded,
        currency, presentment_currency, financial_status, channel, ordered_at, paid_at, cancelled_at, source_updated_at,
        refunds, line_items, is_historical)
      SELECT tenant, r.order_id, r.name, r.customer_id, coalesce(r.subtotal, 0), coalesce(r.gross, 0), coalesce(r.total, 0),
        least(coalesce(r.gross, 0), coalesce((SELECT sum((f.value->>'subtotal')::numeric) FROM jsonb_each(r.refunds) f), 0)),
        r.currency, r.presentment_currency, r.financial_status, coalesce(r.channel, 'online'), r.ordered_at, r.paid_at,
        r.cancelled_at, r.updated_at, r.refunds, coalesce(r.lines, '[]'), r.is_historical
      FROM jsonb_to_recordset(p_orders) AS r(merchant_id uuid, order_id text, name text, customer_id uuid, subtotal numeric,
        gross numeric, total numeric, currency text, presentment_currency text, financial_status text, channel text,
        ordered_at timestamptz, paid_at timestamptz, cancelled_at timestamptz, updated_at timestamptz, refunds jsonb,
        lines jsonb, is_historical boolean)
      WHERE r.merchant_id = tenant
      ORDER BY r.order_id
      ON CONFLICT (merchant_id, shopify_order_id) DO UPDATE SET
        (name, subtotal, gross_subtotal, total, currency, presentment_currency, financial_status, channel, ordered_at,
         line_items, source_updated_at, refunded) =
          (SELECT w.name, w.subtotal, w.gross_subtotal, w.total, w.currency, w.presentment_currency, w.financial_status,
                  w.channel, w.ordered_at, w.line_items, w.source_updated_at,
                  least(w.gross_subtotal, coalesce((SELECT sum((f.value->>'subtotal')::numeric)
                                                    FROM jsonb_each(o.refunds || EXCLUDED.refunds) f), 0))
           FROM (SELECT EXCLUDED.name, EXCLUDED.subtotal, EXCLUDED.gross_subtotal, EXCLUDED.total, EXCLUDED.currency,
                        EXCLUDED.presentment_currency, EXCLUDED.financial_status, EXCLUDED.channel, EXCLUDED.ordered_at,
                        EXCLUDED.line_items, EXCLUDED.source_updated_at
                 WHERE EXCLUDED.source_updated_at >= coalesce(o.source_updated_at, '-infinity')
                 UNION ALL
                 SELECT o.name, o.subtotal, o.gross_subtotal, o.total, o.currency, o.presentment_currency,
                        o.financial_status, o.channel, o.ordered_at, o.line_items, o.source_updated_at
                 LIMIT 1) w),
        customer_id = coalesce(o.customer_id, EXCLUDED.customer_id),
        paid_at = least(o.paid_at, EXCLUDED.paid_at),
        cancelled_at = least(o.cancelled_at, EXCLUDED.cancelled_at),
        refunds = o.refunds || EXCLUDED.refunds,
        is_historical = o.is_historical AND EXCLUDED.is_historical,
        updated_at = now()
      RETURNING o.shopify_order_id, o.customer_id
    )
    SELECT array_agg(m.shopify_order_id), array_agg(DISTINCT m.customer_id) FILTER (WHERE m.customer_id IS NOT NULL)
    INTO ids, members FROM merged m;

    IF cardinality(members) > 1 THEN
      PERFORM 1 FROM customers c WHERE c.merchant_id = tenant AND c.customer_id = ANY (members)
      ORDER BY c.customer_id FOR NO KEY UPDATE;
    END IF;
    UPDATE customers c
    SET (order_count, total_spend, last_order_at) =
      (SELECT count(*), coalesce(sum(x.gross_subtotal - x.refunded), 0), max(x.ordered_at) FROM orders x
       WHERE x.merchant_id = tenant AND x.customer_id = c.customer_id AND x.cancelled_at IS NULL
         AND x.source_updated_at IS NOT NULL)
    WHERE c.merchant_id = tenant AND c.customer_id = ANY (members);

    RETURN QUERY
    SELECT e.n, o.gross_subtotal, o.currency, o.paid_at IS NOT NULL, o.cancelled_at IS NOT NULL, o.is_historical,
           o.customer_id, o.refunds, to_char(o.source_updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), o.name,
           (SELECT jsonb_agg(jsonb_build_object('transactionId', t.transaction_id, 'key', t.idempotency_key,
                      'points', t.points, 'base', t.metadata->>'base', 'rate', t.metadata->>'rate') ORDER BY t.sequence)
            FROM points_transactions t
            WHERE t.merchant_id = tenant AND t.order_id = o.shopify_order_id AND t.source = 'order')
    FROM jsonb_array_elements(p_orders) WITH ORDINALITY AS e(item, n)
    JOIN orders o ON o.merchant_id = tenant AND o.shopify_order_id = e.item->>'order_id'
    WHERE (e.item->>'merchant_id')::uuid = tenant;
  END LOOP;
END $$;
CALL step_back_from_ledger();
ALTER TABLE orders DROP COLUMN country;
DROP INDEX idx_customers_review_due_at;
ALTER TABLE customers DROP COLUMN review_due_at;
