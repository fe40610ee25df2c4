-- What comes from Shopify and what goes out again, reached before it is known which tenant it belongs to.

-- migrate:up

-- Shopify's sessions, tokens encrypted. Stored before the shop is a tenant, found by an id that Shopify's library
-- makes: reached through functions alone.
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
  -- Keyed hashes of who is in it, by which erasing a person finds it; null when the body cannot be read.
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
  processed_at timestamptz,
  -- What it moved.
  points bigint
);
CREATE INDEX idx_webhook_inbox_merchant_id ON webhook_inbox (merchant_id, received_at, delivery_id);
CREATE INDEX idx_webhook_inbox_received_at ON webhook_inbox (received_at);
CREATE INDEX idx_webhook_inbox_subject_tokens ON webhook_inbox USING gin (subject_tokens);
CREATE INDEX idx_webhook_inbox_unfinished ON webhook_inbox ((coalesce(claimed_at, received_at)))
  WHERE status IN ('received', 'processing');
-- Only what went wrong stands in it, so that looking over all shops costs no more in a large installation.
CREATE INDEX idx_webhook_inbox_unsuccessful ON webhook_inbox (received_at, delivery_id)
  WHERE status IN ('failed', 'refused');
-- By which erasing finds what came before the shop was known.
CREATE INDEX idx_webhook_inbox_unknown_shop ON webhook_inbox (shop_domain) WHERE merchant_id IS NULL;
CALL isolate_tenants('webhook_inbox');
CALL isolate_platform_rows('webhook_inbox');

-- A delivery is known again for 24 hours by its shop, its webhook id and its topic: the key is written in the statement
-- that stores the delivery, so neither is there without the other. After a day the same id is a new delivery, and the
-- ledger's own keys hold the balances. A key belongs to a shop, which may be no tenant yet; hence merchant_id may be null,
-- and only functions write here: a tenant that could would silence the webhooks of another. It refers to no row: the
-- inbox's own reference holds for both, and a second would lock the merchant's row once more for each delivery.
CREATE TABLE webhook_idempotency_keys (
  merchant_id uuid,
  webhook_id text NOT NULL,
  event_type text NOT NULL,
  expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours',
  created_at timestamptz NOT NULL DEFAULT now(),
  shop_domain text NOT NULL,
  delivery_id uuid NOT NULL,
  CONSTRAINT uq_webhook_idempotency PRIMARY KEY (shop_domain, webhook_id, event_type)
);
CREATE INDEX idx_webhook_idempotency_keys_expires_at ON webhook_idempotency_keys (expires_at);
CALL isolate_tenants('webhook_idempotency_keys');
CALL isolate_platform_rows('webhook_idempotency_keys');

-- Effects that leave the database, written in the transaction of the fact that causes them. No foreign key: the row
-- of a busy merchant would be locked by every award.
CREATE TABLE outbox_events (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  merchant_id uuid NOT NULL,
  kind text NOT NULL,
  -- Ids and numbers only.
  payload jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(payload) = 'object'),
  -- The trace that wrote it, where one was recorded: what carries the event out continues it.
  traceparent text DEFAULT nullif(current_setting('app.traceparent', true), ''),
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  claimed_at timestamptz,
  claim_expires_at timestamptz,
  acknowledged_at timestamptz
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
CREATE INDEX idx_outbox_events_unacknowledged ON outbox_events (event_id) WHERE acknowledged_at IS NULL;
CREATE INDEX idx_outbox_events_acknowledged_at ON outbox_events (acknowledged_at) WHERE acknowledged_at IS NOT NULL;
CALL isolate_tenants('outbox_events');

-- migrate:down

DROP TABLE outbox_events, webhook_idempotency_keys, webhook_inbox, shopify_sessions;
