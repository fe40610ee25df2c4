-- What belongs to the platform, and what is reached before it is known which tenant it belongs to.

-- migrate:up

CREATE TABLE plans (
  plan_id text PRIMARY KEY,
  name text NOT NULL,
  -- Null: by agreement.
  price_cents integer CHECK (price_cents >= 0),
  orders_limit integer CHECK (orders_limit >= 0),
  sms_referrals_limit integer CHECK (sms_referrals_limit >= 0),
  features jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(features) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO plans (plan_id, name, price_cents, orders_limit, sms_referrals_limit, features) VALUES
  ('free', 'Free', 0, 300, 50,
   '{"points": true, "referrals": true, "rfm": "basic", "rfm_update": "monthly"}'),
  ('standard', 'Standard', 2900, 500, NULL,
   '{"points": true, "referrals": true, "rfm": "full", "rfm_update": "realtime", "checkout_extension": true,
     "campaigns": true, "exports": true, "nudges": true, "ab_tests": true}'),
  ('plus', 'Plus', 9900, 1500, NULL,
   '{"points": true, "referrals": true, "rfm": "full", "rfm_update": "realtime", "checkout_extension": true,
     "campaigns": true, "exports": true, "nudges": true, "ab_tests": true, "multi_store": true, "staff_roles": true,
     "priority_queues": true}'),
  ('enterprise', 'Enterprise', NULL, NULL, NULL,
   '{"points": true, "referrals": true, "rfm": "full", "rfm_update": "realtime", "checkout_extension": true,
     "campaigns": true, "exports": true, "nudges": true, "ab_tests": true, "multi_store": true, "staff_roles": true,
     "priority_queues": true, "everything": true}');

CREATE TABLE merchants (
  merchant_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  shopify_domain text NOT NULL CHECK (shopify_domain = lower(shopify_domain)),
  name text,
  plan_id text NOT NULL DEFAULT 'free' REFERENCES plans,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'trial')),
  api_token bytea,
  staff_roles jsonb NOT NULL DEFAULT '{}',
  language jsonb NOT NULL DEFAULT '{"default": "en", "supported": ["en", "es", "fr"], "rtl": ["ar", "he"]}',
  onboarding_status jsonb NOT NULL DEFAULT '{}',
  ip_whitelist jsonb NOT NULL DEFAULT '[]',
  plan_usage jsonb NOT NULL DEFAULT '{}',
  multi_tenant_group_id uuid,
  currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
  timezone text NOT NULL DEFAULT 'UTC',
  referral_credit_cents bigint NOT NULL DEFAULT 0 CHECK (referral_credit_cents >= 0),
  uninstalled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX uq_merchants_shopify_domain ON merchants (shopify_domain);
CREATE INDEX idx_merchants_language ON merchants USING gin (language);
CREATE INDEX idx_merchants_multi_tenant_group_id ON merchants (multi_tenant_group_id);
CALL maintain_updated_at('merchants');
CALL isolate_tenants('merchants');

