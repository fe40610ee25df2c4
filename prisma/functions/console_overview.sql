-- The numbers of the console's first page, over all shops.
CREATE OR REPLACE FUNCTION console_overview()
RETURNS TABLE (shops bigint, shops_installed bigint, deliveries_failed bigint, deliveries_refused bigint,
               deliveries_waiting bigint, deliveries_waiting_since timestamptz, events_waiting bigint,
               events_waiting_since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT m.shops, m.installed, d.failed, d.refused, w.waiting, w.since, e.waiting, e.since
  FROM (SELECT count(*) AS shops, count(*) FILTER (WHERE uninstalled_at IS NULL) AS installed FROM merchants) m,
       (SELECT count(*) FILTER (WHERE status = 'failed') AS failed, count(*) FILTER (WHERE status = 'refused') AS refused
        FROM webhook_inbox WHERE status IN ('failed', 'refused')) d,
       (SELECT count(*) AS waiting, min(received_at) AS since
        FROM webhook_inbox WHERE status IN ('received', 'processing')) w,
       (SELECT count(*) AS waiting, min(created_at) AS since FROM outbox_events WHERE acknowledged_at IS NULL) e
$$;
