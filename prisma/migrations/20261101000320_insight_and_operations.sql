-- Segments and scores, messages, reports, imports, exports, privacy, integrations.

-- migrate:up

CREATE TABLE customer_segments (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  -- The first of the member's segments; all of them stand in segment_ids.
  segment_id text NOT NULL,
  name jsonb NOT NULL DEFAULT '{}',
  rules jsonb NOT NULL DEFAULT '{}',
  segment_ids jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(segment_ids) = 'array'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
) PARTITION BY HASH (merchant_id);
CREATE UNIQUE INDEX uq_customer_segments_customer ON customer_segments (merchant_id, customer_id);
CREATE INDEX idx_customer_segments_segment_id ON customer_segments (merchant_id, segment_id);
CALL create_partitions('customer_segments', 'fillfactor = 85');
CALL maintain_updated_at('customer_segments');
CALL isolate_tenants('customer_segments');

CREATE TABLE rfm_score_history (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  history_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  rfm_score jsonb NOT NULL,
  segment_ids jsonb NOT NULL DEFAULT '[]',
  lifecycle_stage text CHECK (lifecycle_stage IN ('new_lead', 'repeat_buyer', 'churned', 'vip')),
  churn_score bytea,
  trigger text NOT NULL DEFAULT 'order' CHECK (trigger IN ('order', 'schedule', 'config', 'import', 'manual')),
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, history_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_rfm_score_history_merchant_id_customer_id
  ON rfm_score_history (merchant_id, customer_id, created_at);
CALL create_partitions('rfm_score_history');
CALL isolate_tenants('rfm_score_history');

CREATE TABLE rfm_segment_deltas (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  delta_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  segment_change jsonb NOT NULL,
  rfm_score jsonb,
  operation text NOT NULL DEFAULT 'update' CHECK (operation IN ('insert', 'update', 'delete')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, delta_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
);
CREATE INDEX idx_rfm_segment_deltas_merchant_id ON rfm_segment_deltas (merchant_id, updated_at);
CREATE INDEX idx_rfm_segment_deltas_customer_id ON rfm_segment_deltas (merchant_id, customer_id);
CALL maintain_updated_at('rfm_segment_deltas');
CALL isolate_tenants('rfm_segment_deltas');

-- A row without a tenant is an anonymous peer group, which every tenant may compare itself with.
CREATE TABLE rfm_benchmarks (
  benchmark_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  merchant_id uuid REFERENCES merchants ON DELETE CASCADE,
  industry text NOT NULL,
  merchant_size text CHECK (merchant_size IN ('small', 'medium', 'plus')),
  aov_range text,
  segment_name text NOT NULL,
  thresholds jsonb NOT NULL DEFAULT '{}',
  customer_percentage numeric(10, 2) CHECK (customer_percentage BETWEEN 0 AND 100),
  avg_rfm_score numeric(10, 2) CHECK (avg_rfm_score BETWEEN 1 AND 5),
  last_updated timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_rfm_benchmarks_industry ON rfm_benchmarks (industry, merchant_size, segment_name);
CREATE INDEX idx_rfm_benchmarks_merchant_id ON rfm_benchmarks (merchant_id);
CALL isolate_tenants('rfm_benchmarks');
CREATE POLICY peer_groups ON rfm_benchmarks FOR SELECT USING (merchant_id IS NULL);

CREATE TABLE email_templates (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  template_id uuid NOT NULL DEFAULT gen_random_uuid(),
  type text NOT NULL CHECK (type IN (
    'points_earned', 'points_expiring', 'birthday_reward', 'reward_redeemed', 'referral_invite', 'referral_completed',
    'tier_upgraded', 'tier_change', 'nudge', 'gdpr_request', 'badge_earned', 'onboarding_task_completed')),
  subject jsonb NOT NULL DEFAULT '{}',
  body jsonb NOT NULL DEFAULT '{}',
  fallback_language text NOT NULL DEFAULT 'en',
  usage_count bigint NOT NULL DEFAULT 0 CHECK (usage_count >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, template_id)
);
CREATE UNIQUE INDEX idx_email_templates_merchant_id_type ON email_templates (merchant_id, type);
CALL maintain_updated_at('email_templates');
CALL isolate_tenants('email_templates');

CREATE TABLE email_events (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  event_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid,
  template_id uuid,
  template_type text,
  channel text NOT NULL DEFAULT 'email' CHECK (channel IN ('email', 'sms', 'whatsapp')),
  provider text CHECK (provider IN ('klaviyo', 'twilio', 'postscript', 'ses')),
  event_type text NOT NULL DEFAULT 'sent' CHECK (event_type IN ('sent', 'failed')),
  recipient_email bytea,
  retry_count integer NOT NULL DEFAULT 0 CHECK (retry_count >= 0),
  error jsonb,
  next_attempt_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, event_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE,
  FOREIGN KEY (merchant_id, template_id) REFERENCES email_templates (merchant_id, template_id)
    ON DELETE SET NULL (template_id)
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_email_events_merchant_id ON email_events (merchant_id, created_at);
CREATE INDEX idx_email_events_customer_id ON email_events (customer_id);
CALL create_partitions('email_events');
CALL isolate_tenants('email_events');

CREATE TABLE data_imports (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  import_id uuid NOT NULL DEFAULT gen_random_uuid(),
  source text NOT NULL CHECK (source IN ('smile_io', 'loyaltylion', 'shopify', 'custom')),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
  file_url text,
  file_size_bytes bigint CHECK (file_size_bytes >= 0),
  record_count integer NOT NULL DEFAULT 0 CHECK (record_count >= 0),
  processed_count integer NOT NULL DEFAULT 0 CHECK (processed_count >= 0),
  error_log jsonb NOT NULL DEFAULT '[]',
  requested_by text,
  completed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, import_id)
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_data_imports_merchant_id_status ON data_imports (merchant_id, status);
CALL create_partitions('data_imports');
CALL isolate_tenants('data_imports');

CREATE TABLE data_export_requests (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  export_id uuid NOT NULL DEFAULT gen_random_uuid(),
  kind text NOT NULL CHECK (kind IN ('gdpr_access', 'rfm_segments', 'analytics', 'customers', 'logs')),
  format text NOT NULL DEFAULT 'csv' CHECK (format IN ('csv', 'json', 'png')),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
  customer_id uuid,
  requested_by text,
  filters jsonb NOT NULL DEFAULT '{}',
  row_count integer NOT NULL DEFAULT 0 CHECK (row_count >= 0),
  file_url text,
  error jsonb,
  expires_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, export_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_data_export_requests_merchant_id_status ON data_export_requests (merchant_id, status);
CALL create_partitions('data_export_requests');
CALL isolate_tenants('data_export_requests');

CREATE TABLE analytics_report_schedules (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  schedule_id uuid NOT NULL DEFAULT gen_random_uuid(),
  report_type text NOT NULL,
  frequency text NOT NULL DEFAULT 'weekly' CHECK (frequency IN ('daily', 'weekly', 'monthly')),
  time_of_day text NOT NULL DEFAULT '06:00' CHECK (time_of_day ~ '^([01]\d|2[0-3]):[0-5]\d$'),
  timezone text NOT NULL DEFAULT 'UTC',
  format text NOT NULL DEFAULT 'csv' CHECK (format IN ('csv', 'json')),
  recipients bytea,
  filters jsonb NOT NULL DEFAULT '{}',
  is_enabled boolean NOT NULL DEFAULT true,
  next_run_at timestamptz,
  last_run_at timestamptz,
  last_status text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, schedule_id)
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_analytics_report_schedules_next_run ON analytics_report_schedules (is_enabled, next_run_at);
CALL create_partitions('analytics_report_schedules');
CALL maintain_updated_at('analytics_report_schedules');
CALL isolate_tenants('analytics_report_schedules');

CREATE TABLE analytics_reports (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  report_id uuid NOT NULL DEFAULT gen_random_uuid(),
  report_type text NOT NULL,
  parameters jsonb NOT NULL DEFAULT '{}',
  format text NOT NULL DEFAULT 'csv' CHECK (format IN ('csv', 'json', 'png')),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
  schedule_id uuid,
  requested_by text,
  row_count integer NOT NULL DEFAULT 0 CHECK (row_count >= 0),
  summary jsonb,
  file_url text,
  error jsonb,
  started_at timestamptz,
  completed_at timestamptz,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, report_id),
  FOREIGN KEY (merchant_id, schedule_id) REFERENCES analytics_report_schedules (merchant_id, schedule_id)
    ON DELETE SET NULL (schedule_id)
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_analytics_reports_merchant_id_type ON analytics_reports (merchant_id, report_type, created_at);
CALL create_partitions('analytics_reports');
CALL isolate_tenants('analytics_reports');

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
  PRIMARY KEY (merchant_id, request_id)
);
CREATE UNIQUE INDEX uq_gdpr_requests_idempotency ON gdpr_requests (merchant_id, idempotency_key);
CREATE INDEX idx_gdpr_requests_merchant_id_request_type ON gdpr_requests (merchant_id, request_type);
CREATE INDEX idx_gdpr_requests_merchant_id_created_at ON gdpr_requests (merchant_id, created_at, request_id);
CREATE INDEX idx_gdpr_requests_retention_expires_at ON gdpr_requests (retention_expires_at);
CALL isolate_tenants('gdpr_requests');

CREATE TABLE consents (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  consent_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  type text NOT NULL CHECK (type IN ('newsletter', 'rfm_tracking', 'referrals')),
  status text NOT NULL CHECK (status IN ('granted', 'revoked')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, consent_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
);
CREATE INDEX idx_consents_customer_id_type ON consents (customer_id, type);
CALL isolate_tenants('consents');

CREATE TABLE integrations (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  integration_id uuid NOT NULL DEFAULT gen_random_uuid(),
  platform text NOT NULL CHECK (platform IN (
    'shopify', 'klaviyo', 'twilio', 'postscript', 'mailchimp', 'yotpo', 'judgeme', 'square', 'lightspeed', 'recharge',
    'gorgias', 'shopify_flow', 'zapier', 'slack')),
  api_key bytea,
  settings jsonb NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'ok' CHECK (status IN ('ok', 'error', 'disabled')),
  error_details jsonb,
  last_checked_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, integration_id)
);
CREATE UNIQUE INDEX idx_integrations_merchant_id_platform ON integrations (merchant_id, platform);
CALL maintain_updated_at('integrations');
CALL isolate_tenants('integrations');

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
  PRIMARY KEY (merchant_id, sync_id)
);
CREATE INDEX idx_sync_runs_created_at ON sync_runs (merchant_id, created_at);
CREATE UNIQUE INDEX uq_sync_runs_under_way ON sync_runs (merchant_id) WHERE status IN ('queued', 'running');
CALL isolate_tenants('sync_runs');

-- migrate:down

DROP TABLE sync_runs, integrations, consents, gdpr_requests, onboarding_tasks, analytics_reports,
  analytics_report_schedules, data_export_requests, data_imports, email_events, email_templates, rfm_benchmarks,
  rfm_segment_deltas, rfm_score_history, customer_segments;
