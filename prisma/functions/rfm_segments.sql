-- The thresholds of a shop's segments as they were last saved, and its members in each as they were last counted, in one
-- statement and thus one round trip. The caller's own rights and row security apply: the function only sets the tenant,
-- for the one transaction that the statement is. No row: no such shop.
CREATE OR REPLACE FUNCTION rfm_segments(p_merchant uuid)
RETURNS TABLE (rfm_thresholds jsonb, counts jsonb, counted_at timestamptz)
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('app.merchant_id', p_merchant::text, true);
  RETURN QUERY
  SELECT s.rfm_thresholds, c.counts, c.counted_at
  FROM merchants m
  LEFT JOIN program_settings s ON s.merchant_id = p_merchant
  CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(v.segment_name, v.customer_count) AS counts, max(v.last_refreshed) AS counted_at
    FROM merchant_rfm_segment_counts v) c
  WHERE m.merchant_id = p_merchant;
END $$;
