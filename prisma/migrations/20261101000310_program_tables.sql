-- What a merchant sets up, and what members do with it: rewards, campaigns, referrals, nudges, badges.

-- migrate:up

CREATE TABLE program_settings (
  merchant_id uuid PRIMARY KEY REFERENCES merchants ON DELETE CASCADE,
  config jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(config) = 'object'),
  rfm_thresholds jsonb NOT NULL DEFAULT '{}',
  branding jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(branding) = 'object'),
  sticky_bar jsonb NOT NULL DEFAULT '{}',
  ab_tests jsonb NOT NULL DEFAULT '{}',
  dynamic_multipliers jsonb NOT NULL DEFAULT '{"first_purchase_24h": 2.0, "rfm_champion": 1.5}',
  referral_config jsonb NOT NULL DEFAULT '{}',
  setup_progress jsonb NOT NULL DEFAULT '{}',
  multi_store_config jsonb NOT NULL DEFAULT '{}',
  multi_currency_config jsonb NOT NULL DEFAULT '{}',
  theme_extension_config jsonb NOT NULL DEFAULT '{}',
  accessibility_settings jsonb NOT NULL DEFAULT '{}',
  shopify_flow_config jsonb NOT NULL DEFAULT '{}',
  custom_rewards jsonb NOT NULL DEFAULT '{}',
  simulation_params jsonb NOT NULL DEFAULT '{}',
  slack_invite text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_program_settings_branding ON program_settings USING gin (branding);
CALL maintain_updated_at('program_settings');
CALL isolate_tenants('program_settings');

CREATE TABLE rewards (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  reward_id uuid NOT NULL DEFAULT gen_random_uuid(),
  type text NOT NULL CHECK (type IN ('amount_off', 'percent_off', 'free_shipping', 'free_product', 'coupon', 'cashback',
                                     'store_credit', 'gift_card', 'custom')),
  title jsonb NOT NULL DEFAULT '{}',
  points_cost bigint NOT NULL CHECK (points_cost > 0 AND points_cost < 9007199254740992),
  -- An amount in `currency`, or per cent.
  value numeric(20, 4) CHECK (value >= 0 AND (type <> 'percent_off' OR value <= 100)),
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  channel text NOT NULL DEFAULT 'online' CHECK (channel IN ('online', 'pos')),
  config jsonb NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  icon_url text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, reward_id)
);
CREATE INDEX idx_rewards_merchant_id ON rewards (merchant_id, status);
CALL maintain_updated_at('rewards');
CALL isolate_tenants('rewards');

CREATE TABLE bonus_campaigns (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  campaign_id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  type text NOT NULL CHECK (type IN ('discount', 'double_points', 'goal_spend', 'lifecycle')),
  multiplier numeric(10, 2) NOT NULL DEFAULT 1 CHECK (multiplier >= 1),
  start_date timestamptz,
  end_date timestamptz,
  conditions jsonb NOT NULL DEFAULT '{}',
  reward jsonb NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'scheduled', 'active', 'ended', 'cancelled')),
  flow_template_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, campaign_id),
  CHECK (start_date < end_date)
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_bonus_campaigns_merchant_id_type ON bonus_campaigns (merchant_id, type);
CREATE INDEX idx_bonus_campaigns_dates ON bonus_campaigns (merchant_id, status, start_date, end_date);
CALL create_partitions('bonus_campaigns');
CALL maintain_updated_at('bonus_campaigns');
CALL isolate_tenants('bonus_campaigns');

CREATE TABLE reward_redemptions (
  merchant_id uuid NOT NULL REFERENCES merchants,
  redemption_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  reward_id uuid,
  campaign_id uuid,
  hold_id uuid,
  points_spent bigint NOT NULL DEFAULT 0 CHECK (points_spent >= 0),
  discount_code bytea,
  discount_code_hash bytea,
  shopify_discount_id text,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'completed', 'failed')),
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  value numeric(20, 4) CHECK (value >= 0),
  expires_at timestamptz,
  used_order_id text,
  idempotency_key text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, redemption_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id),
  FOREIGN KEY (merchant_id, reward_id) REFERENCES rewards (merchant_id, reward_id),
  FOREIGN KEY (merchant_id, campaign_id) REFERENCES bonus_campaigns (merchant_id, campaign_id),
  FOREIGN KEY (merchant_id, hold_id) REFERENCES point_holds (merchant_id, hold_id)
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_reward_redemptions_customer_id ON reward_redemptions (customer_id, created_at);
CREATE INDEX idx_reward_redemptions_campaign_id ON reward_redemptions (campaign_id);
CREATE INDEX idx_reward_redemptions_discount_code_hash ON reward_redemptions (merchant_id, discount_code_hash);
CREATE UNIQUE INDEX uq_reward_redemptions_idempotency ON reward_redemptions (merchant_id, idempotency_key);
CALL create_partitions('reward_redemptions');
CALL isolate_tenants('reward_redemptions');

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
  FOREIGN KEY (merchant_id, advocate_customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
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
ALTER TABLE referral_links ADD FOREIGN KEY (merchant_id, merchant_referral_id)
  REFERENCES merchant_referrals (merchant_id, merchant_referral_id) ON DELETE SET NULL (merchant_referral_id);

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

-- migrate:down

ALTER TABLE referral_links DROP CONSTRAINT referral_links_merchant_id_merchant_referral_id_fkey;
DROP TABLE slack_community, team_leaderboards, leaderboards, gamification_achievements, nudge_events, nudges,
  merchant_referrals, referral_events, referrals, referral_links, reward_redemptions, bonus_campaigns, rewards,
  program_settings;
