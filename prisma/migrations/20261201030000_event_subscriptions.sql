-- Events that leave the product: endpoints of merchants and Shopify Flow, what is sent to each, and how it went.

-- migrate:up

CREATE TABLE event_endpoints (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  endpoint_id uuid NOT NULL DEFAULT gen_random_uuid(),
  kind text NOT NULL DEFAULT 'webhook' CHECK (kind IN ('webhook', 'flow')),
  -- Null for Shopify Flow, which is asked by Shopify's own API.
  url text CHECK (char_length(url) <= 2000),
  description text NOT NULL DEFAULT '' CHECK (char_length(description) <= 200),
  events text[] NOT NULL DEFAULT '{}',
  secret bytea,
  -- Signs beside the current one until it ends, so that a receiver can change over.
  previous_secret bytea,
  previous_secret_until timestamptz,
  secret_version integer NOT NULL DEFAULT 1 CHECK (secret_version > 0),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'disabled')),
  disabled_reason text CHECK (disabled_reason IN ('failing', 'gone')),
  -- In a row; since when; and until when it is left alone.
  failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  failing_since timestamptz,
  rest_until timestamptz,
  delivered_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, endpoint_id),
  CHECK ((kind = 'webhook') = (url IS NOT NULL)),
  CHECK ((kind = 'webhook') = (secret IS NOT NULL)),
  CHECK ((status = 'disabled') = (disabled_reason IS NOT NULL))
);
CREATE UNIQUE INDEX uq_event_endpoints_flow ON event_endpoints (merchant_id) WHERE kind = 'flow';
CALL maintain_updated_at('event_endpoints');
CALL isolate_tenants('event_endpoints');
GRANT SELECT, INSERT, UPDATE, DELETE ON event_endpoints TO loyalnest_app;

CREATE TABLE event_deliveries (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  -- Stays the same however often it is sent.
  delivery_id uuid NOT NULL DEFAULT gen_random_uuid(),
  endpoint_id uuid NOT NULL,
  event_type text NOT NULL,
  -- What it is about, of the outbox: an endpoint is told once.
  event_key text NOT NULL,
  -- What is sent, to the byte: ids and numbers.
  body text NOT NULL CHECK (octet_length(body) <= 20000),
  is_test boolean NOT NULL DEFAULT false,
  customer_id uuid,
  other_customer_id uuid,
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sending', 'delivered', 'failed')),
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  -- While it is sent: until when its worker has it.
  next_attempt_at timestamptz,
  lease_id uuid,
  attempted_at timestamptz,
  delivered_at timestamptz,
  -- Of the last attempt.
  failure text CHECK (failure IN ('answer', 'gone', 'redirect', 'timeout', 'connection', 'certificate', 'unresolved',
                                  'address_refused', 'flow_refused', 'flow_unavailable')),
  answer_status integer,
  answer_excerpt text CHECK (char_length(answer_excerpt) <= 500),
  duration_ms integer CHECK (duration_ms >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, delivery_id),
  FOREIGN KEY (merchant_id, endpoint_id) REFERENCES event_endpoints ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_event_deliveries_event ON event_deliveries (merchant_id, endpoint_id, event_key);
CREATE INDEX idx_event_deliveries_due ON event_deliveries (merchant_id, endpoint_id, next_attempt_at)
  WHERE status IN ('queued', 'sending');
-- The log, newest first, of an endpoint and by status.
CREATE INDEX idx_event_deliveries_log ON event_deliveries (merchant_id, endpoint_id, created_at DESC, delivery_id DESC);
CREATE INDEX idx_event_deliveries_status
  ON event_deliveries (merchant_id, endpoint_id, status, created_at DESC, delivery_id DESC);
CREATE INDEX idx_event_deliveries_created_at ON event_deliveries (created_at);
CREATE INDEX idx_event_deliveries_customer ON event_deliveries (merchant_id, customer_id);
CREATE INDEX idx_event_deliveries_other_customer ON event_deliveries (merchant_id, other_customer_id)
  WHERE other_customer_id IS NOT NULL;
CALL isolate_tenants('event_deliveries');
GRANT SELECT, INSERT, UPDATE, DELETE ON event_deliveries TO loyalnest_app;

-- Which triggers of ours the shop's workflows use, as Shopify Flow told last.
CREATE TABLE flow_triggers (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  event_type text NOT NULL,
  enabled boolean NOT NULL,
  told_at timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, event_type)
);
CALL isolate_tenants('flow_triggers');
GRANT SELECT, INSERT, UPDATE ON flow_triggers TO loyalnest_app;

