-- Referrals: from a friend who came by a link to the rewards of both, with what was compared to find abuse.

-- migrate:up

ALTER TABLE referrals
  DROP CONSTRAINT referrals_status_check,
  DROP CONSTRAINT referrals_type_check,
  -- What both were promised when the friend came: later changes of the program do not change it.
  ADD COLUMN terms jsonb NOT NULL DEFAULT '{}',
  -- When the friend followed the link; null: they came without a visit that was counted.
  ADD COLUMN clicked_at timestamptz,
  ADD COLUMN click_id uuid,
  -- When the friend did what was asked, by which order, and since when that is undone.
  ADD COLUMN goal_at timestamptz,
  ADD COLUMN goal_order_id text,
  ADD COLUMN undone_at timestamptz,
  ADD COLUMN reversed_at timestamptz,
  ADD COLUMN refusal text CHECK (refusal IN ('suspicious', 'denied', 'existing_customer', 'goal_undone', 'limit_reached')),
  ADD COLUMN decision text CHECK (decision IN ('approved', 'denied')),
  ADD COLUMN decided_by text,
  ADD COLUMN decided_at timestamptz,
  ADD COLUMN score integer NOT NULL DEFAULT 0 CHECK (score BETWEEN 0 AND 100),
  ADD COLUMN advocate_transaction_id uuid,
  ADD COLUMN friend_transaction_id uuid,
  ADD COLUMN advocate_points bigint NOT NULL DEFAULT 0 CHECK (advocate_points >= 0),
  ADD COLUMN friend_points bigint NOT NULL DEFAULT 0 CHECK (friend_points >= 0),
  ADD CONSTRAINT referrals_status_check
    CHECK (status IN ('pending', 'held', 'completed', 'refused', 'expired', 'reversed')),
  ADD CONSTRAINT referrals_type_check CHECK (type IN ('copy', 'email', 'sms', 'whatsapp', 'social', 'merchant')),
  ADD CONSTRAINT referrals_refusal_has_status CHECK ((status = 'refused') = (refusal IS NOT NULL));

-- The dashboard's list, newest first, of all and of one status; and what is due to expire.
CREATE INDEX idx_referrals_created_at ON referrals (merchant_id, created_at DESC, referral_id DESC);
CREATE INDEX idx_referrals_status_created_at ON referrals (merchant_id, status, created_at DESC, referral_id DESC);
CREATE INDEX idx_referrals_expires_at ON referrals (merchant_id, expires_at) WHERE status = 'pending';

-- Visits of a period, for the funnel.
CREATE INDEX idx_referral_events_clicks ON referral_events (merchant_id, created_at) WHERE action = 'click';

-- An advocate has one link in force.
CREATE UNIQUE INDEX uq_referral_links_active ON referral_links (merchant_id, advocate_customer_id) WHERE status = 'active';

ALTER TABLE reward_redemptions
  DROP CONSTRAINT reward_redemptions_gift_check,
  ADD CONSTRAINT reward_redemptions_gift_check CHECK (gift IN ('campaign', 'tier_entry', 'tier_shipping', 'referral'));

-- What advocates and friends left behind, as keyed hashes: it is compared with others' and never read. Ninety days.
CREATE TABLE referral_traces (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  customer_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('email', 'mailbox', 'phone', 'address', 'device', 'network')),
  trace_hash bytea NOT NULL CHECK (octet_length(trace_hash) = 16),
  seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, customer_id, kind, trace_hash),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers ON DELETE CASCADE
);
CREATE INDEX idx_referral_traces_hash ON referral_traces (merchant_id, kind, trace_hash);
CREATE INDEX idx_referral_traces_seen_at ON referral_traces (seen_at);
CALL isolate_tenants('referral_traces');
GRANT SELECT, INSERT, UPDATE ON referral_traces TO loyalnest_app;
CREATE POLICY every_tenant_redactor ON referral_traces TO loyalnest_redactor
  USING (current_user = 'loyalnest_redactor') WITH CHECK (current_user = 'loyalnest_redactor');
