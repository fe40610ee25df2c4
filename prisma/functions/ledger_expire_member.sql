-- Expires what is due of one member whose balance row is locked, by one entry. Held points are those that expire soonest,
-- so as many of the points that are due stay. Where earning extends the life of points, that is done first. Called by
-- the other ledger functions only.
CREATE OR REPLACE FUNCTION ledger_expire_member(p_merchant uuid, p_customer uuid, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  b points_balances;
  due bigint;
  amount bigint;
  days integer;
BEGIN
  PERFORM require_tenant(p_merchant);
  IF NOT EXISTS (SELECT FROM point_lots l WHERE l.merchant_id = p_merchant AND l.customer_id = p_customer
                   AND l.remaining > 0 AND l.expires_at <= p_now) THEN RETURN 0; END IF;
  SELECT (s.config->>'expiry_days')::integer INTO days FROM program_settings s
  WHERE s.merchant_id = p_merchant AND s.config->>'expiry_mode' = 'activity' AND jsonb_typeof(s.config->'expiry_days') = 'number';
  IF days > 0 THEN PERFORM ledger_extend_by_earning(p_merchant, ARRAY[p_customer], NULL, days); END IF;
  SELECT coalesce(sum(l.remaining), 0) INTO due FROM point_lots l
  WHERE l.merchant_id = p_merchant AND l.customer_id = p_customer AND l.remaining > 0 AND l.expires_at <= p_now;
  SELECT * INTO b FROM points_balances WHERE merchant_id = p_merchant AND customer_id = p_customer;
  amount := greatest(0, least(due, b.balance) - b.held);
  IF amount = 0 THEN RETURN 0; END IF;
  PERFORM ledger_debit(gen_random_uuid(), p_merchant, p_customer, amount,
    'expiry/' || p_customer || '/' || (b.version + 1), 'expire', 'expiry', NULL, NULL, 'system', '{}', 'refuse',
    NULL, 0, NULL, p_now);
  RETURN amount;
END $$;
