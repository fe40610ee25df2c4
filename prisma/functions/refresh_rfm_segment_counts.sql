-- Recounts the members of each segment, for every tenant. Runs as the role that may see all of them.
CREATE OR REPLACE FUNCTION refresh_rfm_segment_counts() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF (SELECT c.relispopulated FROM pg_class c WHERE c.oid = 'rfm_segment_counts'::regclass) THEN
    REFRESH MATERIALIZED VIEW CONCURRENTLY rfm_segment_counts;
  ELSE
    -- Restored from a dump of its definition alone: what was never filled cannot be refreshed concurrently.
    REFRESH MATERIALIZED VIEW rfm_segment_counts;
  END IF;
END $$;
