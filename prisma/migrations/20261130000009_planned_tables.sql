-- Tables of what comes later, so that their names are settled. docs/data.md says which capability each waits for.

-- migrate:up

-- ── Referrals and messages ──

-- merchant_id is the merchant who invites.
CREATE TABLE merchant_referrals (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  merchant_referral_id uuid NOT NULL DEFAULT gen_random_uuid(),
  referred_merchant_id uuid REFERENCES merchants ON DELETE SET NULL CHECK (referred_merchant_id <> merchant_id),
  referral_code text NOT NULL,
  reward_id text NOT NULL DEFAULT 'credit_50' CHECK (reward_id IN ('credit_50', '1_month_free')),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'completed', 'expired')),
  click_count bigint NOT NULL DEFAULT 0 CHECK (click_count >= 0),
  credited_at timestamptz,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, merchant_referral_id)
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_merchant_referrals_advocate_merchant_id ON merchant_referrals (merchant_id);
CREATE UNIQUE INDEX uq_merchant_referrals_code ON merchant_referrals (merchant_id, referral_code);
CREATE UNIQUE INDEX uq_merchant_referrals_referred ON merchant_referrals (merchant_id, referred_merchant_id);
CALL create_partitions('merchant_referrals');
CALL isolate_tenants('merchant_referrals');

CREATE TABLE referral_links (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  referral_link_id uuid NOT NULL DEFAULT gen_random_uuid(),
  advocate_customer_id uuid NOT NULL,
  referral_code text NOT NULL,
  click_count bigint NOT NULL DEFAULT 0 CHECK (click_count >= 0),
  merchant_referral_id uuid,
  last_viewed_at timestamptz,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, referral_link_id),
  FOREIGN KEY (merchant_id, advocate_customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE,
  FOREIGN KEY (merchant_id, merchant_referral_id) REFERENCES merchant_referrals (merchant_id, merchant_referral_id)
    ON DELETE SET NULL (merchant_referral_id)
);
CREATE UNIQUE INDEX idx_referral_links_referral_code ON referral_links (referral_code);
CREATE INDEX idx_referral_links_advocate ON referral_links (merchant_id, advocate_customer_id);
CALL isolate_tenants('referral_links');

