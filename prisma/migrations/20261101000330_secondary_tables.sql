-- Tables of features that come later, so that their names are settled.

-- migrate:up

CREATE TABLE campaign_suggestions (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  suggestion_id uuid NOT NULL DEFAULT gen_random_uuid(),
  type text NOT NULL CHECK (type IN ('discount', 'double_points', 'goal_spend')),
  conditions jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, suggestion_id)
);
CREATE INDEX idx_campaign_suggestions_merchant_id ON campaign_suggestions (merchant_id);
CALL isolate_tenants('campaign_suggestions');

CREATE TABLE roi_metrics (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  metric_id uuid NOT NULL DEFAULT gen_random_uuid(),
  revenue_influenced numeric(20, 4) NOT NULL DEFAULT 0,
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  -- Per cent.
  referral_contribution numeric(10, 2) NOT NULL DEFAULT 0 CHECK (referral_contribution BETWEEN 0 AND 100),
  vip_purchase_share numeric(10, 2) NOT NULL DEFAULT 0 CHECK (vip_purchase_share BETWEEN 0 AND 100),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, metric_id)
);
CREATE INDEX idx_roi_metrics_merchant_id ON roi_metrics (merchant_id, created_at);
CALL isolate_tenants('roi_metrics');

CREATE TABLE wallet_passes (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  pass_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  wallet_type text NOT NULL CHECK (wallet_type IN ('apple', 'google')),
  pass_data bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, pass_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
);
CREATE INDEX idx_wallet_passes_customer_id ON wallet_passes (customer_id);
CALL isolate_tenants('wallet_passes');

CREATE TABLE pos_offline_queue (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  queue_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  transaction_type text NOT NULL CHECK (transaction_type IN ('earn', 'redeem')),
  points bigint NOT NULL CHECK (points > 0 AND points < 9007199254740992),
  idempotency_token text NOT NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'synced', 'failed')),
  sync_attempt_count integer NOT NULL DEFAULT 0 CHECK (sync_attempt_count >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, queue_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_pos_offline_queue_token ON pos_offline_queue (merchant_id, idempotency_token);
CREATE INDEX idx_pos_offline_queue_customer_id ON pos_offline_queue (merchant_id, customer_id);
CALL isolate_tenants('pos_offline_queue');

CREATE TABLE team_members (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  team_id text NOT NULL,
  customer_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_team_members ON team_members (merchant_id, team_id, customer_id);
CREATE INDEX idx_team_members_customer_id ON team_members (merchant_id, customer_id);
CALL isolate_tenants('team_members');

-- migrate:down

DROP TABLE team_members, pos_offline_queue, wallet_passes, roi_metrics, campaign_suggestions;
