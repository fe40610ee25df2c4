-- Leases the oldest events that are not leased; a caller that does not acknowledge in time loses them.
CREATE OR REPLACE FUNCTION outbox_claim(p_limit integer, p_lease_seconds integer)
RETURNS TABLE (event_id text, merchant_id uuid, shop_domain text, kind text, payload jsonb, created_at timestamptz,
               attempts integer, traceparent text)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH claimed AS (
    UPDATE outbox_events e SET
      claimed_at = now(), claim_expires_at = now() + make_interval(secs => p_lease_seconds), attempts = e.attempts + 1
    FROM (SELECT o.event_id FROM outbox_events o
          WHERE o.acknowledged_at IS NULL AND (o.claim_expires_at IS NULL OR o.claim_expires_at < now())
          ORDER BY o.event_id LIMIT p_limit FOR UPDATE SKIP LOCKED) free
    WHERE e.event_id = free.event_id
    RETURNING e.*
  )
  SELECT c.event_id::text, c.merchant_id, m.shopify_domain, c.kind, c.payload, c.created_at, c.attempts,
         c.traceparent
  FROM claimed c LEFT JOIN merchants m ON m.merchant_id = c.merchant_id ORDER BY c.event_id
$$;
