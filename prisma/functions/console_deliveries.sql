-- Deliveries of all shops that failed or were refused, newest first, without their contents.
CREATE OR REPLACE FUNCTION console_deliveries(p_status text, p_topic text, p_shop text, p_before timestamptz, p_before_id uuid,
                                              p_limit integer)
RETURNS TABLE (delivery_id uuid, merchant_id uuid, shop_domain text, topic text, webhook_id text, event_id text,
               api_version text, triggered_at timestamptz, status text, reason text, problem_code text,
               problem_field text, problem_message text, attempts integer, received_at timestamptz,
               processed_at timestamptz, has_payload boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT d.delivery_id, d.merchant_id, d.shop_domain, d.topic, d.webhook_id, d.event_id, d.api_version, d.triggered_at,
    d.status, d.reason, d.problem_code, d.problem_field, d.problem_message, d.attempts, d.received_at, d.processed_at,
    d.payload IS NOT NULL
  FROM webhook_inbox d
  WHERE d.status IN ('failed', 'refused')
    AND (p_status = '' OR d.status = p_status) AND (p_topic = '' OR d.topic = p_topic)
    AND (p_shop = '' OR d.shop_domain = p_shop)
    AND (p_before IS NULL OR (d.received_at, d.delivery_id) < (p_before, p_before_id))
  ORDER BY d.received_at DESC, d.delivery_id DESC LIMIT p_limit
$$;
