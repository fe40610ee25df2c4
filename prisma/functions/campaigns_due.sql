-- Shops of which a campaign's stored status is behind the clock.
CREATE OR REPLACE FUNCTION campaigns_due(p_now timestamptz, p_limit integer) RETURNS TABLE (merchant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT DISTINCT due.merchant_id FROM (
    SELECT c.merchant_id FROM bonus_campaigns c WHERE c.status = 'scheduled' AND c.start_date <= p_now
    UNION ALL
    SELECT c.merchant_id FROM bonus_campaigns c WHERE c.status IN ('scheduled', 'active') AND c.end_date <= p_now
  ) due LIMIT p_limit
$$;
