-- webhook_idempotency_keys is real: a delivery is known again for 24 hours by its shop, its webhook id and its topic. The
-- key is written in the statement that stores the delivery, so neither is there without the other, and the inbox needs
-- no unique index of its own. After a day the same id is a new delivery, and business keys hold the balances.
--
-- A key belongs to a shop, which may be no tenant yet; hence merchant_id may be null, and only functions write here: a
-- tenant that could would silence the webhooks of another. It refers to no row: the inbox's own reference holds for
-- both, and a second would lock the merchant's row once more for each delivery.

-- migrate:up

-- Nothing has written to it so far.
TRUNCATE webhook_idempotency_keys;
ALTER TABLE webhook_idempotency_keys
  DROP CONSTRAINT webhook_idempotency_keys_pkey,
  DROP CONSTRAINT webhook_idempotency_keys_merchant_id_fkey,
  DROP COLUMN key_id,
  DROP COLUMN signature,
  ALTER merchant_id DROP NOT NULL,
  ADD COLUMN shop_domain text NOT NULL,
  ADD COLUMN delivery_id uuid NOT NULL;
DROP INDEX uq_webhook_idempotency;
ALTER TABLE webhook_idempotency_keys
  ADD CONSTRAINT uq_webhook_idempotency PRIMARY KEY (shop_domain, webhook_id, event_type);
CALL isolate_platform_rows('webhook_idempotency_keys');
REVOKE INSERT, UPDATE, DELETE ON webhook_idempotency_keys FROM loyalnest_app;
GRANT INSERT, UPDATE ON webhook_idempotency_keys TO loyalnest_ledger;

-- By which erasing finds what came before the shop was known; the unique index served it so far.
CREATE INDEX idx_webhook_inbox_unknown_shop ON webhook_inbox (shop_domain) WHERE merchant_id IS NULL;

CALL become_ledger();
-- What came in the last day is known from the first moment on.
INSERT INTO webhook_idempotency_keys (shop_domain, webhook_id, event_type, merchant_id, delivery_id, created_at, expires_at)
SELECT d.shop_domain, d.webhook_id, d.topic, d.merchant_id, d.delivery_id, d.received_at,
       d.received_at + interval '24 hours'
FROM webhook_inbox d WHERE d.received_at > now() - interval '24 hours';
DROP INDEX uq_webhook_inbox_webhook_id;

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

-- Deletes what nobody needs any more, at most p_limit rows of each kind: sent effects after a week, webhooks after 30
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
  RETURN gone;
END $$;
CALL step_back_from_ledger();

