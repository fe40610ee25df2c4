-- Members, their points and their orders. Every key between these tables carries merchant_id, so that one tenant's row can
-- never name another's.

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
  -- Taken out of the tiers in force; members keep it until their grace period ends.
  retired_at timestamptz,
  PRIMARY KEY (merchant_id, tier_id)
);
CREATE INDEX idx_vip_tiers_merchant_id ON vip_tiers (merchant_id, position);
CALL maintain_updated_at('vip_tiers');
CALL isolate_tenants('vip_tiers');

-- Who is a person only here: every other table knows them by customer_id. Email and names are encrypted and found by
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
  -- Shopify's updated_at of what is known; older updates change nothing.
  source_updated_at timestamptz,
  merged_into_customer_id uuid CHECK (merged_into_customer_id <> customer_id),
  redacted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- Set by what changes points or spending; a review clears it.
  review_due_at timestamptz,
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
CREATE INDEX idx_customers_birthday ON customers (merchant_id, birthday_md) WHERE birthday_md IS NOT NULL;
-- The entries of a member who was merged away count for the member they were merged into.
CREATE INDEX idx_customers_merged_into ON customers (merchant_id, merged_into_customer_id)
  WHERE merged_into_customer_id IS NOT NULL;
-- Only those who wait stand in it, led by the shop, so that one with many who wait does not hide the others.
CREATE INDEX idx_customers_review_due_at ON customers (merchant_id, review_due_at) WHERE review_due_at IS NOT NULL;
CALL create_partitions('customers', 'fillfactor = 85');
CALL maintain_updated_at('customers');
CALL isolate_tenants('customers');

CREATE TABLE consents (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  consent_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  type text NOT NULL CHECK (type IN ('newsletter', 'rfm_tracking', 'referrals')),
  status text NOT NULL CHECK (status IN ('granted', 'revoked')),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- When it was told: an older notice that arrives later does not overrule a newer one.
  told_at timestamptz,
  PRIMARY KEY (merchant_id, consent_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
);
CREATE INDEX idx_consents_customer_id_type ON consents (customer_id, type);
CALL isolate_tenants('consents');

-- One narrow row per member, changed by every entry: room on the page and no index on a changing column, so that an
-- update stays on its page.
CREATE TABLE points_balances (
  merchant_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  balance bigint NOT NULL DEFAULT 0 CHECK (abs(balance) < 9007199254740992),
  held bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
  -- Points that were deducted after they were spent, and are recovered from later credits.
  debt bigint NOT NULL DEFAULT 0 CHECK (debt >= 0),
  earned_total bigint NOT NULL DEFAULT 0,
  spent_total bigint NOT NULL DEFAULT 0,
  -- How many entries the member has; the sequence of the last one.
  version bigint NOT NULL DEFAULT 0 CHECK (version >= 0),
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- Of a member who was merged away or erased. The ledger does not see a closed balance, so none of its functions can
  -- write an entry for it, whatever asked for one.
  closed_at timestamptz,
  PRIMARY KEY (merchant_id, customer_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id)
) PARTITION BY HASH (merchant_id);
CALL create_partitions('points_balances', 'fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05');
CALL isolate_tenants('points_balances');

-- The ledger: one signed line per fact, never changed. Written by the ledger's functions; the application itself may insert
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
  -- The business's name of the fact, such as order/1001/paid: the same fact is written once, forever.
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
-- The activity log is walked by time, also by kinds of entries that are few among many awards; awards are not in it, so
-- they cost no more.
CREATE INDEX idx_points_transactions_not_earned ON points_transactions (merchant_id, type, created_at, transaction_id)
  WHERE type <> 'earn';
CALL create_partitions('points_transactions');
CALL isolate_tenants('points_transactions');

-- Points that were earned together and expire together; known by the sequence of the entry that credited them.
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
  currency text CHECK (currency ~ '^[A-Z][A-Z0-9]{2,7}$'),
  presentment_currency text CHECK (presentment_currency ~ '^[A-Z][A-Z0-9]{2,7}$'),
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
  -- From before the program: it counts for RFM and earns nothing.
  is_historical boolean NOT NULL DEFAULT false,
  redemption_id uuid,
  referral_link_id uuid,
  awarded_points bigint NOT NULL DEFAULT 0 CHECK (awarded_points >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  country text CHECK (country ~ '^[A-Z]{2}$'),
  -- When the newest snapshot was seen: it tells those of one second apart.
  observed_at timestamptz,
  -- Of the newest snapshot; a partial one is replaced by any other.
  source text NOT NULL DEFAULT 'webhook' CHECK (source IN ('webhook', 'reading', 'partial')),
  -- Two snapshots could not be told apart: Shopify is to be asked.
  reading_due boolean NOT NULL DEFAULT false,
  -- Of the newest source that told whose order it is.
  customer_updated_at timestamptz,
  customer_observed_at timestamptz,
  prior_customer_id uuid,
  -- In all, as it was placed and now; total is 0 where it is not known.
  current_total numeric(20, 4),
  tax numeric(20, 4),
  taxes_included boolean NOT NULL DEFAULT false,
  is_test boolean NOT NULL DEFAULT false,
  -- When orders/paid was triggered: nearer to the payment than any snapshot.
  paid_told_at timestamptz,
  -- [[time, goods before refunds], …]: whether an edit added something while the program was off.
  edits jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(edits) = 'array'),
  -- What the order is worth in points where its entries do not say it, and what was forgiven by stopping at zero.
  account_points bigint,
  waived_points bigint NOT NULL DEFAULT 0 CHECK (waived_points >= 0),
  -- Whether the award counts as the customer's first purchase; null where no rule asks.
  first_given boolean,
  -- Paid, or placed where points are given at placing; neither cancelled nor refunded in full.
  counts boolean NOT NULL DEFAULT true,
  PRIMARY KEY (merchant_id, order_row_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id)
) PARTITION BY HASH (merchant_id);
CREATE UNIQUE INDEX uq_orders_shopify ON orders (merchant_id, shopify_order_id);
CREATE INDEX idx_orders_customer ON orders (merchant_id, customer_id, ordered_at);
CREATE INDEX idx_orders_ordered_at ON orders (merchant_id, ordered_at);
CALL create_partitions('orders', 'fillfactor = 85');
CALL maintain_updated_at('orders');
CALL isolate_tenants('orders');

