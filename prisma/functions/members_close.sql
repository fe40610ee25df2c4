-- Closes the balances of members who are merged into another or erased, for good. They must have nothing left.
CREATE OR REPLACE FUNCTION members_close(p_merchant uuid, p_customers uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  PERFORM require_own_tenant(p_merchant);
  INSERT INTO points_balances AS b (merchant_id, customer_id, closed_at)
  SELECT p_merchant, c, now() FROM (SELECT DISTINCT c FROM unnest(p_customers) c) d ORDER BY c
  ON CONFLICT (merchant_id, customer_id) DO UPDATE SET closed_at = coalesce(b.closed_at, now());
  IF EXISTS (SELECT 1 FROM points_balances b WHERE b.merchant_id = p_merchant AND b.customer_id = ANY (p_customers)
             AND (b.balance <> 0 OR b.held <> 0)) THEN
    RAISE EXCEPTION 'a balance that is not empty cannot be closed' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
END $$;
