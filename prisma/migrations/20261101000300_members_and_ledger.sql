-- Members, their points and their orders. Every key between these tables carries merchant_id, so that one tenant's
-- row can never name another's.

-- migrate:up

CREATE TABLE vip_tiers (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  tier_id uuid NOT NULL DEFAULT gen_random_uuid(),
  name jsonb NOT NULL DEFAULT '{}',
  position integer NOT NULL DEFAULT 0 CHECK (position >= 0),
  -- In the currency of the shop.
  spend_threshold numeric(20, 4) CHECK (spend_threshold >= 0),
  points_threshold bigint CHECK (points_threshold >= 0),
  rules jsonb NOT NULL DEFAULT '{}',
  benefits jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, tier_id)
);
CREATE INDEX idx_vip_tiers_merchant_id ON vip_tiers (merchant_id, position);
CALL maintain_updated_at('vip_tiers');
CALL isolate_tenants('vip_tiers');

-- Who is a person only here: every other table knows them by customer_id. E-mail and names are encrypted and found by
-- keyed hashes. A person who was erased leaves the row without themselves in it.
CREATE TABLE customers (
  merchant_id uuid NOT NULL REFERENCES merchants,
  customer_id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- Null for a guest; a keyed hash of it once the person was erased.
  shopify_customer_id text,
  shared_customer_id text,
  email bytea,
  -- Not unique: people swap addresses, and Shopify tells us one by one.
  email_hash bytea,
  first_name bytea,
  last_name bytea,
  name_tokens bytea[] NOT NULL DEFAULT '{}',
  locale text NOT NULL DEFAULT 'en',
  state text CHECK (state IN ('disabled', 'invited', 'enabled', 'declined')),
  has_account boolean NOT NULL DEFAULT false,
  rfm_score jsonb NOT NULL DEFAULT '{"recency": 1, "frequency": 1, "monetary": 1, "score": 1}',
  churn_score bytea,
  -- The encrypted score, coarse enough to filter and sort by.
  churn_band text CHECK (churn_band IN ('low', 'medium', 'high')),
  lifecycle_stage text CHECK (lifecycle_stage IN ('new_lead', 'repeat_buyer', 'churned', 'vip')),
  vip_tier_id uuid,
  vip_progress jsonb NOT NULL DEFAULT '{}',
  order_count integer NOT NULL DEFAULT 0 CHECK (order_count >= 0),
  -- In the currency of the shop.
  total_spend numeric(20, 4) NOT NULL DEFAULT 0,
  last_order_at timestamptz,
  birthday_md text CHECK (birthday_md ~ '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'),
  birthday_set_at timestamptz,
  location jsonb NOT NULL DEFAULT '{}',
  metadata jsonb NOT NULL DEFAULT '{}',
  -- The version of the balance that the shop's metafield shows.
  metafield_version bigint NOT NULL DEFAULT 0 CHECK (metafield_version >= 0),
  -- Shopify's updated_at of what is known; older news changes nothing.
  source_updated_at timestamptz,
  merged_into_customer_id uuid CHECK (merged_into_customer_id <> customer_id),
  redacted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, customer_id),
  FOREIGN KEY (merchant_id, vip_tier_id) REFERENCES vip_tiers (merchant_id, tier_id)
    ON DELETE SET NULL (vip_tier_id)
) PARTITION BY HASH (merchant_id);
CREATE UNIQUE INDEX uq_customers_shopify ON customers (merchant_id, shopify_customer_id);
CREATE UNIQUE INDEX uq_customers_shared ON customers (merchant_id, shared_customer_id);
CREATE INDEX idx_customers_email_hash ON customers (merchant_id, email_hash);
CREATE INDEX idx_customers_name_tokens ON customers USING gin (name_tokens);
CREATE INDEX idx_customers_created_at ON customers (merchant_id, created_at, customer_id);
CREATE INDEX idx_customers_rfm_score ON customers USING gin (rfm_score);
CREATE INDEX idx_customers_metadata ON customers USING gin (metadata);
CREATE INDEX idx_customers_last_order_at ON customers (merchant_id, last_order_at, customer_id);
CREATE INDEX idx_customers_vip_tier_id ON customers (merchant_id, vip_tier_id) WHERE vip_tier_id IS NOT NULL;
CREATE INDEX idx_customers_rfm_score_at_risk ON customers (merchant_id) WHERE (rfm_score ->> 'score')::numeric < 2;
CALL create_partitions('customers', 'fillfactor = 85');
CALL maintain_updated_at('customers');
CALL isolate_tenants('customers');

