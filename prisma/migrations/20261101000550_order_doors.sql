-- Orders are recorded in batches that span tenants, as awards are; see the ledger's doors for why and how.
-- Locks are taken in the order orders, customers, balances.

-- migrate:up

-- What settling needs to know of each order's tenant and customer, in the order of the arguments. A customer who was
-- erased is found by the tombstone that stands in the place of the Shopify id.
CREATE FUNCTION orders_context(p_merchant uuid[], p_shopify_customer text[], p_tombstone text[])
RETURNS TABLE (currency text, joined_at timestamptz, config jsonb, customer_id uuid, is_redacted boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT m.currency, m.created_at, s.config, k.customer_id, k.redacted_at IS NOT NULL
  FROM unnest(p_merchant, p_shopify_customer, p_tombstone) WITH ORDINALITY AS u(merchant, shopify, tombstone, n)
  LEFT JOIN merchants m ON m.merchant_id = u.merchant
  LEFT JOIN program_settings s ON s.merchant_id = u.merchant
  LEFT JOIN LATERAL (
    SELECT c.customer_id, c.redacted_at FROM customers c
    WHERE c.merchant_id = u.merchant AND u.shopify IS NOT NULL AND c.shopify_customer_id IN (u.shopify, u.tombstone)
    ORDER BY c.redacted_at NULLS FIRST LIMIT 1) k ON true
  ORDER BY u.n
$$;

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
-- No order may stand twice in one call.
CREATE FUNCTION orders_merge_many(p_orders jsonb)
RETURNS TABLE (gross numeric, currency text, is_paid boolean, is_cancelled boolean, is_historical boolean,
               customer_id uuid, refunds jsonb, snapshot text, name text, entries jsonb)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO orders AS o (merchant_id, shopify_order_id, name, customer_id, subtotal, gross_subtotal, total, refunded,
    currency, presentment_currency, financial_status, channel, ordered_at, paid_at, cancelled_at, source_updated_at,
    refunds, line_items, is_historical)
  SELECT r.merchant_id, r.order_id, r.name, r.customer_id, coalesce(r.subtotal, 0), coalesce(r.gross, 0), coalesce(r.total, 0),
    0, r.currency, r.presentment_currency, r.financial_status, coalesce(r.channel, 'online'), r.ordered_at, r.paid_at,
    r.cancelled_at, r.updated_at, r.refunds, coalesce(r.lines, '[]'), r.is_historical
  FROM jsonb_to_recordset(p_orders) AS r(merchant_id uuid, order_id text, name text, customer_id uuid, subtotal numeric,
    gross numeric, total numeric, currency text, presentment_currency text, financial_status text, channel text,
    ordered_at timestamptz, paid_at timestamptz, cancelled_at timestamptz, updated_at timestamptz, refunds jsonb,
    lines jsonb, is_historical boolean)
  ORDER BY r.merchant_id, r.order_id
  ON CONFLICT (merchant_id, shopify_order_id) DO UPDATE SET
    (name, subtotal, gross_subtotal, total, currency, presentment_currency, financial_status, channel, ordered_at,
     line_items, source_updated_at) =
      (SELECT w.name, w.subtotal, w.gross_subtotal, w.total, w.currency, w.presentment_currency, w.financial_status,
              w.channel, w.ordered_at, w.line_items, w.source_updated_at
       FROM (SELECT EXCLUDED.*) w
       WHERE EXCLUDED.source_updated_at >= coalesce(o.source_updated_at, '-infinity')
       UNION ALL
       SELECT o.name, o.subtotal, o.gross_subtotal, o.total, o.currency, o.presentment_currency, o.financial_status,
              o.channel, o.ordered_at, o.line_items, o.source_updated_at
       LIMIT 1),
    customer_id = coalesce(o.customer_id, EXCLUDED.customer_id),
    paid_at = least(o.paid_at, EXCLUDED.paid_at),
    cancelled_at = least(o.cancelled_at, EXCLUDED.cancelled_at),
    refunds = o.refunds || EXCLUDED.refunds,
    is_historical = o.is_historical AND EXCLUDED.is_historical,
    updated_at = now();

  UPDATE orders o
  SET refunded = least(o.gross_subtotal, coalesce((SELECT sum((f.value->>'subtotal')::numeric) FROM jsonb_each(o.refunds) f), 0))
  FROM jsonb_array_elements(p_orders) e
  WHERE o.merchant_id = (e->>'merchant_id')::uuid AND o.shopify_order_id = e->>'order_id' AND o.refunds <> '{}';

  PERFORM 1 FROM customers c
  WHERE (c.merchant_id, c.customer_id) IN (
    SELECT o.merchant_id, o.customer_id FROM jsonb_array_elements(p_orders) e
    JOIN orders o ON o.merchant_id = (e->>'merchant_id')::uuid AND o.shopify_order_id = e->>'order_id')
  ORDER BY c.merchant_id, c.customer_id FOR NO KEY UPDATE;

  UPDATE customers c
  SET order_count = s.orders, total_spend = s.spend, last_order_at = s.last
  FROM (SELECT DISTINCT o.merchant_id, o.customer_id FROM jsonb_array_elements(p_orders) e
        JOIN orders o ON o.merchant_id = (e->>'merchant_id')::uuid AND o.shopify_order_id = e->>'order_id'
        WHERE o.customer_id IS NOT NULL) d,
  LATERAL (SELECT count(*) AS orders, coalesce(sum(x.gross_subtotal - x.refunded), 0) AS spend, max(x.ordered_at) AS last
           FROM orders x
           WHERE x.merchant_id = d.merchant_id AND x.customer_id = d.customer_id AND x.cancelled_at IS NULL
             AND x.source_updated_at IS NOT NULL) s
  WHERE c.merchant_id = d.merchant_id AND c.customer_id = d.customer_id;

  RETURN QUERY
  SELECT o.gross_subtotal, o.currency, o.paid_at IS NOT NULL, o.cancelled_at IS NOT NULL, o.is_historical, o.customer_id,
         o.refunds, to_char(o.source_updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), o.name,
         (SELECT jsonb_agg(jsonb_build_object('transactionId', t.transaction_id, 'key', t.idempotency_key,
                    'points', t.points, 'base', t.metadata->>'base', 'rate', t.metadata->>'rate') ORDER BY t.sequence)
          FROM points_transactions t
          WHERE t.merchant_id = o.merchant_id AND t.order_id = o.shopify_order_id AND t.source = 'order')
  FROM jsonb_array_elements(p_orders) WITH ORDINALITY AS e(item, n)
  JOIN orders o ON o.merchant_id = (e.item->>'merchant_id')::uuid AND o.shopify_order_id = e.item->>'order_id'
  ORDER BY e.n;
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
