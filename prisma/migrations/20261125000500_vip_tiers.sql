-- VIP tiers in versions: what was published is kept, so that it can be shown, compared and restored. `vip_tiers` stays
-- the ladder in force: an id lives on from version to version, and a tier that was taken out is retired, not deleted,
-- because members keep it until their grace ends.

-- migrate:up

CREATE TABLE vip_tier_sets (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  version integer NOT NULL CHECK (version > 0),
  status text NOT NULL CHECK (status IN ('draft', 'published', 'superseded')),
  -- What a tier is reached by.
  basis text NOT NULL CHECK (basis IN ('spend', 'points', 'any', 'all')),
  period text NOT NULL CHECK (period IN ('lifetime', 'calendar_year', 'rolling_365')),
  grace_days integer NOT NULL DEFAULT 30 CHECK (grace_days BETWEEN 0 AND 365),
  -- As they were published, lowest first; none: the ladder is switched off.
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

ALTER TABLE vip_tiers ADD COLUMN retired_at timestamptz;

-- Every rise and fall, with what was counted at the time.
CREATE TABLE vip_tier_changes (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  change_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  from_tier_id uuid,
  to_tier_id uuid,
  direction text NOT NULL CHECK (direction IN ('up', 'down')),
  -- reached: by spending or earning · ladder: another ladder was published · grace_over · no_grace
  reason text NOT NULL CHECK (reason IN ('reached', 'ladder', 'grace_over', 'no_grace')),
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

-- The entries of a member who was merged away count for whoever they became.
CREATE INDEX idx_customers_merged_into ON customers (merchant_id, merged_into_customer_id)
  WHERE merged_into_customer_id IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON vip_tier_sets TO loyalnest_app;
GRANT SELECT, INSERT ON vip_tier_changes TO loyalnest_app;
-- Both go with their tenant and their member, by their keys; they name nobody but by our own id.
GRANT SELECT, DELETE ON vip_tier_sets, vip_tier_changes TO loyalnest_redactor;
CREATE POLICY every_tenant_redactor ON vip_tier_sets TO loyalnest_redactor
  USING (current_user = 'loyalnest_redactor') WITH CHECK (current_user = 'loyalnest_redactor');
CREATE POLICY every_tenant_redactor ON vip_tier_changes TO loyalnest_redactor
  USING (current_user = 'loyalnest_redactor') WITH CHECK (current_user = 'loyalnest_redactor');

-- migrate:down
DROP INDEX idx_customers_merged_into;
DROP TABLE vip_tier_changes;
ALTER TABLE vip_tiers DROP COLUMN retired_at;
DROP TABLE vip_tier_sets;
