-- Where earning extends the life of points: every lot of a member that expires lives p_days from what they earned last.
-- p_customers: whose; null for all with lots that expire before p_before. Answers how many lots were extended.
CREATE OR REPLACE FUNCTION ledger_extend_by_earning(
  p_merchant uuid, p_customers uuid[], p_before timestamptz, p_days integer
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  persons uuid[] := p_customers;
  changed bigint;
  zone text := (SELECT m.timezone FROM merchants m WHERE m.merchant_id = p_merchant);
BEGIN
  PERFORM require_tenant(p_merchant);
  IF persons IS NULL THEN
    SELECT array_agg(DISTINCT l.customer_id) INTO persons FROM point_lots l
    WHERE l.merchant_id = p_merchant AND l.remaining > 0 AND l.expires_at < p_before;
  END IF;
  IF persons IS NULL OR cardinality(persons) = 0 THEN RETURN 0; END IF;
  PERFORM ledger_lock_balances(array_fill(p_merchant, ARRAY[cardinality(persons)]), persons);
  UPDATE point_lots l SET expires_at = a.until
  FROM (SELECT t.customer_id, shop_day_end(max(t.created_at), p_days, zone) AS until FROM points_transactions t
        WHERE t.merchant_id = p_merchant AND t.customer_id = ANY (persons) AND t.type IN ('earn', 'referral', 'campaign')
        GROUP BY t.customer_id) a
  WHERE l.merchant_id = p_merchant AND l.customer_id = a.customer_id AND l.remaining > 0 AND l.expires_at < a.until;
  GET DIAGNOSTICS changed = ROW_COUNT;
  RETURN changed;
END $$;