CREATE TABLE admin_users (
  admin_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  username text NOT NULL,
  email bytea NOT NULL,
  email_hash bytea NOT NULL,
  password_hash text NOT NULL,
  metadata bytea NOT NULL,
  mfa_enabled boolean NOT NULL DEFAULT false,
  mfa_secret bytea CHECK (mfa_secret IS NOT NULL OR NOT mfa_enabled),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  last_login_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX uq_admin_users_username ON admin_users (username);
CREATE UNIQUE INDEX uq_admin_users_email_hash ON admin_users (email_hash);
CALL maintain_updated_at('admin_users');

CREATE TABLE admin_sessions (
  session_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  admin_id uuid NOT NULL REFERENCES admin_users ON DELETE CASCADE,
  token bytea NOT NULL,
  impersonated_merchant_id uuid REFERENCES merchants ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_admin_sessions_expires_at ON admin_sessions (expires_at);
CREATE INDEX idx_admin_sessions_admin_id ON admin_sessions (admin_id);

-- Append-only. Each tenant's lines are a chain: every line holds the hash of the one before (and the platform's own
-- lines, which have no tenant, are a chain too), so that a line that was changed or taken out shows.
CREATE TABLE audit_logs (
  log_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  merchant_id uuid REFERENCES merchants,
  sequence bigint NOT NULL CHECK (sequence > 0),
  actor_id uuid REFERENCES admin_users,
  action text NOT NULL,
  target_table text,
  target_id text,
  severity text NOT NULL DEFAULT 'info' CHECK (severity IN ('info', 'warning', 'critical')),
  -- An undo is a line of its own that names what it undid.
  reverts_log_id uuid REFERENCES audit_logs,
  query_duration_ms integer CHECK (query_duration_ms >= 0),
  metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
  prev_hash bytea,
  hash bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX uq_audit_logs_sequence ON audit_logs (merchant_id, sequence) NULLS NOT DISTINCT;
CREATE INDEX idx_audit_logs_action ON audit_logs (action, created_at);
CREATE INDEX idx_audit_logs_merchant_id ON audit_logs (merchant_id, created_at);
CREATE INDEX idx_audit_logs_actor_id ON audit_logs (actor_id);
CALL isolate_tenants('audit_logs');
CALL isolate_platform_rows('audit_logs');

CREATE TABLE api_logs (
  log_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  merchant_id uuid REFERENCES merchants ON DELETE CASCADE,
  endpoint text NOT NULL,
  method text,
  status_code integer CHECK (status_code BETWEEN 100 AND 599),
  payload jsonb,
  retry_count integer NOT NULL DEFAULT 0 CHECK (retry_count >= 0),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'success', 'failed')),
  duration_ms integer CHECK (duration_ms >= 0),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_api_logs_merchant_id_endpoint ON api_logs (merchant_id, endpoint);
CREATE INDEX idx_api_logs_status_code ON api_logs (status_code);
CALL isolate_tenants('api_logs');
CALL isolate_platform_rows('api_logs');

-- Shopify's sessions, tokens encrypted. Stored before the shop is a tenant, found by an id that Shopify's library
-- makes: reached by functions alone.
CREATE TABLE shopify_sessions (
  session_id text PRIMARY KEY,
  merchant_id uuid REFERENCES merchants ON DELETE CASCADE,
  shop text NOT NULL,
  state text,
  is_online boolean NOT NULL DEFAULT false,
  scope text,
  access_token bytea,
  refresh_token bytea,
  user_id text,
  expires_at timestamptz,
  refresh_expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_shopify_sessions_shop ON shopify_sessions (shop);
CREATE INDEX idx_shopify_sessions_merchant_id ON shopify_sessions (merchant_id);
CALL maintain_updated_at('shopify_sessions');
CALL isolate_tenants('shopify_sessions');

-- Webhooks as they came, bodies encrypted: kept for 30 days, to be worked on again. The tenant is null when the shop
-- is not known.
CREATE TABLE webhook_inbox (
  delivery_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  merchant_id uuid REFERENCES merchants ON DELETE CASCADE,
  shop_domain text NOT NULL,
  topic text NOT NULL,
  webhook_id text NOT NULL,
  event_id text,
  api_version text,
  triggered_at timestamptz,
  -- Null when a person in it was erased.
  payload bytea,
  -- Keyed hashes of who is in it, by which erasing a person finds it; null when nobody can tell.
  subject_tokens bytea[],
  status text NOT NULL DEFAULT 'received'
    CHECK (status IN ('received', 'processing', 'processed', 'ignored', 'refused', 'failed')),
  -- What it led to, or why it led to nothing: codes, no personal data.
  reason text,
  problem_code text,
  problem_field text,
  problem_message text,
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  claimed_at timestamptz,
  received_at timestamptz NOT NULL DEFAULT now(),
  processed_at timestamptz
);
CREATE UNIQUE INDEX uq_webhook_inbox_webhook_id ON webhook_inbox (shop_domain, webhook_id, topic);
CREATE INDEX idx_webhook_inbox_merchant_id ON webhook_inbox (merchant_id, received_at, delivery_id);
CREATE INDEX idx_webhook_inbox_received_at ON webhook_inbox (received_at);
CREATE INDEX idx_webhook_inbox_subject_tokens ON webhook_inbox USING gin (subject_tokens);
CREATE INDEX idx_webhook_inbox_unfinished ON webhook_inbox ((coalesce(claimed_at, received_at)))
  WHERE status IN ('received', 'processing');
CALL isolate_tenants('webhook_inbox');
CALL isolate_platform_rows('webhook_inbox');

-- Effects that leave the database, written in the transaction of the fact that causes them. No foreign key: the row
-- of a busy merchant would be locked by every award.
CREATE TABLE outbox_events (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  merchant_id uuid NOT NULL,
  kind text NOT NULL,
  -- Ids and numbers only.
  payload jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(payload) = 'object'),
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  claimed_at timestamptz,
  claim_expires_at timestamptz,
  acknowledged_at timestamptz
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
CREATE INDEX idx_outbox_events_unacknowledged ON outbox_events (event_id) WHERE acknowledged_at IS NULL;
CREATE INDEX idx_outbox_events_acknowledged_at ON outbox_events (acknowledged_at) WHERE acknowledged_at IS NOT NULL;
CALL isolate_tenants('outbox_events');

CREATE TABLE webhook_idempotency_keys (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  key_id uuid NOT NULL DEFAULT gen_random_uuid(),
  webhook_id text NOT NULL,
  event_type text NOT NULL,
  signature text,
  expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, key_id)
);
CREATE UNIQUE INDEX uq_webhook_idempotency ON webhook_idempotency_keys (merchant_id, webhook_id);
CREATE INDEX idx_webhook_idempotency_keys_expires_at ON webhook_idempotency_keys (expires_at);
CALL isolate_tenants('webhook_idempotency_keys');

-- migrate:down

DROP TABLE webhook_idempotency_keys, outbox_events, webhook_inbox, shopify_sessions, api_logs, audit_logs,
  admin_sessions, admin_users, merchants, plans;