-- Erases a tenant with everything in it; the platform's log keeps that it was done. Answers whether there was one.
CREATE OR REPLACE FUNCTION privacy_erase_shop(p_merchant uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  erased_domain text;
  target text;
BEGIN
  PERFORM privacy_require_tenant(p_merchant);
  SELECT m.shopify_domain INTO erased_domain FROM merchants m WHERE m.merchant_id = p_merchant;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM webhook_inbox WHERE merchant_id = p_merchant OR (merchant_id IS NULL AND shop_domain = erased_domain);
  DELETE FROM shopify_sessions WHERE merchant_id = p_merchant OR shop = erased_domain;
  -- Those that refer to others before those.
  FOREACH target IN ARRAY ARRAY[
    'outbox_events', 'audit_logs', 'api_logs', 'email_events', 'email_templates',
    'nudge_events', 'nudges', 'customer_segments', 'rfm_score_history', 'rfm_segment_deltas', 'rfm_benchmarks',
    'gamification_achievements', 'leaderboards', 'team_leaderboards', 'team_members', 'slack_community', 'consents',
    'wallet_passes', 'pos_offline_queue', 'data_export_requests', 'data_imports', 'analytics_reports',
    'analytics_report_schedules', 'campaign_suggestions', 'roi_metrics', 'referral_events', 'referrals',
    'referral_links', 'merchant_referrals', 'reward_redemptions', 'rewards', 'bonus_campaigns', 'point_holds',
    'point_lots', 'points_transactions', 'points_balances', 'orders', 'customers', 'vip_tiers', 'gdpr_requests',
    'integrations', 'onboarding_tasks', 'sync_runs', 'program_settings', 'merchants']
  LOOP
    EXECUTE format('DELETE FROM %I WHERE merchant_id = $1', target) USING p_merchant;
  END LOOP;
  -- After the tenant: a delivery that was being stored meanwhile went with it, and its key must not silence the next.
  DELETE FROM webhook_idempotency_keys WHERE merchant_id = p_merchant OR shop_domain = erased_domain;
  INSERT INTO audit_logs (action, target_table, target_id) VALUES ('shop_erased', 'merchants', p_merchant::text);
  RETURN true;
END $$;

-- migrate:down

-- Erases a tenant with everything in it; the platform's log keeps that it was done. Answers whether there was one.
CREATE OR REPLACE FUNCTION privacy_erase_shop(p_merchant uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  erased_domain text;
  target text;
BEGIN
  PERFORM privacy_require_tenant(p_merchant);
  SELECT m.shopify_domain INTO erased_domain FROM merchants m WHERE m.merchant_id = p_merchant;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM webhook_inbox WHERE merchant_id = p_merchant OR shop_domain = erased_domain;
  DELETE FROM shopify_sessions WHERE merchant_id = p_merchant OR shop = erased_domain;
  -- Those that refer to others before those.
  FOREACH target IN ARRAY ARRAY[
    'outbox_events', 'audit_logs', 'api_logs', 'webhook_idempotency_keys', 'email_events', 'email_templates',
    'nudge_events', 'nudges', 'customer_segments', 'rfm_score_history', 'rfm_segment_deltas', 'rfm_benchmarks',
    'gamification_achievements', 'leaderboards', 'team_leaderboards', 'team_members', 'slack_community', 'consents',
    'wallet_passes', 'pos_offline_queue', 'data_export_requests', 'data_imports', 'analytics_reports',
    'analytics_report_schedules', 'campaign_suggestions', 'roi_metrics', 'referral_events', 'referrals',
    'referral_links', 'merchant_referrals', 'reward_redemptions', 'rewards', 'bonus_campaigns', 'point_holds',
    'point_lots', 'points_transactions', 'points_balances', 'orders', 'customers', 'vip_tiers', 'gdpr_requests',
    'integrations', 'onboarding_tasks', 'sync_runs', 'program_settings', 'merchants']
  LOOP
    EXECUTE format('DELETE FROM %I WHERE merchant_id = $1', target) USING p_merchant;
  END LOOP;
  INSERT INTO audit_logs (action, target_table, target_id) VALUES ('shop_erased', 'merchants', p_merchant::text);
  RETURN true;
END $$;

CALL become_ledger();
-- The unique index takes one of each; the newest says what became of it last.
DELETE FROM webhook_inbox d USING webhook_inbox newer
WHERE newer.shop_domain = d.shop_domain AND newer.webhook_id = d.webhook_id AND newer.topic = d.topic
  AND (newer.received_at, newer.delivery_id) > (d.received_at, d.delivery_id);
CREATE UNIQUE INDEX uq_webhook_inbox_webhook_id ON webhook_inbox (shop_domain, webhook_id, topic);
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
  -- In key order, so that two batches with the same deliveries wait for each other and do not deadlock.
  INSERT INTO webhook_inbox (delivery_id, merchant_id, shop_domain, topic, webhook_id, event_id, api_version,
                             triggered_at, payload, subject_tokens)
  SELECT i.delivery, m.merchant_id, i.shop, i.topic, i.webhook, i.event, i.version, i.triggered, i.payload,
         CASE WHEN jsonb_typeof(p_subjects -> (i.n - 1)::integer) = 'array' THEN
           ARRAY(SELECT decode(t, 'base64') FROM jsonb_array_elements_text(p_subjects -> (i.n - 1)::integer) t) END
  FROM unnest(p_delivery, p_shop, p_topic, p_webhook, p_event, p_api_version, p_triggered_at, p_payload)
       WITH ORDINALITY AS i(delivery, shop, topic, webhook, event, version, triggered, payload, n)
  LEFT JOIN merchants m ON m.shopify_domain = lower(i.shop)
  ORDER BY i.shop, i.webhook, i.topic, i.n
  ON CONFLICT (shop_domain, webhook_id, topic) DO NOTHING;
  RETURN QUERY
  SELECT i.n, d.delivery_id, d.merchant_id, d.delivery_id <> i.delivery
  FROM unnest(p_delivery, p_shop, p_topic, p_webhook) WITH ORDINALITY AS i(delivery, shop, topic, webhook, n)
  JOIN webhook_inbox d ON d.shop_domain = i.shop AND d.webhook_id = i.webhook AND d.topic = i.topic
  ORDER BY i.n;
END $$;

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
  DELETE FROM webhook_idempotency_keys WHERE (merchant_id, key_id) IN (
    SELECT k.merchant_id, k.key_id FROM webhook_idempotency_keys k WHERE k.expires_at < now() LIMIT p_limit);
  GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  DELETE FROM shopify_sessions WHERE session_id IN (
    SELECT s.session_id FROM shopify_sessions s
    WHERE greatest(s.expires_at, s.refresh_expires_at) < now() - interval '1 day' LIMIT p_limit);
  GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  DELETE FROM api_logs WHERE log_id IN (
    SELECT l.log_id FROM api_logs l WHERE l.created_at < now() - interval '90 days' LIMIT p_limit);
  GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  RETURN gone;
END $$;
CALL step_back_from_ledger();

DROP INDEX idx_webhook_inbox_unknown_shop;
DROP POLICY platform_rows ON webhook_idempotency_keys;
TRUNCATE webhook_idempotency_keys;
ALTER TABLE webhook_idempotency_keys
  DROP CONSTRAINT uq_webhook_idempotency,
  DROP COLUMN shop_domain,
  DROP COLUMN delivery_id,
  ALTER merchant_id SET NOT NULL,
  ADD COLUMN key_id uuid NOT NULL DEFAULT gen_random_uuid(),
  ADD COLUMN signature text,
  ADD CONSTRAINT webhook_idempotency_keys_pkey PRIMARY KEY (merchant_id, key_id),
  ADD CONSTRAINT webhook_idempotency_keys_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants ON DELETE CASCADE;
CREATE UNIQUE INDEX uq_webhook_idempotency ON webhook_idempotency_keys (merchant_id, webhook_id);
REVOKE INSERT, UPDATE ON webhook_idempotency_keys FROM loyalnest_ledger;
GRANT INSERT, UPDATE, DELETE ON webhook_idempotency_keys TO loyalnest_app;
