-- One redemption, by its id or (where that is null) by its idempotency key, with what is shown beside it. With p_lock no
-- other transaction settles it until this one ends. As a function it is planned once per connection: behind a pooler in
-- transaction mode statements have no names, and planning these tables costs more than reading a row of each. The
-- caller's own rights and row security apply.
CREATE OR REPLACE FUNCTION redemption_of(p_merchant uuid, p_redemption uuid, p_key text, p_lock boolean)
RETURNS TABLE (
  redemption_id uuid, customer_id uuid, reward_id uuid, campaign_id uuid, hold_id uuid, points_spent bigint,
  discount_code bytea, shopify_discount_id text, status text, currency text, value text, expires_at timestamptz,
  used_order_id text, idempotency_key text, created_at timestamptz, terms jsonb, transaction_id uuid, failure_code text,
  completed_at timestamptz, used_at timestamptz, return_requested_at timestamptz, sent_at timestamptz,
  used_order_name text, shopify_customer_id text, redacted_at timestamptz, first_name bytea, last_name bytea, gift text
)
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  found uuid := p_redemption;
BEGIN
  IF found IS NULL THEN
    SELECT k.redemption_id INTO found FROM reward_redemptions k
    WHERE k.merchant_id = p_merchant AND k.idempotency_key = p_key;
  END IF;
  IF p_lock THEN
    PERFORM 1 FROM reward_redemptions l WHERE l.merchant_id = p_merchant AND l.redemption_id = found FOR UPDATE;
  END IF;
  RETURN QUERY
  SELECT r.redemption_id, r.customer_id, r.reward_id, r.campaign_id, r.hold_id, r.points_spent, r.discount_code,
         r.shopify_discount_id, r.status, r.currency, r.value::text, r.expires_at, r.used_order_id, r.idempotency_key,
         r.created_at, r.terms, r.transaction_id, r.failure_code, r.completed_at, r.used_at, r.return_requested_at,
         r.sent_at,
         (SELECT o.name FROM orders o WHERE o.merchant_id = p_merchant AND o.shopify_order_id = r.used_order_id),
         c.shopify_customer_id, c.redacted_at, c.first_name, c.last_name, r.gift
  FROM reward_redemptions r JOIN customers c ON c.merchant_id = p_merchant AND c.customer_id = r.customer_id
  WHERE r.merchant_id = p_merchant AND r.redemption_id = found;
END $$;
