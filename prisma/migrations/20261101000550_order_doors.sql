-- Orders are recorded in batches that span tenants, as awards are; see the ledger's doors for why and how.
-- Locks are taken in the order orders, customers, balances.

-- migrate:up

-- What settling needs to know of each order's tenant and customer. A customer who was erased is found by the tombstone
-- that stands in the place of the Shopify id. One tenant after the other: a statement that knows its tenant opens one
-- partition, a statement that joins tenants opens them all.
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

-- Makes members that an order is the first sign of; those that exist already stay as they are. Encrypted values
-- arrive base64-encoded. Answers the id of each, in the order of the argument.
CREATE FUNCTION orders_ensure_customers(p_customers jsonb) RETURNS TABLE (customer_id uuid)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO customers (merchant_id, customer_id, shopify_customer_id, email, email_hash, first_name, last_name,
                         name_tokens, locale, state, has_account)
  SELECT r.merchant_id, r.customer_id, r.shopify_customer_id, decode(r.email, 'base64'), decode(r.email_hash, 'base64'),
         decode(r.first_name, 'base64'), decode(r.last_name, 'base64'),
         ARRAY(SELECT decode(t, 'base64') FROM jsonb_array_elements_text(coalesce(r.name_tokens, '[]')) t),
         coalesce(r.locale, 'en'), r.state, coalesce(r.state, '') = 'enabled'
  FROM jsonb_to_recordset(p_customers) AS r(merchant_id uuid, customer_id uuid, shopify_customer_id text, email text,
       email_hash text, first_name text, last_name text, name_tokens jsonb, locale text, state text)
  ORDER BY r.merchant_id, r.shopify_customer_id
  ON CONFLICT (merchant_id, shopify_customer_id) DO NOTHING;
  RETURN QUERY
  SELECT c.customer_id
  FROM jsonb_array_elements(p_customers) WITH ORDINALITY AS e(item, n)
  JOIN customers c ON c.merchant_id = (e.item->>'merchant_id')::uuid AND c.shopify_customer_id = e.item->>'shopify_customer_id'
  ORDER BY e.n;
END $$;

-- Adds facts to what is known of each order and answers all that is known, with the entries the ledger has for it.
-- Facts only accumulate: refunds are united by id, paid and cancelled stay, and the newest snapshot gives the rest.
-- No order may stand twice in one call. One tenant after the other, for the reason above.
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

CALL become_ledger();
DO $$
DECLARE
  door regprocedure;
BEGIN
  FOR door IN
    SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'public' AND p.proname LIKE 'orders\_%'
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO loyalnest_ledger', door);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO loyalnest_app', door);
  END LOOP;
END $$;
CALL step_back_from_ledger();

-- migrate:down
DROP FUNCTION IF EXISTS orders_merge_many(jsonb);
DROP FUNCTION IF EXISTS orders_ensure_customers(jsonb);
DROP FUNCTION IF EXISTS orders_context(uuid[], text[], text[]);
