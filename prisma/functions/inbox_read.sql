-- Deliveries with their contents. A shop that was not known when they came may be known now.
CREATE OR REPLACE FUNCTION inbox_read(p_delivery uuid[])
RETURNS TABLE (delivery_id uuid, shop_domain text, merchant_id uuid, topic text, webhook_id text, event_id text,
               api_version text, triggered_at timestamptz, received_at timestamptz, processed_at timestamptz, status text,
               attempts integer, problem_code text, problem_field text, problem_message text, reason text, payload bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT d.delivery_id, d.shop_domain, coalesce(d.merchant_id, m.merchant_id), d.topic, d.webhook_id, d.event_id,
         d.api_version, d.triggered_at, d.received_at, d.processed_at, d.status, d.attempts, d.problem_code,
         d.problem_field, d.problem_message, d.reason, d.payload
  FROM webhook_inbox d LEFT JOIN merchants m ON m.shopify_domain = lower(d.shop_domain)
  WHERE d.delivery_id = ANY (p_delivery)
$$;
