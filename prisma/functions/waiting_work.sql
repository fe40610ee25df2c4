-- What the worker has not done yet, over all shops: measured every minute, so counting ends early. A privacy request is
-- overdue five days before the law's 30 have gone, and in any case when its own time is over.
CREATE OR REPLACE FUNCTION waiting_work()
RETURNS TABLE (events integer, events_age_seconds double precision, deliveries integer,
               deliveries_age_seconds double precision, privacy_overdue integer)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT
    (SELECT count(*)::integer FROM (SELECT 1 FROM outbox_events WHERE acknowledged_at IS NULL LIMIT 10000) e),
    coalesce((SELECT extract(epoch FROM clock_timestamp() - o.created_at)::double precision
              FROM outbox_events o WHERE o.acknowledged_at IS NULL ORDER BY o.event_id LIMIT 1), 0),
    (SELECT count(*)::integer
     FROM (SELECT 1 FROM webhook_inbox WHERE status IN ('received', 'processing') LIMIT 10000) d),
    coalesce((SELECT extract(epoch FROM clock_timestamp() - min(w.received_at))::double precision
              FROM (SELECT received_at FROM webhook_inbox WHERE status IN ('received', 'processing')
                    ORDER BY coalesce(claimed_at, received_at) LIMIT 1000) w), 0),
    (SELECT count(*)::integer FROM gdpr_requests g
     WHERE g.status <> 'completed'
       AND (g.retention_expires_at < now() OR g.created_at < now() - interval '25 days'))
$$;