-- One narrow row per member, changed by every entry: room on the page and no index on a changing column, so that an
-- update stays on its page.
CREATE TABLE points_balances (
  merchant_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  balance bigint NOT NULL DEFAULT 0 CHECK (abs(balance) < 9007199254740992),
  held bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
  -- Points that were taken back after they were spent, and are recovered from later credits.
  debt bigint NOT NULL DEFAULT 0 CHECK (debt >= 0),
  earned_total bigint NOT NULL DEFAULT 0,
  spent_total bigint NOT NULL DEFAULT 0,
  -- How many entries the member has; the sequence of the last one.
  version bigint NOT NULL DEFAULT 0 CHECK (version >= 0),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, customer_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id)
) PARTITION BY HASH (merchant_id);
CALL create_partitions('points_balances', 'fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05');
CALL isolate_tenants('points_balances');

-- The ledger: one signed line per fact, never changed. Written by the ledger's doors; the application itself may insert
-- (customer_id, merchant_id, points) and a trigger completes the line.
CREATE TABLE points_transactions (
  merchant_id uuid NOT NULL,
  transaction_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  type text NOT NULL DEFAULT 'earn',
  points bigint NOT NULL CHECK (points <> 0 AND abs(points) < 9007199254740992),
  -- Gapless per member: 1, 2, 3, …
  sequence bigint NOT NULL CHECK (sequence > 0),
  balance_after bigint NOT NULL CHECK (abs(balance_after) < 9007199254740992),
  -- The business's name of the fact, such as order/1001/paid: the same fact is written once, for ever.
  idempotency_key text,
  source text,
  reason text,
  -- Shopify's id.
  order_id text,
  reverses_transaction_id uuid,
  -- Of the money in metadata.
  currency text,
  expiry_date timestamptz,
  campaign_id uuid,
  actor text,
  -- Which lots a debit took its points from: [[sequence, points], …].
  consumed jsonb,
  metadata jsonb NOT NULL DEFAULT '{}',
  occurred_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- No foreign key to the member: a line is only ever written under the lock of the member's balance, which has one, and
  -- asking again for every line and lot halved what the ledger can write.
  PRIMARY KEY (merchant_id, transaction_id),
  CHECK (CASE
    WHEN type IN ('earn', 'import', 'referral', 'campaign') THEN points > 0
    WHEN type IN ('redeem', 'expire') THEN points < 0
    ELSE type IN ('adjust', 'reversal', 'writeoff') END)
) PARTITION BY HASH (merchant_id);
CREATE UNIQUE INDEX uq_points_transactions_idempotency ON points_transactions (merchant_id, idempotency_key);
CREATE UNIQUE INDEX uq_points_transactions_sequence ON points_transactions (merchant_id, customer_id, sequence);
CREATE INDEX idx_points_transactions_order_id ON points_transactions (merchant_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX idx_points_transactions_customer_id ON points_transactions (customer_id, created_at);
CREATE INDEX idx_points_transactions_created_at ON points_transactions (merchant_id, created_at);
CALL create_partitions('points_transactions');
CALL isolate_tenants('points_transactions');

-- Points that were earned together and lapse together; known by the sequence of the entry that credited them.
CREATE TABLE point_lots (
  merchant_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  sequence bigint NOT NULL CHECK (sequence > 0),
  points bigint NOT NULL CHECK (points > 0),
  remaining bigint NOT NULL CHECK (remaining BETWEEN 0 AND points),
  -- Null: never.
  expires_at timestamptz,
  order_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, customer_id, sequence)
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_point_lots_expires_at ON point_lots (merchant_id, expires_at)
  WHERE remaining > 0 AND expires_at IS NOT NULL;
CALL create_partitions('point_lots', 'fillfactor = 90');
CALL isolate_tenants('point_lots');

-- Points set aside during a redemption. Beside the ledger, not in it: available = balance - held.
CREATE TABLE point_holds (
  merchant_id uuid NOT NULL,
  hold_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  points bigint NOT NULL CHECK (points > 0),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'confirmed', 'released', 'expired')),
  purpose text,
  idempotency_key text NOT NULL,
  -- The debit of a confirmed hold.
  transaction_id uuid,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz,
  PRIMARY KEY (merchant_id, hold_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES points_balances (merchant_id, customer_id),
  CHECK ((status = 'active') = (settled_at IS NULL)),
  CHECK (transaction_id IS NULL OR status = 'confirmed')
) PARTITION BY HASH (merchant_id);
CREATE UNIQUE INDEX uq_point_holds_idempotency ON point_holds (merchant_id, idempotency_key);
CREATE INDEX idx_point_holds_customer_id ON point_holds (merchant_id, customer_id) WHERE status = 'active';
CREATE INDEX idx_point_holds_expires_at ON point_holds (merchant_id, expires_at) WHERE status = 'active';
CALL create_partitions('point_holds');
CALL isolate_tenants('point_holds');