-- Which lots the member was told of, and for which date: a lot that is extended is told of again.
CREATE TABLE expiry_notices (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  customer_id uuid NOT NULL,
  sequence bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  points bigint NOT NULL CHECK (points > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, customer_id, sequence, expires_at),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
);
CALL isolate_tenants('expiry_notices');

-- Expiration dates that were extended by a merchant, and can be set back. Only dates of lots move, never points.
CREATE TABLE expiry_extensions (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  extension_id uuid NOT NULL,
  idempotency_key text NOT NULL,
  -- Null: every member's.
  customer_id uuid,
  -- The lots that would have expired before this moment.
  lapsing_before timestamptz NOT NULL,
  days integer NOT NULL CHECK (days BETWEEN 1 AND 3650),
  members bigint NOT NULL DEFAULT 0,
  points bigint NOT NULL DEFAULT 0,
  actor text,
  created_at timestamptz NOT NULL DEFAULT now(),
  undone_at timestamptz,
  undone_by text,
  PRIMARY KEY (merchant_id, extension_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_expiry_extensions_idempotency ON expiry_extensions (merchant_id, idempotency_key);
CREATE INDEX idx_expiry_extensions_created_at ON expiry_extensions (merchant_id, created_at, extension_id);
CALL isolate_tenants('expiry_extensions');

CREATE TABLE expiry_extension_lots (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  extension_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  sequence bigint NOT NULL,
  expires_before timestamptz NOT NULL,
  expires_after timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, extension_id, customer_id, sequence),
  FOREIGN KEY (merchant_id, extension_id) REFERENCES expiry_extensions (merchant_id, extension_id) ON DELETE CASCADE,
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
);
-- Erasing a shop takes its members first, and theirs would go through these keys row by row.
CREATE INDEX idx_expiry_extension_lots_customer ON expiry_extension_lots (merchant_id, customer_id);
CALL isolate_tenants('expiry_extension_lots');

-- migrate:down

DROP TABLE expiry_extension_lots, expiry_extensions, expiry_notices, orders, point_holds, point_lots,
  points_transactions, points_balances, consents, customers, vip_tiers;