GRANT SELECT, DELETE ON referral_traces TO loyalnest_redactor;
CREATE POLICY every_tenant_ledger ON referral_traces TO loyalnest_ledger USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON referral_traces TO loyalnest_ledger;

-- Nulls what names the person, in every table, and deletes what is only about them. What they earned and spent stays
-- under our own id. The tombstone replaces Shopify's id: enough to recognize the person, too little to identify them.
CREATE OR REPLACE FUNCTION privacy_erase_customer(p_merchant uuid, p_customer uuid, p_tombstone text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  persons uuid[];
BEGIN
  PERFORM privacy_require_tenant(p_merchant);
  -- Customers who were merged into this one are the same person.
  WITH RECURSIVE same AS (
    SELECT p_customer AS customer_id
    UNION
    SELECT c.customer_id FROM same s
    JOIN customers c ON c.merchant_id = p_merchant AND c.merged_into_customer_id = s.customer_id
  )
  SELECT array_agg(s.customer_id) INTO persons FROM same s;

  UPDATE customers SET
    shopify_customer_id = CASE WHEN customer_id = p_customer THEN p_tombstone ELSE p_tombstone || '/' || customer_id END,
    shared_customer_id = NULL, email = NULL, email_hash = NULL, first_name = NULL, last_name = NULL, name_tokens = '{}',
    locale = 'en', state = NULL, has_account = false, churn_score = NULL, birthday_md = NULL, birthday_set_at = NULL,
    location = '{}', metadata = '{}', vip_progress = '{}', source_updated_at = NULL,
    -- What they were thought to be is theirs, too.
    rfm_score = DEFAULT, lifecycle_stage = NULL, churn_band = NULL,
    redacted_at = coalesce(redacted_at, now())
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);

  -- Reasons are free text; a shopper as actor is named by Shopify's id.
  UPDATE points_transactions SET reason = NULL, actor = CASE WHEN actor LIKE 'customer:%' THEN 'customer' ELSE actor END
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons) AND (reason IS NOT NULL OR actor LIKE 'customer:%');
  UPDATE orders SET name = NULL, line_items = '[]'
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  UPDATE reward_redemptions SET discount_code = NULL, discount_code_hash = NULL, shopify_discount_id = NULL
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  UPDATE referrals SET spoof_detection = '{}', click_id = NULL
  WHERE merchant_id = p_merchant AND (advocate_customer_id = ANY (persons) OR friend_customer_id = ANY (persons));
  UPDATE referral_links SET referral_code = 'redacted-' || referral_link_id, status = 'disabled'
  WHERE merchant_id = p_merchant AND advocate_customer_id = ANY (persons);
  UPDATE gdpr_requests SET shopify_customer_id = NULL
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons) AND status = 'completed';

  DELETE FROM email_events WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM nudge_events WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM customer_segments WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM rfm_score_history WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM rfm_segment_deltas WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM gamification_achievements WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM leaderboards WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM slack_community WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM referral_traces WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM consents WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM wallet_passes WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM pos_offline_queue WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM team_members WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM data_export_requests WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
END $$;

CALL become_ledger();
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
CALL step_back_from_ledger();

-- migrate:down

