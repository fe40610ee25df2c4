-- What campaigns gave to whom, and the door that tells which of them the clock has started or ended. Hand-written: Prisma
-- knows nothing of doors.

-- migrate:up

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
  -- The how manieth for the same: what was taken back can be earned again, and a trigger can come again.
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
GRANT SELECT, INSERT, UPDATE ON campaign_grants TO loyalnest_app;
-- They go with their shop by their keys. What a person earned stays under our own id, as the ledger's lines do.
GRANT SELECT, DELETE ON campaign_grants TO loyalnest_redactor;
CREATE POLICY every_tenant_redactor ON campaign_grants TO loyalnest_redactor
  USING (current_user = 'loyalnest_redactor') WITH CHECK (current_user = 'loyalnest_redactor');

-- Only those that the clock can still move stand in them, so that asking costs the same however many there were.
CREATE INDEX idx_bonus_campaigns_starting ON bonus_campaigns (start_date) WHERE status = 'scheduled';
CREATE INDEX idx_bonus_campaigns_ending ON bonus_campaigns (end_date) WHERE status IN ('scheduled', 'active');

GRANT SELECT (merchant_id, status, start_date, end_date) ON bonus_campaigns TO loyalnest_ledger;
CREATE POLICY every_tenant_clock ON bonus_campaigns FOR SELECT TO loyalnest_ledger USING (true);

-- Shops of which a campaign's stored status is behind the clock.
CREATE FUNCTION campaigns_due(p_now timestamptz, p_limit integer) RETURNS TABLE (merchant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT DISTINCT due.merchant_id FROM (
    SELECT c.merchant_id FROM bonus_campaigns c WHERE c.status = 'scheduled' AND c.start_date <= p_now
    UNION ALL
    SELECT c.merchant_id FROM bonus_campaigns c WHERE c.status IN ('scheduled', 'active') AND c.end_date <= p_now
  ) due LIMIT p_limit
$$;
CALL become_ledger();
ALTER FUNCTION campaigns_due(timestamptz, integer) OWNER TO loyalnest_ledger;
REVOKE ALL ON FUNCTION campaigns_due(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION campaigns_due(timestamptz, integer) TO loyalnest_app;
CALL step_back_from_ledger();

-- migrate:down
DROP FUNCTION campaigns_due(timestamptz, integer);
DROP POLICY every_tenant_clock ON bonus_campaigns;
REVOKE SELECT (merchant_id, status, start_date, end_date) ON bonus_campaigns FROM loyalnest_ledger;
DROP INDEX idx_bonus_campaigns_ending, idx_bonus_campaigns_starting;
DROP TABLE campaign_grants;
