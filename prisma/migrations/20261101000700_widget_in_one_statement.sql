-- All that the storefront's first view needs, in one statement and thus one round trip. Hand-written: Prisma knows
-- nothing of functions. The caller's own rights and row-level security apply: the function only sets the tenant, for
-- the one transaction that the statement is.

-- migrate:up

-- p_shopify_customer: null for a guest.
CREATE FUNCTION frontend_widget(p_merchant uuid, p_shopify_customer text, p_entries integer)
RETURNS TABLE (
  currency text, language jsonb, config jsonb, program_updated_at timestamptz, branding jsonb,
  customer_id uuid, first_name bytea, signup_done boolean, balance jsonb, recent jsonb
)
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
-- Planned once per connection: planning seven partitioned tables costs more than reading them by key.
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('app.merchant_id', p_merchant::text, true);
  RETURN QUERY
  SELECT m.currency, m.language, coalesce(s.config, '{}'), s.updated_at, coalesce(s.branding, '{}'),
         c.customer_id, c.first_name,
         EXISTS (SELECT 1 FROM points_transactions t
                 WHERE t.merchant_id = p_merchant AND t.idempotency_key = 'signup/' || c.customer_id),
         (SELECT jsonb_build_object(
             'customer_id', b.customer_id, 'balance', b.balance, 'held', b.held, 'debt', b.debt, 'version', b.version,
             'earned_total', b.earned_total, 'spent_total', b.spent_total, 'updated_at', b.updated_at,
             'expiring_points', l.points, 'expiring_at', l.expires_at)
          FROM points_balances b
          LEFT JOIN LATERAL (
            SELECT p.expires_at, sum(p.remaining)::bigint AS points FROM point_lots p
            WHERE p.merchant_id = p_merchant AND p.customer_id = b.customer_id AND p.remaining > 0
              AND p.expires_at IS NOT NULL
            GROUP BY p.expires_at ORDER BY p.expires_at LIMIT 1) l ON true
          WHERE b.merchant_id = p_merchant AND b.customer_id = c.customer_id),
         (SELECT jsonb_agg(to_jsonb(e) ORDER BY e.sequence DESC) FROM (
            SELECT t.transaction_id, t.customer_id, t.type, t.points, t.sequence, t.balance_after, t.idempotency_key,
                   t.source, t.reason, t.order_id, t.reverses_transaction_id, t.currency, t.expiry_date, t.occurred_at,
                   t.created_at, t.actor, t.metadata, o.name AS order_name,
                   r.transaction_id AS reversed_by_transaction_id
            FROM points_transactions t
            LEFT JOIN orders o ON o.merchant_id = p_merchant AND o.shopify_order_id = t.order_id
            LEFT JOIN points_transactions r
              ON r.merchant_id = p_merchant AND r.idempotency_key = 'reversal/' || t.transaction_id
            WHERE t.merchant_id = p_merchant AND t.customer_id = c.customer_id
            ORDER BY t.sequence DESC LIMIT p_entries) e)
  FROM merchants m
  LEFT JOIN program_settings s ON s.merchant_id = p_merchant
  LEFT JOIN customers c ON c.merchant_id = p_merchant AND c.shopify_customer_id = p_shopify_customer
  WHERE m.merchant_id = p_merchant;
END $$;

REVOKE ALL ON FUNCTION frontend_widget(uuid, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION frontend_widget(uuid, text, integer) TO loyalnest_app;

-- migrate:down
DROP FUNCTION IF EXISTS frontend_widget(uuid, text, integer);