-- Nulls what names the person, in every table, and deletes what is only about them. What they earned and spent stays
-- under our own id. The tombstone replaces Shopify's id: enough to recognize the person, too little to identify them.
CREATE OR REPLACE FUNCTION privacy_erase_customer(p_merchant uuid, p_customer uuid, p_tombstone text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  persons uuid[];
BEGIN
  PERFORM privacy_require_tenant(p_merchant);
  -- Customers who were merged into this one are the same person.
  WITH RECURSIVE same AS (
    SELECT p_customer AS customer_id
    UNION
    SELECT c.customer_id FROM same s
    JOIN customers c ON c.merchant_id = p_merchant AND c.merged_into_customer_id = s.customer_id
  )
  SELECT array_agg(s.customer_id) INTO persons FROM same s;

  UPDATE customers SET
    shopify_customer_id = CASE WHEN customer_id = p_customer THEN p_tombstone ELSE p_tombstone || '/' || customer_id END,
    shared_customer_id = NULL, email = NULL, email_hash = NULL, first_name = NULL, last_name = NULL, name_tokens = '{}',
    locale = 'en', state = NULL, has_account = false, churn_score = NULL, birthday_md = NULL, birthday_set_at = NULL,
    location = '{}', metadata = '{}', vip_progress = '{}', source_updated_at = NULL,
    -- What they were thought to be is theirs, too.
    rfm_score = DEFAULT, lifecycle_stage = NULL, churn_band = NULL,
    redacted_at = coalesce(redacted_at, now())
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);

  -- Reasons are free text; a shopper as actor is named by Shopify's id.
  UPDATE points_transactions SET reason = NULL, actor = CASE WHEN actor LIKE 'customer:%' THEN 'customer' ELSE actor END
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons) AND (reason IS NOT NULL OR actor LIKE 'customer:%');
  UPDATE orders SET name = NULL, line_items = '[]'
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  UPDATE reward_redemptions SET discount_code = NULL, discount_code_hash = NULL, shopify_discount_id = NULL
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  UPDATE referrals SET spoof_detection = '{}'
  WHERE merchant_id = p_merchant AND (advocate_customer_id = ANY (persons) OR friend_customer_id = ANY (persons));
  UPDATE referral_links SET referral_code = 'redacted-' || referral_link_id, status = 'disabled'
  WHERE merchant_id = p_merchant AND advocate_customer_id = ANY (persons);
  UPDATE gdpr_requests SET shopify_customer_id = NULL
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons) AND status = 'completed';

  DELETE FROM email_events WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM nudge_events WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM customer_segments WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM rfm_score_history WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM rfm_segment_deltas WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM gamification_achievements WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM leaderboards WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM slack_community WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM consents WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM wallet_passes WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM pos_offline_queue WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM team_members WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM data_export_requests WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
END $$;

CALL become_ledger();
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
  RETURN gone;
END $$;
CALL step_back_from_ledger();

DROP TABLE referral_traces;
ALTER TABLE reward_redemptions
  DROP CONSTRAINT reward_redemptions_gift_check,
  ADD CONSTRAINT reward_redemptions_gift_check CHECK (gift IN ('campaign', 'tier_entry', 'tier_shipping'));
DROP INDEX uq_referral_links_active;
DROP INDEX idx_referral_events_clicks;
DROP INDEX idx_referrals_expires_at;
DROP INDEX idx_referrals_status_created_at;
DROP INDEX idx_referrals_created_at;
ALTER TABLE referrals
  DROP CONSTRAINT referrals_refusal_has_status,
  DROP CONSTRAINT referrals_type_check,
  DROP CONSTRAINT referrals_status_check,
  DROP COLUMN terms, DROP COLUMN clicked_at, DROP COLUMN click_id, DROP COLUMN goal_at, DROP COLUMN goal_order_id,
  DROP COLUMN undone_at, DROP COLUMN reversed_at, DROP COLUMN refusal, DROP COLUMN decision, DROP COLUMN decided_by,
  DROP COLUMN decided_at, DROP COLUMN score, DROP COLUMN advocate_transaction_id, DROP COLUMN friend_transaction_id,
  DROP COLUMN advocate_points, DROP COLUMN friend_points,
  ADD CONSTRAINT referrals_status_check CHECK (status IN ('pending', 'completed', 'expired')),
  ADD CONSTRAINT referrals_type_check CHECK (type IN ('sms', 'email', 'whatsapp', 'social', 'merchant'));