CREATE TABLE referrals (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  referral_id uuid NOT NULL DEFAULT gen_random_uuid(),
  referral_link_id uuid NOT NULL,
  advocate_customer_id uuid NOT NULL,
  friend_customer_id uuid CHECK (friend_customer_id <> advocate_customer_id),
  type text NOT NULL DEFAULT 'sms' CHECK (type IN ('sms', 'email', 'whatsapp', 'social', 'merchant')),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'completed', 'expired')),
  tier_level integer NOT NULL DEFAULT 1 CHECK (tier_level >= 1),
  reward_id uuid,
  spoof_detection jsonb NOT NULL DEFAULT '{}',
  notification_status text NOT NULL DEFAULT 'pending' CHECK (notification_status IN ('pending', 'sent', 'failed')),
  locale text NOT NULL DEFAULT 'en',
  expires_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, referral_id),
  FOREIGN KEY (merchant_id, referral_link_id) REFERENCES referral_links (merchant_id, referral_link_id) ON DELETE CASCADE,
  FOREIGN KEY (merchant_id, advocate_customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE,
  FOREIGN KEY (merchant_id, friend_customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE,
  FOREIGN KEY (merchant_id, reward_id) REFERENCES rewards (merchant_id, reward_id)
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_referrals_merchant_id ON referrals (merchant_id, status);
CREATE INDEX idx_referrals_referral_link_id ON referrals (referral_link_id);
CREATE INDEX idx_referrals_advocate_customer_id ON referrals (advocate_customer_id, created_at);
CREATE INDEX idx_referrals_notification_status ON referrals (notification_status);
CREATE UNIQUE INDEX uq_referrals_friend ON referrals (merchant_id, friend_customer_id);
CALL create_partitions('referrals');
CALL maintain_updated_at('referrals');
CALL isolate_tenants('referrals');

CREATE TABLE referral_events (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  event_id uuid NOT NULL DEFAULT gen_random_uuid(),
  referral_link_id uuid NOT NULL,
  referral_id uuid,
  action text NOT NULL CHECK (action IN ('view', 'click', 'conversion')),
  event_type text CHECK (event_type IN ('signup', 'purchase')),
  variants jsonb NOT NULL DEFAULT '{}',
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, event_id),
  FOREIGN KEY (merchant_id, referral_link_id) REFERENCES referral_links (merchant_id, referral_link_id) ON DELETE CASCADE,
  FOREIGN KEY (merchant_id, referral_id) REFERENCES referrals (merchant_id, referral_id) ON DELETE CASCADE
);
CREATE INDEX idx_referral_events_referral_link_id ON referral_events (referral_link_id, created_at);
CREATE INDEX idx_referral_events_referral_id ON referral_events (merchant_id, referral_id) WHERE referral_id IS NOT NULL;
CALL isolate_tenants('referral_events');

CREATE TABLE slack_community (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  community_id uuid NOT NULL DEFAULT gen_random_uuid(),
  audience text NOT NULL DEFAULT 'merchant' CHECK (audience IN ('merchant', 'customer')),
  customer_id uuid CHECK (customer_id IS NULL OR audience = 'customer'),
  slack_user_id text NOT NULL,
  status text NOT NULL DEFAULT 'invited' CHECK (status IN ('active', 'invited', 'inactive')),
  beta_features jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, community_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_slack_community_merchant_id ON slack_community (merchant_id);
CREATE UNIQUE INDEX uq_slack_community_user ON slack_community (merchant_id, slack_user_id);
CALL create_partitions('slack_community');
CALL maintain_updated_at('slack_community');
CALL isolate_tenants('slack_community');

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

-- ── Segments in use and reports ──

-- A row without a tenant is an anonymous peer group, with which every tenant may compare itself.
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

CREATE TABLE nudges (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  nudge_id uuid NOT NULL DEFAULT gen_random_uuid(),
  type text NOT NULL CHECK (type IN ('at-risk', 'loyal', 'new', 'inactive', 'tier_dropped', 'vip', 'churned')),
  title jsonb NOT NULL DEFAULT '{}',
  description jsonb NOT NULL DEFAULT '{}',
  personalized_content jsonb NOT NULL DEFAULT '{}',
  conditions jsonb NOT NULL DEFAULT '{}',
  variants jsonb NOT NULL DEFAULT '{}',
  is_enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, nudge_id)
);
CREATE INDEX idx_nudges_merchant_id ON nudges (merchant_id, type);
CALL maintain_updated_at('nudges');
CALL isolate_tenants('nudges');

CREATE TABLE nudge_events (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  event_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  nudge_id uuid NOT NULL,
  variant text,
  action text NOT NULL CHECK (action IN ('view', 'click', 'dismiss')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, event_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE,
  FOREIGN KEY (merchant_id, nudge_id) REFERENCES nudges (merchant_id, nudge_id) ON DELETE CASCADE
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_nudge_events_customer_id ON nudge_events (customer_id, created_at);
CREATE INDEX idx_nudge_events_nudge_id ON nudge_events (nudge_id, action);
CALL create_partitions('nudge_events');
CALL isolate_tenants('nudge_events');

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

-- ── Imports, exports, play, wallets, the register, and the public API ──

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

CREATE TABLE gamification_achievements (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  achievement_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  badge_code text NOT NULL,
  badge jsonb NOT NULL DEFAULT '{}',
  action_type text,
  streak_count integer NOT NULL DEFAULT 0 CHECK (streak_count >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, achievement_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_gamification_achievements_customer_id ON gamification_achievements (customer_id, created_at);
CREATE UNIQUE INDEX uq_gamification_achievements_badge ON gamification_achievements (merchant_id, customer_id, badge_code);
CALL create_partitions('gamification_achievements');
CALL isolate_tenants('gamification_achievements');

CREATE TABLE leaderboards (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  leaderboard_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  score bigint NOT NULL DEFAULT 0,
  cycle text NOT NULL CHECK (cycle ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  final_rank integer CHECK (final_rank > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, leaderboard_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_leaderboards_merchant_id_cycle ON leaderboards (merchant_id, cycle, score);
CREATE UNIQUE INDEX uq_leaderboards_entry ON leaderboards (merchant_id, cycle, customer_id);
CALL create_partitions('leaderboards');
CALL maintain_updated_at('leaderboards');
CALL isolate_tenants('leaderboards');

CREATE TABLE team_leaderboards (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  leaderboard_id uuid NOT NULL DEFAULT gen_random_uuid(),
  team_id text NOT NULL,
  team_name jsonb NOT NULL DEFAULT '{}',
  score bigint NOT NULL DEFAULT 0,
  cycle text NOT NULL CHECK (cycle ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, leaderboard_id)
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_team_leaderboards_merchant_id_cycle ON team_leaderboards (merchant_id, cycle, score);
CREATE UNIQUE INDEX uq_team_leaderboards_entry ON team_leaderboards (merchant_id, cycle, team_id);
CALL create_partitions('team_leaderboards');
CALL maintain_updated_at('team_leaderboards');
CALL isolate_tenants('team_leaderboards');

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

-- migrate:down

DROP TABLE pos_offline_queue, wallet_passes, team_members, team_leaderboards, leaderboards, gamification_achievements,
  data_export_requests, data_imports, api_logs, roi_metrics, analytics_reports, analytics_report_schedules,
  campaign_suggestions, nudge_events, nudges, rfm_benchmarks, integrations, email_events, email_templates,
  slack_community, referral_events, referrals, referral_links, merchant_referrals;
