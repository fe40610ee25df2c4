-- An order is awarded by who its member is at that moment (account, segments, tier, first purchase) and by the
-- campaigns it falls under; what was excluded and multiplied is read back from the award's own line. Hand-written:
-- Prisma knows nothing of doors.

-- migrate:up

DO $$
DECLARE
  target regclass;
BEGIN
  FOREACH target IN ARRAY ARRAY['customer_segments', 'vip_tiers', 'bonus_campaigns']::regclass[] LOOP
    CONTINUE WHEN EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = target AND p.polname = 'every_tenant_ledger');
    EXECUTE format('CREATE POLICY every_tenant_ledger ON %s TO loyalnest_ledger USING (true) WITH CHECK (true)', target);
  END LOOP;
END $$;
GRANT SELECT ON customer_segments, vip_tiers, bonus_campaigns TO loyalnest_ledger;

CALL become_ledger();
DROP FUNCTION orders_context(uuid[], text[], text[]);
-- The release before this one names three arguments.
CREATE FUNCTION orders_context(p_merchant uuid[], p_shopify_customer text[], p_tombstone text[],
                               p_ordered_at timestamptz[] DEFAULT NULL)
RETURNS TABLE (ord bigint, currency text, joined_at timestamptz, config jsonb, customer_id uuid, is_redacted boolean,
               campaigns jsonb, member jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid;
  first_at timestamptz;
  last_at timestamptz;
BEGIN
  SELECT min(t), max(t) INTO first_at, last_at FROM unnest(p_ordered_at) t;
  FOR tenant IN SELECT DISTINCT m FROM unnest(p_merchant) m ORDER BY m LOOP
    RETURN QUERY
    SELECT u.n, shop.currency, shop.created_at, shop.config, k.customer_id, k.redacted_at IS NOT NULL, shop.campaigns,
           k.member
    FROM unnest(p_merchant, p_shopify_customer, p_tombstone, p_ordered_at)
         WITH ORDINALITY AS u(merchant, shopify, tombstone, ordered_at, n)
    LEFT JOIN (
      SELECT m.currency, m.created_at,
             coalesce(s.config, '{}') || jsonb_build_object('dynamic_multipliers', coalesce(s.dynamic_multipliers, '{}')) AS config,
             coalesce(s.dynamic_multipliers->'enabled' ? 'first_purchase_24h', false) AS asks_first,
             (SELECT jsonb_agg(jsonb_build_object('campaign_id', b.campaign_id, 'name', b.name, 'type', b.type,
                       'status', b.status, 'start_date', b.start_date, 'end_date', b.end_date,
                       'multiplier', b.multiplier::text, 'conditions', b.conditions, 'reward', b.reward))
              FROM bonus_campaigns b
              WHERE b.merchant_id = tenant AND b.type = 'double_points' AND b.status NOT IN ('draft', 'cancelled')
                AND coalesce(b.start_date, '-infinity') <= last_at AND coalesce(b.end_date, 'infinity') > first_at) AS campaigns
      FROM merchants m LEFT JOIN program_settings s ON s.merchant_id = tenant WHERE m.merchant_id = tenant) shop ON true
    LEFT JOIN LATERAL (
      SELECT c.customer_id, c.redacted_at,
             jsonb_build_object('has_account', c.has_account, 'segments', g.segment_ids, 'tier_id', c.vip_tier_id,
               'tier_multiplier', v.benefits->>'points_multiplier',
               'is_first', shop.asks_first AND u.ordered_at < c.created_at + interval '24 hours'
                 AND NOT EXISTS (SELECT 1 FROM orders x WHERE x.merchant_id = tenant AND x.customer_id = c.customer_id
                                   AND x.ordered_at < u.ordered_at AND x.cancelled_at IS NULL)) AS member
      FROM customers c
      LEFT JOIN customer_segments g ON g.merchant_id = tenant AND g.customer_id = c.customer_id
      LEFT JOIN vip_tiers v ON v.merchant_id = tenant AND v.tier_id = c.vip_tier_id
      WHERE c.merchant_id = tenant AND c.shopify_customer_id IN (u.shopify, u.tombstone)
      ORDER BY c.redacted_at NULLS FIRST LIMIT 1) k ON true
    WHERE u.merchant = tenant;
  END LOOP;
END $$;

DROP FUNCTION orders_merge_many(jsonb);
CREATE FUNCTION orders_merge_many(p_orders jsonb)
RETURNS TABLE (ord bigint, gross numeric, currency text, is_paid boolean, is_cancelled boolean, is_historical boolean,
               customer_id uuid, refunds jsonb, snapshot text, name text, entries jsonb, ordered_at text, country text,
               lines jsonb)
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
           l.entries, to_char(o.ordered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), o.country,
           CASE WHEN l.excludes OR (e.item->>'with_lines')::boolean THEN o.line_items END
    FROM jsonb_array_elements(p_orders) WITH ORDINALITY AS e(item, n)
    JOIN orders o ON o.merchant_id = tenant AND o.shopify_order_id = e.item->>'order_id'
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('transactionId', t.transaction_id, 'key', t.idempotency_key,
               'points', t.points, 'base', t.metadata->>'base', 'rate', t.metadata->>'rate',
               'multiplier', t.metadata->>'multiplier', 'source', t.metadata->>'multiplier_source',
               'excluded', t.metadata->'excluded') ORDER BY t.sequence) AS entries,
             bool_or(t.metadata ? 'excluded') AS excludes
      FROM points_transactions t
      WHERE t.merchant_id = tenant AND t.order_id = o.shopify_order_id AND t.source = 'order') l ON true
    WHERE (e.item->>'merchant_id')::uuid = tenant;
  END LOOP;
