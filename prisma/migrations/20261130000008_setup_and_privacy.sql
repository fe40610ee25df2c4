-- A shop's first synchronization and setup, and privacy requests.

-- migrate:up

-- The first-run sync of a shop's customers and orders, and how far it is.
CREATE TABLE sync_runs (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  sync_id uuid NOT NULL DEFAULT gen_random_uuid(),
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'completed', 'failed')),
  phase text NOT NULL DEFAULT 'customers' CHECK (phase IN ('customers', 'orders', 'done')),
  shopify_operation_id text,
  customers_total bigint NOT NULL DEFAULT 0 CHECK (customers_total >= 0),
  customers_processed bigint NOT NULL DEFAULT 0 CHECK (customers_processed >= 0),
  orders_total bigint NOT NULL DEFAULT 0 CHECK (orders_total >= 0),
  orders_processed bigint NOT NULL DEFAULT 0 CHECK (orders_processed >= 0),
  problem_code text,
  problem_message text,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  touched_at timestamptz NOT NULL DEFAULT now(),
  customers_set_aside bigint NOT NULL DEFAULT 0 CHECK (customers_set_aside >= 0),
  orders_set_aside bigint NOT NULL DEFAULT 0 CHECK (orders_set_aside >= 0),
  -- The first of them: [{"kind": "order", "shopify_id": "1", "code": "invalid_input", "field": "order.subtotal"}]
  set_aside jsonb NOT NULL DEFAULT '[]',
  PRIMARY KEY (merchant_id, sync_id)
);
CREATE INDEX idx_sync_runs_created_at ON sync_runs (merchant_id, created_at);
CREATE UNIQUE INDEX uq_sync_runs_under_way ON sync_runs (merchant_id) WHERE status IN ('queued', 'running');
-- A sync whose job was lost is found by when it was last heard of.
CREATE INDEX idx_sync_runs_touched_at ON sync_runs (touched_at) WHERE status IN ('queued', 'running');
CALL isolate_tenants('sync_runs');

CREATE TABLE onboarding_tasks (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  task_id uuid NOT NULL DEFAULT gen_random_uuid(),
  task_name text NOT NULL,
  position integer NOT NULL DEFAULT 0 CHECK (position >= 0),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'completed', 'skipped')),
  badge text,
  completed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, task_id)
) PARTITION BY HASH (merchant_id);
CREATE UNIQUE INDEX uq_onboarding_tasks_name ON onboarding_tasks (merchant_id, task_name);
CREATE INDEX idx_onboarding_tasks_merchant_id ON onboarding_tasks (merchant_id, status);
CALL create_partitions('onboarding_tasks');
CALL maintain_updated_at('onboarding_tasks');
CALL isolate_tenants('onboarding_tasks');

-- No foreign key to customers: the record of a redaction outlives the person.
CREATE TABLE gdpr_requests (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  request_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid,
  shopify_customer_id text,
  request_type text NOT NULL CHECK (request_type IN ('data_request', 'redact')),
  request_source text NOT NULL DEFAULT 'webhook' CHECK (request_source IN ('customer', 'admin', 'webhook')),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'completed', 'failed')),
  idempotency_key text,
  retention_expires_at timestamptz NOT NULL DEFAULT now() + interval '90 days',
  metadata jsonb NOT NULL DEFAULT '{}',
  completed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  touched_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, request_id)
);
CREATE UNIQUE INDEX uq_gdpr_requests_idempotency ON gdpr_requests (merchant_id, idempotency_key);
CREATE INDEX idx_gdpr_requests_merchant_id_request_type ON gdpr_requests (merchant_id, request_type);
CREATE INDEX idx_gdpr_requests_merchant_id_created_at ON gdpr_requests (merchant_id, created_at, request_id);
CREATE INDEX idx_gdpr_requests_retention_expires_at ON gdpr_requests (retention_expires_at);
-- A request whose job was lost is found by when a worker last touched it.
CREATE INDEX idx_gdpr_requests_touched_at ON gdpr_requests (touched_at) WHERE status = 'pending';
CALL isolate_tenants('gdpr_requests');

-- migrate:down

DROP TABLE gdpr_requests, onboarding_tasks, sync_runs;
