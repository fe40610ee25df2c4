-- Sets points aside. A hold is no entry: available = balance - held. It takes those that expire soonest, after what is
-- due has expired.
-- status: held | duplicate | conflict | insufficient | unknown_customer.
CREATE OR REPLACE FUNCTION ledger_hold(
  p_hold uuid, p_merchant uuid, p_customer uuid, p_points bigint, p_key text, p_purpose text, p_expires timestamptz,
  p_now timestamptz DEFAULT now()
) RETURNS TABLE (status text, hold_id uuid)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  b points_balances;
  known point_holds;
BEGIN
  PERFORM require_tenant(p_merchant);
  PERFORM ledger_lock_balances(ARRAY[p_merchant], ARRAY[p_customer]);
  SELECT * INTO b FROM points_balances WHERE merchant_id = p_merchant AND customer_id = p_customer;
  IF NOT FOUND THEN RETURN QUERY SELECT 'unknown_customer', NULL::uuid; RETURN; END IF;
  SELECT * INTO known FROM point_holds WHERE merchant_id = p_merchant AND idempotency_key = p_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN known.customer_id = p_customer AND known.points = p_points THEN 'duplicate' ELSE 'conflict' END,
                        known.hold_id;
    RETURN;
  END IF;
  PERFORM ledger_expire_member(p_merchant, p_customer, p_now);
  SELECT * INTO b FROM points_balances WHERE merchant_id = p_merchant AND customer_id = p_customer;
  IF b.balance - b.held < p_points THEN RETURN QUERY SELECT 'insufficient', NULL::uuid; RETURN; END IF;
  INSERT INTO point_holds (merchant_id, hold_id, customer_id, points, idempotency_key, purpose, expires_at)
  VALUES (p_merchant, p_hold, p_customer, p_points, p_key, p_purpose, p_expires);
  UPDATE points_balances SET held = held + p_points, updated_at = now()
  WHERE merchant_id = p_merchant AND customer_id = p_customer;
  RETURN QUERY SELECT 'held', p_hold;
END $$;
