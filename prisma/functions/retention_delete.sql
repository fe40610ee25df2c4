-- Deletes what is no longer needed, at most p_limit rows of each kind: sent effects after a week, webhooks after 30
-- days, their keys after a day, sessions that cannot be renewed, API logs after 90 days. Answers how many rows went.
CREATE OR REPLACE FUNCTION retention_delete(p_limit integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  gone bigint := 0;
  n bigint;
BEGIN
  DELETE FROM outbox_events WHERE event_id IN (
    SELECT e.event_id FROM outbox_events e WHERE e.acknowledged_at < now() - interval '7 days' LIMIT p_limit);
  GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  DELETE FROM webhook_inbox WHERE delivery_id IN (
    SELECT d.delivery_id FROM webhook_inbox d WHERE d.received_at < now() - interval '30 days' LIMIT p_limit);
  GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  -- Asked again where it deletes: a delivery that comes at this moment gives the key another day.
  DELETE FROM webhook_idempotency_keys WHERE expires_at <= now() AND (shop_domain, webhook_id, event_type) IN (
    SELECT k.shop_domain, k.webhook_id, k.event_type FROM webhook_idempotency_keys k
    WHERE k.expires_at <= now() LIMIT p_limit);
  GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  DELETE FROM shopify_sessions WHERE session_id IN (
    SELECT s.session_id FROM shopify_sessions s
    WHERE greatest(s.expires_at, s.refresh_expires_at) < now() - interval '1 day' LIMIT p_limit);
  GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  DELETE FROM api_logs WHERE log_id IN (
    SELECT l.log_id FROM api_logs l WHERE l.created_at < now() - interval '90 days' LIMIT p_limit);
  GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  DELETE FROM referral_traces r USING (
    SELECT t.merchant_id, t.customer_id, t.kind, t.trace_hash FROM referral_traces t
    WHERE t.seen_at < now() - interval '90 days' LIMIT p_limit) d
  WHERE r.merchant_id = d.merchant_id AND r.customer_id = d.customer_id AND r.kind = d.kind AND r.trace_hash = d.trace_hash;
  GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  RETURN gone;
END $$;