-- Key rotation writes the secrets anew.
CREATE POLICY every_tenant_encrypted ON event_endpoints TO loyalnest_ledger USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (secret, previous_secret) ON event_endpoints TO loyalnest_ledger;
CREATE POLICY every_tenant_ledger ON event_deliveries TO loyalnest_ledger USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE, DELETE ON event_deliveries TO loyalnest_ledger;

CREATE POLICY every_tenant_redactor ON event_endpoints TO loyalnest_redactor
  USING (current_user = 'loyalnest_redactor') WITH CHECK (current_user = 'loyalnest_redactor');
CREATE POLICY every_tenant_redactor ON event_deliveries TO loyalnest_redactor
  USING (current_user = 'loyalnest_redactor') WITH CHECK (current_user = 'loyalnest_redactor');
CREATE POLICY every_tenant_redactor ON flow_triggers TO loyalnest_redactor
  USING (current_user = 'loyalnest_redactor') WITH CHECK (current_user = 'loyalnest_redactor');
GRANT SELECT, DELETE ON event_endpoints, event_deliveries, flow_triggers TO loyalnest_redactor;

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

-- Deletes events to endpoints a month after they happened, at most p_limit. Answers how many rows went.
CREATE OR REPLACE FUNCTION event_deliveries_delete_old(p_limit integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM event_deliveries e USING (
    SELECT o.merchant_id, o.delivery_id FROM event_deliveries o
    WHERE o.created_at < now() - interval '30 days' LIMIT p_limit) d
  WHERE e.merchant_id = d.merchant_id AND e.delivery_id = d.delivery_id;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;

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
    locale = 'en', state = NULL, has_account = false, is_company = false, churn_score = NULL,
    birthday_md = NULL, birthday_set_at = NULL,
    location = '{}', metadata = '{}', vip_progress = '{}', source_updated_at = NULL,
    -- What they were thought to be is theirs, too.
    rfm_score = DEFAULT, lifecycle_stage = NULL, churn_band = NULL,
    redacted_at = coalesce(redacted_at, now())
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);

  -- Reasons are free text; a shopper as actor is named by Shopify's id.
  UPDATE points_transactions SET reason = NULL, actor = CASE WHEN actor LIKE 'customer:%' THEN 'customer' ELSE actor END
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons) AND (reason IS NOT NULL OR actor LIKE 'customer:%');
  UPDATE orders SET name = NULL, line_items = '[]', pending_points = NULL, points_count_at = NULL, pending_award = NULL
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
  DELETE FROM event_deliveries
  WHERE merchant_id = p_merchant AND (customer_id = ANY (persons) OR other_customer_id = ANY (persons));
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

