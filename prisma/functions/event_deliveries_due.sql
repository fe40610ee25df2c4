-- Leases events that are due to their endpoints, of all tenants, until p_until. An endpoint has at most p_per_endpoint
-- under way, and one that failed five times in a row a single one, after its rest: so a dead endpoint holds no one up.
-- One whose worker died is due again when its lease is over; receivers recognize the repetition by its id.
CREATE OR REPLACE FUNCTION event_deliveries_due(p_now timestamptz, p_until timestamptz, p_limit integer,
                                                p_per_endpoint integer)
RETURNS TABLE (merchant_id uuid, shop_domain text, delivery_id uuid, lease_id uuid)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH ready AS MATERIALIZED (
    SELECT p.merchant_id, p.endpoint_id, m.shopify_domain, w.due_at,
           CASE WHEN p.failures >= 5 THEN 1 ELSE p_per_endpoint END - (
             SELECT count(*) FROM event_deliveries s
             WHERE s.merchant_id = p.merchant_id AND s.endpoint_id = p.endpoint_id AND s.status = 'sending'
               AND s.next_attempt_at > p_now) AS room
    FROM event_endpoints p
    JOIN merchants m ON m.merchant_id = p.merchant_id AND m.uninstalled_at IS NULL
    CROSS JOIN LATERAL (
      SELECT d.next_attempt_at AS due_at FROM event_deliveries d
      WHERE d.merchant_id = p.merchant_id AND d.endpoint_id = p.endpoint_id AND d.status IN ('queued', 'sending')
        AND d.next_attempt_at <= p_now
      ORDER BY d.next_attempt_at LIMIT 1) w
    WHERE p.status = 'active' AND (p.rest_until IS NULL OR p.rest_until <= p_now)
    ORDER BY w.due_at LIMIT p_limit
  ), due AS (
    SELECT r.merchant_id, r.shopify_domain, d.delivery_id
    FROM ready r CROSS JOIN LATERAL (
      SELECT d.delivery_id FROM event_deliveries d
      WHERE d.merchant_id = r.merchant_id AND d.endpoint_id = r.endpoint_id AND d.status IN ('queued', 'sending')
        AND d.next_attempt_at <= p_now
      ORDER BY d.next_attempt_at LIMIT greatest(r.room, 0) FOR UPDATE SKIP LOCKED) d
    ORDER BY r.due_at LIMIT p_limit
  )
  UPDATE event_deliveries e SET status = 'sending', lease_id = gen_random_uuid(), next_attempt_at = p_until
  FROM due d WHERE e.merchant_id = d.merchant_id AND e.delivery_id = d.delivery_id
  RETURNING e.merchant_id, d.shopify_domain, e.delivery_id, e.lease_id
$$;
