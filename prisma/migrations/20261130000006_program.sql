-- What a merchant sets up and what members do with it: earning rules, rewards and redemptions, campaigns, VIP tiers.

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
  updated_at timestamptz NOT NULL DEFAULT now(),
  -- The average order value in force with its version, and when the last full pass was.
  rfm_state jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(rfm_state) = 'object')
);
CREATE INDEX idx_program_settings_branding ON program_settings USING gin (branding);
CALL maintain_updated_at('program_settings');
CALL isolate_tenants('program_settings');

-- Every version of a shop's earning rules, so that a past one can be looked at and restored.
CREATE TABLE program_versions (
  -- Deleted with its merchant.
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  version bigint NOT NULL CHECK (version > 0),
  -- As in program_settings, of the program alone.
  config jsonb NOT NULL CHECK (jsonb_typeof(config) = 'object'),
  dynamic_multipliers jsonb NOT NULL CHECK (jsonb_typeof(dynamic_multipliers) = 'object'),
  actor text NOT NULL,
  restored_version bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, version)
);
CALL isolate_tenants('program_versions');

-- Every version of what a shop shows in its storefront, so that a past one can be restored and two editors do not
-- overwrite each other.
CREATE TABLE content_versions (
  -- Deleted with its merchant.
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  version bigint NOT NULL CHECK (version > 0),
  -- Of program_settings.branding the parts that the content editor writes, and `points_display` of the checkout.
  content jsonb NOT NULL CHECK (jsonb_typeof(content) = 'object'),
  actor text NOT NULL,
  restored_version bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, version)
);
CALL isolate_tenants('content_versions');

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
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled', 'deleted')),
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
  -- What shoppers read in their own language where it is named. The name stays what the merchant calls it.
  translations jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (merchant_id, campaign_id),
  CHECK (start_date < end_date)
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_bonus_campaigns_merchant_id_type ON bonus_campaigns (merchant_id, type);
CREATE INDEX idx_bonus_campaigns_dates ON bonus_campaigns (merchant_id, status, start_date, end_date);
-- Only those that the clock can still move stand in them, so that asking costs the same however many there were.
CREATE INDEX idx_bonus_campaigns_starting ON bonus_campaigns (start_date) WHERE status = 'scheduled';
CREATE INDEX idx_bonus_campaigns_ending ON bonus_campaigns (end_date) WHERE status IN ('scheduled', 'active');
CALL create_partitions('bonus_campaigns');
CALL maintain_updated_at('bonus_campaigns');
CALL isolate_tenants('bonus_campaigns');

-- A redemption keeps the terms it was made on and how far it got, so that whatever stops half way is finished or undone
-- later. Gifts are redemptions that cost no points, because a tier or a campaign gives them.
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
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'completed', 'failed', 'returned')),
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  value numeric(20, 4) CHECK (value >= 0),
  expires_at timestamptz,
  used_order_id text,
  idempotency_key text,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- What was promised, whatever becomes of the reward: {"kind", "channel", "title", "percent", …}.
  terms jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(terms) = 'object'),
  -- The debit.
  transaction_id uuid,
  failure_code text,
  completed_at timestamptz,
  used_at timestamptz,
  returned_at timestamptz,
  -- Set while a returned code is being deactivated at Shopify.
  return_requested_at timestamptz,
  -- Shopify was asked for what knows no repetition (store credit, gift cards); until it is answered the outcome is unknown.
  sent_at timestamptz,
  -- Someone works on it since.
  claimed_at timestamptz,
  -- What it is given for; null where points were exchanged.
  gift text CHECK (gift IN ('campaign', 'tier_entry', 'tier_shipping')),
  -- The tier that gives it.
  tier_id uuid,
  PRIMARY KEY (merchant_id, redemption_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id),
  FOREIGN KEY (merchant_id, reward_id) REFERENCES rewards (merchant_id, reward_id),
  FOREIGN KEY (merchant_id, campaign_id) REFERENCES bonus_campaigns (merchant_id, campaign_id),
  FOREIGN KEY (merchant_id, hold_id) REFERENCES point_holds (merchant_id, hold_id),
  CONSTRAINT reward_redemptions_tier_id_fkey FOREIGN KEY (merchant_id, tier_id) REFERENCES vip_tiers (merchant_id, tier_id),
  CONSTRAINT reward_redemptions_gift_is_free CHECK (gift IS NULL OR points_spent = 0)
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_reward_redemptions_customer_id ON reward_redemptions (customer_id, created_at);
CREATE INDEX idx_reward_redemptions_campaign_id ON reward_redemptions (campaign_id);
CREATE INDEX idx_reward_redemptions_discount_code_hash ON reward_redemptions (merchant_id, discount_code_hash);
CREATE UNIQUE INDEX uq_reward_redemptions_idempotency ON reward_redemptions (merchant_id, idempotency_key);
CREATE INDEX idx_reward_redemptions_reward ON reward_redemptions (merchant_id, reward_id);
CREATE INDEX idx_reward_redemptions_created_at ON reward_redemptions (merchant_id, created_at, redemption_id);
CREATE INDEX idx_reward_redemptions_unsettled ON reward_redemptions (created_at)
  WHERE status = 'pending' OR return_requested_at IS NOT NULL;
