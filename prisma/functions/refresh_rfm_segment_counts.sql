-- Recounts the members of each segment, for every tenant. Runs as the role that may see all of them.
CREATE OR REPLACE FUNCTION refresh_rfm_segment_counts() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  REFRESH MATERIALIZED VIEW CONCURRENTLY rfm_segment_counts;
END $$;