-- What points, refunds and RFM need of an order: facts that only accumulate, in whatever order they arrive.
CREATE TABLE orders (
  merchant_id uuid NOT NULL REFERENCES merchants,
  order_row_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid,
  shopify_order_id text NOT NULL,
  name text,
  -- Goods after discounts, before shipping and tax; now, and before any refund.
  subtotal numeric(20, 4) NOT NULL DEFAULT 0 CHECK (subtotal >= 0),
  gross_subtotal numeric(20, 4) NOT NULL DEFAULT 0 CHECK (gross_subtotal >= 0),
  total numeric(20, 4) NOT NULL DEFAULT 0 CHECK (total >= 0),
  refunded numeric(20, 4) NOT NULL DEFAULT 0 CHECK (refunded >= 0),
  -- Of the shop, which all amounts are in, and of the shopper.
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  presentment_currency text CHECK (presentment_currency ~ '^[A-Z]{3}$'),
  financial_status text,
  channel text NOT NULL DEFAULT 'online' CHECK (channel IN ('online', 'pos', 'square', 'lightspeed')),
  ordered_at timestamptz NOT NULL,
  paid_at timestamptz,
  cancelled_at timestamptz,
  -- Shopify's updated_at of the newest snapshot that was taken over.
  source_updated_at timestamptz,
  -- {"<refund id>": {"subtotal": "12.00", "at": "…"}}
  refunds jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(refunds) = 'object'),
  line_items jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(line_items) = 'array'),
  -- From before the programme: it counts for RFM and earns nothing.
  is_historical boolean NOT NULL DEFAULT false,
  redemption_id uuid,
  referral_link_id uuid,
  awarded_points bigint NOT NULL DEFAULT 0 CHECK (awarded_points >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, order_row_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id)
) PARTITION BY HASH (merchant_id);
CREATE UNIQUE INDEX uq_orders_shopify ON orders (merchant_id, shopify_order_id);
CREATE INDEX idx_orders_customer ON orders (merchant_id, customer_id, ordered_at);
CREATE INDEX idx_orders_ordered_at ON orders (merchant_id, ordered_at);
CALL create_partitions('orders', 'fillfactor = 85');
CALL maintain_updated_at('orders');
CALL isolate_tenants('orders');

-- migrate:down

DROP TABLE orders, point_holds, point_lots, points_transactions, points_balances, customers, vip_tiers;
