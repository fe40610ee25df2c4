-- Ends a hold: `confirmed` debits its points, `released` and `expired` return them to the member.
-- status: settled | duplicate (ended so before) | conflict (ended otherwise) | unknown_hold.
CREATE OR REPLACE FUNCTION ledger_settle_hold(
  p_id uuid, p_merchant uuid, p_hold uuid, p_outcome text, p_source text, p_actor text, p_metadata jsonb
) RETURNS TABLE (status text, transaction_id uuid)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  h point_holds;
  entry uuid;
BEGIN
  PERFORM require_tenant(p_merchant);
  SELECT * INTO h FROM point_holds WHERE merchant_id = p_merchant AND hold_id = p_hold;
  IF NOT FOUND THEN RETURN QUERY SELECT 'unknown_hold', NULL::uuid; RETURN; END IF;
  PERFORM ledger_lock_balances(ARRAY[p_merchant], ARRAY[h.customer_id]);
  SELECT * INTO h FROM point_holds WHERE merchant_id = p_merchant AND hold_id = p_hold;
  IF h.status <> 'active' THEN
    RETURN QUERY SELECT CASE WHEN h.status = p_outcome THEN 'duplicate' ELSE 'conflict' END, h.transaction_id; RETURN;
  END IF;
  IF p_outcome = 'confirmed' THEN
    -- The points were set aside, so the debit is never refused; a refund meanwhile leaves a debt.
    SELECT d.transaction_id INTO entry FROM ledger_debit(p_id, p_merchant, h.customer_id, h.points, 'hold/' || p_hold, 'redeem',
      p_source, NULL, NULL, p_actor, p_metadata, 'debt', NULL, h.points) d;
  END IF;
  UPDATE points_balances SET held = held - h.points, updated_at = now()
  WHERE merchant_id = p_merchant AND customer_id = h.customer_id;
  UPDATE point_holds SET status = p_outcome, transaction_id = entry, settled_at = now()
  WHERE merchant_id = p_merchant AND hold_id = p_hold;
  RETURN QUERY SELECT 'settled', entry;
END $$;