-- Every encrypted column: whom a value is bound to, and which row. `keyed_by_tenant`: the primary key begins with the
-- tenant. A new one is added here; a test compares with the catalog.
CREATE OR REPLACE FUNCTION encrypted_columns()
RETURNS TABLE (table_name text, column_name text, tenant_column text, row_column text, keyed_by_tenant boolean)
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
  VALUES
    ('customers', 'email', 'merchant_id', 'customer_id', true),
    ('customers', 'first_name', 'merchant_id', 'customer_id', true),
    ('customers', 'last_name', 'merchant_id', 'customer_id', true),
    ('customers', 'churn_score', 'merchant_id', 'customer_id', true),
    ('rfm_score_history', 'churn_score', 'merchant_id', 'history_id', true),
    ('reward_redemptions', 'discount_code', 'merchant_id', 'redemption_id', true),
    ('email_events', 'recipient_email', 'merchant_id', 'event_id', true),
    ('event_endpoints', 'secret', 'merchant_id', 'endpoint_id', true),
    ('event_endpoints', 'previous_secret', 'merchant_id', 'endpoint_id', true),
    ('wallet_passes', 'pass_data', 'merchant_id', 'pass_id', true),
    ('integrations', 'api_key', 'merchant_id', 'integration_id', true),
    ('analytics_report_schedules', 'recipients', 'merchant_id', 'schedule_id', true),
    ('merchants', 'api_token', 'merchant_id', 'merchant_id', false),
    ('webhook_inbox', 'payload', 'shop_domain', 'delivery_id', false),
    ('shopify_sessions', 'access_token', 'shop', 'session_id', false),
    ('shopify_sessions', 'refresh_token', 'shop', 'session_id', false),
    -- Of no tenant: bound to the person twice.
    ('admin_users', 'email', 'admin_id', 'admin_id', false),
    ('admin_users', 'metadata', 'admin_id', 'admin_id', false),
    ('admin_users', 'mfa_secret', 'admin_id', 'admin_id', false)
$$;

CALL become_ledger();
ALTER FUNCTION event_deliveries_due OWNER TO loyalnest_ledger;
ALTER FUNCTION event_deliveries_delete_old OWNER TO loyalnest_ledger;
REVOKE ALL ON FUNCTION event_deliveries_due, event_deliveries_delete_old FROM PUBLIC;
GRANT EXECUTE ON FUNCTION event_deliveries_due, event_deliveries_delete_old TO loyalnest_app;
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
  UPDATE orders SET name = NULL, line_items = '[]', pending_points = NULL, points_count_at = NULL, pending_award = NULL
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

-- Every encrypted column: whom a value is bound to, and which row. `keyed_by_tenant`: the primary key begins with the
-- tenant. A new one is added here; a test compares with the catalog.
CREATE OR REPLACE FUNCTION encrypted_columns()
RETURNS TABLE (table_name text, column_name text, tenant_column text, row_column text, keyed_by_tenant boolean)
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
  VALUES
    ('customers', 'email', 'merchant_id', 'customer_id', true),
    ('customers', 'first_name', 'merchant_id', 'customer_id', true),
    ('customers', 'last_name', 'merchant_id', 'customer_id', true),
    ('customers', 'churn_score', 'merchant_id', 'customer_id', true),
    ('rfm_score_history', 'churn_score', 'merchant_id', 'history_id', true),
    ('reward_redemptions', 'discount_code', 'merchant_id', 'redemption_id', true),
    ('email_events', 'recipient_email', 'merchant_id', 'event_id', true),
    ('wallet_passes', 'pass_data', 'merchant_id', 'pass_id', true),
    ('integrations', 'api_key', 'merchant_id', 'integration_id', true),
    ('analytics_report_schedules', 'recipients', 'merchant_id', 'schedule_id', true),
    ('merchants', 'api_token', 'merchant_id', 'merchant_id', false),
    ('webhook_inbox', 'payload', 'shop_domain', 'delivery_id', false),
    ('shopify_sessions', 'access_token', 'shop', 'session_id', false),
    ('shopify_sessions', 'refresh_token', 'shop', 'session_id', false),
    -- Of no tenant: bound to the person twice.
    ('admin_users', 'email', 'admin_id', 'admin_id', false),
    ('admin_users', 'metadata', 'admin_id', 'admin_id', false),
    ('admin_users', 'mfa_secret', 'admin_id', 'admin_id', false)
$$;

DROP FUNCTION event_deliveries_due, event_deliveries_delete_old;
DROP TABLE flow_triggers, event_deliveries, event_endpoints;
