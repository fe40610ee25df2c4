-- Tenants, LoyalNest staff, and the log of what was done.

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
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- Test orders earn in a store that is for trying things out.
  is_development boolean NOT NULL DEFAULT false
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
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- A password that someone else has seen is good for one sign-in, and until this time.
  must_change_password boolean NOT NULL DEFAULT false,
  password_expires_at timestamptz,
  -- The time step of the last code that was accepted: a code that was watched opens nothing a second time.
  mfa_last_step bigint CHECK (mfa_last_step >= 0),
  recovery_code_hashes bytea[] NOT NULL DEFAULT '{}'
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
  created_at timestamptz NOT NULL DEFAULT now(),
  stage text NOT NULL CHECK (stage IN ('second_factor', 'new_password', 'enrolment', 'signed_in')),
  last_seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_admin_sessions_expires_at ON admin_sessions (expires_at);
CREATE INDEX idx_admin_sessions_admin_id ON admin_sessions (admin_id);

-- Tries to sign in that did not succeed, by keyed hashes of who tried from where: no address is stored.
CREATE TABLE admin_sign_in_tries (
  key_hash bytea PRIMARY KEY,
  tries integer NOT NULL CHECK (tries > 0),
  since timestamptz NOT NULL,
  locked_until timestamptz
);
CREATE INDEX idx_admin_sign_in_tries_since ON admin_sign_in_tries (since);

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
-- The activity log again, past the adjustments that the ledger tells better.
CREATE INDEX idx_audit_logs_changes ON audit_logs (merchant_id, created_at, log_id)
  WHERE action <> ALL ('{points_adjusted,adjustment_undone}');
CALL isolate_tenants('audit_logs');
CALL isolate_platform_rows('audit_logs');

-- Erasing a shop begins 48 hours after Shopify asked for it, and can be stopped until then. The row outlives the shop, so
-- it stands beside the tenants and not in one, and forgets the shop's name once it is erased.
CREATE TABLE shop_erasures (
  erasure_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  target_merchant uuid NOT NULL,
  shop_domain text,
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'stopped', 'cancelled', 'erased')),
  requested_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 300),
  alarmed_at timestamptz,
  ended_at timestamptz,
  CHECK ((status IN ('cancelled', 'erased')) = (ended_at IS NOT NULL)),
  CHECK ((status = 'erased') = (shop_domain IS NULL)),
  -- One request of Shopify's is one row, however often its delivery is worked on.
  UNIQUE (target_merchant, requested_at)
);
CREATE INDEX idx_shop_erasures_open ON shop_erasures (due_at) WHERE ended_at IS NULL;
CREATE INDEX idx_shop_erasures_requested_at ON shop_erasures (requested_at, erasure_id);

-- migrate:down

DROP TABLE shop_erasures, audit_logs, admin_sign_in_tries, admin_sessions, admin_users, merchants, plans;
