-- Syncs that no worker has touched for so long, for the caller to take up; others are not given them before the same time
-- has passed again. What has not come to an end within a day has failed: its shop may start again.
CREATE OR REPLACE FUNCTION syncs_claim_stalled(p_seconds integer, p_limit integer)
RETURNS TABLE (merchant_id uuid, shopify_domain text, status text)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH stalled AS (
    SELECT s.merchant_id, s.sync_id FROM sync_runs s
    JOIN merchants m ON m.merchant_id = s.merchant_id AND m.uninstalled_at IS NULL
    WHERE s.status IN ('queued', 'running') AND s.touched_at < now() - make_interval(secs => p_seconds)
    ORDER BY s.touched_at LIMIT p_limit FOR UPDATE OF s SKIP LOCKED
  ), claimed AS (
    UPDATE sync_runs s SET
      touched_at = now(),
      status = CASE WHEN s.created_at < now() - interval '1 day' THEN 'failed' ELSE s.status END,
      problem_code = CASE WHEN s.created_at < now() - interval '1 day' THEN 'timeout' ELSE s.problem_code END,
      finished_at = CASE WHEN s.created_at < now() - interval '1 day' THEN now() ELSE s.finished_at END
    FROM stalled WHERE s.merchant_id = stalled.merchant_id AND s.sync_id = stalled.sync_id
    RETURNING s.merchant_id, s.status
  )
  SELECT c.merchant_id, m.shopify_domain, c.status
  FROM claimed c JOIN merchants m ON m.merchant_id = c.merchant_id WHERE c.status <> 'failed'
$$;
