-- Open privacy requests that no worker has touched for so long, for the caller to take up.
CREATE OR REPLACE FUNCTION privacy_claim_open(p_seconds integer, p_limit integer)
RETURNS TABLE (merchant_id uuid, request_id uuid)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH waiting AS (
    SELECT g.merchant_id, g.request_id FROM gdpr_requests g
    WHERE g.status = 'pending' AND g.touched_at < now() - make_interval(secs => p_seconds)
    ORDER BY g.touched_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  )
  UPDATE gdpr_requests g SET touched_at = now()
  FROM waiting w WHERE g.merchant_id = w.merchant_id AND g.request_id = w.request_id
  RETURNING g.merchant_id, g.request_id
$$;
