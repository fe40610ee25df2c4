-- Messages that wait for nothing any more, of all tenants, the longest due first; others are not given them within the
-- next two minutes. One whose worker died after asking its provider is asked again only where the provider recognizes
-- the repetition; elsewhere nobody knows whether it arrived.
CREATE OR REPLACE FUNCTION messages_due(p_now timestamptz, p_limit integer, p_repeatable text[])
RETURNS TABLE (merchant_id uuid, shop_domain text, message_id uuid)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH due AS (
    SELECT e.merchant_id, e.event_id, m.shopify_domain,
           CASE WHEN e.status <> 'sending' THEN e.status
                WHEN e.asked_at IS NULL OR e.provider = ANY (p_repeatable) THEN 'queued'
                ELSE 'unconfirmed' END AS status
    FROM email_events e JOIN merchants m ON m.merchant_id = e.merchant_id AND m.uninstalled_at IS NULL
    WHERE e.status IN ('queued', 'waiting', 'sending', 'parked') AND e.next_attempt_at <= p_now
    ORDER BY e.next_attempt_at LIMIT p_limit FOR UPDATE OF e SKIP LOCKED
  ), taken AS (
    UPDATE email_events e SET status = d.status, lease_id = NULL,
      reason = CASE WHEN d.status = 'unconfirmed' THEN 'answer_lost' ELSE e.reason END,
      next_attempt_at = CASE WHEN d.status = 'unconfirmed' THEN NULL ELSE p_now + interval '2 minutes' END
    FROM due d WHERE e.merchant_id = d.merchant_id AND e.event_id = d.event_id
    RETURNING e.merchant_id, d.shopify_domain, e.event_id, e.status
  )
  SELECT t.merchant_id, t.shopify_domain, t.event_id FROM taken t WHERE t.status <> 'unconfirmed'
$$;
