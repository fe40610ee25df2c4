-- Stores deliveries, whatever their shops; of those with one key the first stays for a day, and its id is the answer to
-- all. p_subjects: for each delivery an array of base64 hashes of who is in it, or null.
CREATE OR REPLACE FUNCTION inbox_store(
  p_delivery uuid[], p_shop text[], p_topic text[], p_webhook text[], p_event text[], p_api_version text[],
  p_triggered_at timestamptz[], p_payload bytea[], p_subjects jsonb DEFAULT '[]'
) RETURNS TABLE (ord bigint, delivery_id uuid, merchant_id uuid, is_duplicate boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  PERFORM require_shop(p_shop);
  WITH new AS (
    -- In key order, so that two batches with the same deliveries wait for each other and do not deadlock.
    INSERT INTO webhook_idempotency_keys AS k (shop_domain, webhook_id, event_type, merchant_id, delivery_id)
    SELECT DISTINCT ON (i.shop, i.webhook, i.topic) i.shop, i.webhook, i.topic, m.merchant_id, i.delivery
    FROM unnest(p_delivery, p_shop, p_topic, p_webhook) WITH ORDINALITY AS i(delivery, shop, topic, webhook, n)
    LEFT JOIN merchants m ON m.shopify_domain = lower(i.shop)
    ORDER BY i.shop, i.webhook, i.topic, i.n
    ON CONFLICT (shop_domain, webhook_id, event_type) DO UPDATE
      SET merchant_id = EXCLUDED.merchant_id, delivery_id = EXCLUDED.delivery_id, created_at = EXCLUDED.created_at,
          expires_at = EXCLUDED.expires_at
      WHERE k.expires_at <= now()
    RETURNING k.delivery_id, k.merchant_id
  )
  INSERT INTO webhook_inbox (delivery_id, merchant_id, shop_domain, topic, webhook_id, event_id, api_version,
                             triggered_at, payload, subject_tokens)
  SELECT i.delivery, new.merchant_id, i.shop, i.topic, i.webhook, i.event, i.version, i.triggered, i.payload,
         CASE WHEN jsonb_typeof(p_subjects -> (i.n - 1)::integer) = 'array' THEN
           ARRAY(SELECT decode(t, 'base64') FROM jsonb_array_elements_text(p_subjects -> (i.n - 1)::integer) t) END
  FROM unnest(p_delivery, p_shop, p_topic, p_webhook, p_event, p_api_version, p_triggered_at, p_payload)
       WITH ORDINALITY AS i(delivery, shop, topic, webhook, event, version, triggered, payload, n)
  JOIN new ON new.delivery_id = i.delivery;
  RETURN QUERY
  SELECT i.n, k.delivery_id, k.merchant_id, k.delivery_id <> i.delivery
  FROM unnest(p_delivery, p_shop, p_topic, p_webhook) WITH ORDINALITY AS i(delivery, shop, topic, webhook, n)
  JOIN webhook_idempotency_keys k ON k.shop_domain = i.shop AND k.webhook_id = i.webhook AND k.event_type = i.topic
  ORDER BY i.n;
END $$;