END $$;

DO $$
DECLARE
  door regprocedure;
BEGIN
  FOREACH door IN ARRAY ARRAY['orders_context(uuid[], text[], text[], timestamptz[])', 'orders_merge_many(jsonb)']::regprocedure[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO loyalnest_ledger', door);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO loyalnest_app', door);
  END LOOP;
END $$;
CALL step_back_from_ledger();

-- migrate:down
CALL become_ledger();
DROP FUNCTION orders_context(uuid[], text[], text[], timestamptz[]);
CREATE FUNCTION orders_context(p_merchant uuid[], p_shopify_customer text[], p_tombstone text[])
RETURNS TABLE (ord bigint, currency text, joined_at timestamptz, config jsonb, customer_id uuid, is_redacted boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid;
BEGIN
  FOR tenant IN SELECT DISTINCT m FROM unnest(p_merchant) m ORDER BY m LOOP
    RETURN QUERY
    SELECT u.n, shop.currency, shop.created_at, shop.config, k.customer_id, k.redacted_at IS NOT NULL
    FROM unnest(p_merchant, p_shopify_customer, p_tombstone) WITH ORDINALITY AS u(merchant, shopify, tombstone, n)
    LEFT JOIN (SELECT m.currency, m.created_at, s.config FROM merchants m
               LEFT JOIN program_settings s ON s.merchant_id = tenant WHERE m.merchant_id = tenant) shop ON true
    LEFT JOIN LATERAL (
      SELECT c.customer_id, c.redacted_at FROM customers c
      WHERE c.merchant_id = tenant AND c.shopify_customer_id IN (u.shopify, u.tombstone)
      ORDER BY c.redacted_at NULLS FIRST LIMIT 1) k ON true
    WHERE u.merchant = tenant;
  END LOOP;
END $$;

DROP FUNCTION orders_merge_many(jsonb);
CREATE FUNCTION orders_merge_many(p_orders jsonb)
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

DO $$
DECLARE
  door regprocedure;
BEGIN
  FOREACH door IN ARRAY ARRAY['orders_context(uuid[], text[], text[])', 'orders_merge_many(jsonb)']::regprocedure[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO loyalnest_ledger', door);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO loyalnest_app', door);
  END LOOP;
END $$;
CALL step_back_from_ledger();
REVOKE SELECT ON customer_segments, vip_tiers, bonus_campaigns FROM loyalnest_ledger;
DROP POLICY every_tenant_ledger ON customer_segments;
DROP POLICY every_tenant_ledger ON vip_tiers;
DROP POLICY every_tenant_ledger ON bonus_campaigns;