-- One thing at Shopify comes from one redemption.
CREATE UNIQUE INDEX uq_reward_redemptions_shopify ON reward_redemptions (merchant_id, shopify_discount_id);
-- Each review asks what a member has been given; what was bought with points is not looked through for it.
CREATE INDEX idx_reward_redemptions_gifts ON reward_redemptions (merchant_id, customer_id) WHERE gift IS NOT NULL;
CALL create_partitions('reward_redemptions');
CALL isolate_tenants('reward_redemptions');

-- What a campaign gave a member, and what for. Points of a goal, of a bonus or of a trigger have an entry of their own;
-- those of a multiplier are part of the order's award, and stand here so that they can be counted.
CREATE TABLE campaign_grants (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  grant_id uuid NOT NULL DEFAULT gen_random_uuid(),
  campaign_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  -- goal | order | segment_entered | …
  kind text NOT NULL,
  -- Shopify's, when it was given for a single order.
  order_id text,
  -- Counts grants for the same: what was deducted can be earned again, and a trigger can come again.
  occurrence integer NOT NULL CHECK (occurrence > 0),
  points bigint NOT NULL CHECK (points >= 0 AND points < 9007199254740992),
  -- The orders that counted, and what they came to in the shop's currency, less refunds.
  orders integer NOT NULL DEFAULT 0 CHECK (orders >= 0),
  spend numeric(20, 4) NOT NULL DEFAULT 0 CHECK (spend >= 0),
  transaction_id uuid,
  granted_at timestamptz NOT NULL DEFAULT now(),
  taken_back_at timestamptz,
  PRIMARY KEY (merchant_id, grant_id),
  FOREIGN KEY (merchant_id, campaign_id) REFERENCES bonus_campaigns (merchant_id, campaign_id) ON DELETE CASCADE,
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
);
CREATE INDEX idx_campaign_grants_campaign_id ON campaign_grants (merchant_id, campaign_id);
CREATE INDEX idx_campaign_grants_customer_id ON campaign_grants (merchant_id, customer_id);
-- Orders keep theirs when two customers become one; whose the others are may then change, and their entries' keys are
-- what makes them unique.
CREATE UNIQUE INDEX uq_campaign_grants_order ON campaign_grants (merchant_id, campaign_id, order_id, occurrence)
  WHERE order_id IS NOT NULL;
CALL isolate_tenants('campaign_grants');

-- Tiers in versions: what was published is kept, so that it can be shown, compared and restored. vip_tiers are those in
-- force: an id lives on from version to version, and a tier that was taken out is retired, not deleted.
CREATE TABLE vip_tier_sets (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  version integer NOT NULL CHECK (version > 0),
  status text NOT NULL CHECK (status IN ('draft', 'published', 'superseded')),
  -- What a tier is reached by.
  basis text NOT NULL CHECK (basis IN ('spend', 'points', 'any', 'all')),
  period text NOT NULL CHECK (period IN ('lifetime', 'calendar_year', 'rolling_365')),
  grace_days integer NOT NULL DEFAULT 30 CHECK (grace_days BETWEEN 0 AND 365),
  -- As they were published, lowest first; none: tiers are off.
  tiers jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(tiers) = 'array'),
  restores_version integer,
  actor text,
  published_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, version),
  CHECK ((status = 'draft') = (published_at IS NULL))
);
CREATE UNIQUE INDEX uq_vip_tier_sets_draft ON vip_tier_sets (merchant_id) WHERE status = 'draft';
CREATE UNIQUE INDEX uq_vip_tier_sets_published ON vip_tier_sets (merchant_id) WHERE status = 'published';
CALL maintain_updated_at('vip_tier_sets');
CALL isolate_tenants('vip_tier_sets');

-- Every change of a member's tier, with what was counted at the time.
CREATE TABLE vip_tier_changes (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  change_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  from_tier_id uuid,
  to_tier_id uuid,
  direction text NOT NULL CHECK (direction IN ('up', 'down')),
  -- reached: by spending or earning · tiers_changed: other tiers were published · grace_over · no_grace
  reason text NOT NULL CHECK (reason IN ('reached', 'tiers_changed', 'grace_over', 'no_grace')),
  tier_set_version integer NOT NULL,
  spend numeric(20, 4),
  points bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, change_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE,
  FOREIGN KEY (merchant_id, from_tier_id) REFERENCES vip_tiers (merchant_id, tier_id),
  FOREIGN KEY (merchant_id, to_tier_id) REFERENCES vip_tiers (merchant_id, tier_id)
);
CREATE INDEX idx_vip_tier_changes_customer ON vip_tier_changes (merchant_id, customer_id, created_at, change_id);
CREATE INDEX idx_vip_tier_changes_created_at ON vip_tier_changes (merchant_id, created_at, change_id);
CALL isolate_tenants('vip_tier_changes');

-- migrate:down

DROP TABLE vip_tier_changes, vip_tier_sets, campaign_grants, reward_redemptions, bonus_campaigns, rewards,
  content_versions, program_versions, program_settings;
