-- Leases unfinished deliveries that no worker has touched for so long, the oldest first.
CREATE OR REPLACE FUNCTION inbox_claim_stale(p_limit integer, p_older_than_seconds integer) RETURNS TABLE (delivery_id uuid)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  UPDATE webhook_inbox d SET claimed_at = now()
  FROM (SELECT i.delivery_id FROM webhook_inbox i
        WHERE i.status IN ('received', 'processing')
          AND coalesce(i.claimed_at, i.received_at) < now() - make_interval(secs => p_older_than_seconds)
        ORDER BY coalesce(i.claimed_at, i.received_at) LIMIT p_limit FOR UPDATE SKIP LOCKED) stale
  WHERE d.delivery_id = stale.delivery_id
  RETURNING d.delivery_id
$$;
