-- Holds go with a member who is merged into another: a redemption that is under way is finished by the member who has the points
-- now.
CREATE OR REPLACE FUNCTION members_move_holds(p_merchant uuid, p_from uuid, p_to uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  moved bigint;
BEGIN
  PERFORM require_own_tenant(p_merchant);
  PERFORM ledger_lock_balances(ARRAY[p_merchant, p_merchant], ARRAY[p_from, p_to]);
  SELECT coalesce(sum(h.points), 0) INTO moved FROM point_holds h
  WHERE h.merchant_id = p_merchant AND h.customer_id = p_from AND h.status = 'active';
  IF moved = 0 THEN RETURN; END IF;
  UPDATE point_holds SET customer_id = p_to
  WHERE merchant_id = p_merchant AND customer_id = p_from AND status = 'active';
  UPDATE points_balances SET held = held + CASE customer_id WHEN p_to THEN moved ELSE -moved END, updated_at = now()
  WHERE merchant_id = p_merchant AND customer_id IN (p_from, p_to);
END $$;
