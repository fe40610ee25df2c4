-- Rewards can be taken off for good and brought back; a redemption keeps the terms it was made on and how far it got, so
-- that whatever dies half way is finished or undone by somebody else.

-- migrate:up

ALTER TABLE rewards DROP CONSTRAINT rewards_status_check;
ALTER TABLE rewards ADD CONSTRAINT rewards_status_check CHECK (status IN ('active', 'disabled', 'deleted'));

ALTER TABLE reward_redemptions DROP CONSTRAINT reward_redemptions_status_check;
ALTER TABLE reward_redemptions
  ADD CONSTRAINT reward_redemptions_status_check CHECK (status IN ('pending', 'completed', 'failed', 'returned')),
  -- What was promised, whatever becomes of the reward: {"kind", "channel", "title", "percent", …}.
  ADD COLUMN terms jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(terms) = 'object'),
  -- The debit.
  ADD COLUMN transaction_id uuid,
  ADD COLUMN failure_code text,
  ADD COLUMN completed_at timestamptz,
  ADD COLUMN used_at timestamptz,
  ADD COLUMN returned_at timestamptz,
  -- Set while a code that is to be given back is being switched off at Shopify.
  ADD COLUMN return_requested_at timestamptz,
  -- Shopify was asked for what knows no repetition (store credit, gift cards); until it is answered nobody knows.
  ADD COLUMN sent_at timestamptz,
  -- Somebody works on it since.
  ADD COLUMN claimed_at timestamptz;
CREATE INDEX idx_reward_redemptions_reward ON reward_redemptions (merchant_id, reward_id);
CREATE INDEX idx_reward_redemptions_created_at ON reward_redemptions (merchant_id, created_at, redemption_id);
CREATE INDEX idx_reward_redemptions_unsettled ON reward_redemptions (created_at)
  WHERE status = 'pending' OR return_requested_at IS NOT NULL;
-- One thing at Shopify is the fruit of one redemption.
CREATE UNIQUE INDEX uq_reward_redemptions_shopify ON reward_redemptions (merchant_id, shopify_discount_id);

CREATE POLICY every_tenant_ledger ON reward_redemptions TO loyalnest_ledger USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON reward_redemptions TO loyalnest_ledger;

-- Marks the codes that orders were paid with, whatever their tenants. Answers those it marked: points of a redemption
-- that had been given up or given back are the caller's to take again. Locks redemptions after orders and before balances.
CREATE FUNCTION orders_use_codes(p_merchant uuid[], p_hash bytea[], p_order text[], p_at timestamptz[])
RETURNS TABLE (merchant_id uuid, redemption_id uuid, customer_id uuid, order_id text, status text, points_spent bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  item record;
  r record;
BEGIN
  FOR item IN
    SELECT u.m, u.h, u.o, u.at FROM unnest(p_merchant, p_hash, p_order, p_at) AS u(m, h, o, at) ORDER BY u.m, u.h
  LOOP
    FOR r IN
      UPDATE reward_redemptions x SET used_order_id = item.o, used_at = item.at, return_requested_at = NULL
      WHERE x.merchant_id = item.m AND x.discount_code_hash = item.h AND x.used_order_id IS NULL
      RETURNING x.*
    LOOP
      UPDATE orders SET redemption_id = r.redemption_id
      WHERE orders.merchant_id = item.m AND orders.shopify_order_id = item.o AND orders.redemption_id IS NULL;
      INSERT INTO outbox_events (merchant_id, kind, payload) VALUES (item.m, 'redemption.changed',
        jsonb_build_object('customer_id', r.customer_id, 'redemption_id', r.redemption_id, 'status', 'used'));
      RETURN QUERY SELECT item.m, r.redemption_id, r.customer_id, item.o, r.status, r.points_spent;
    END LOOP;
  END LOOP;
END $$;

-- Leases redemptions and returns that nobody has worked on for so long, the oldest first.
CREATE FUNCTION redemptions_claim_stuck(p_limit integer, p_older_than_seconds integer)
RETURNS TABLE (merchant_id uuid, shop_domain text, redemption_id uuid, status text)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH claimed AS (
    UPDATE reward_redemptions r SET claimed_at = now()
    FROM (SELECT s.merchant_id, s.redemption_id FROM reward_redemptions s
          WHERE (s.status = 'pending' OR s.return_requested_at IS NOT NULL)
            AND greatest(s.claimed_at, s.return_requested_at, s.created_at)
                < now() - make_interval(secs => p_older_than_seconds)
          ORDER BY s.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED) stuck
    WHERE r.merchant_id = stuck.merchant_id AND r.redemption_id = stuck.redemption_id
    RETURNING r.merchant_id, r.redemption_id, r.status
  )
  SELECT c.merchant_id, m.shopify_domain, c.redemption_id, c.status
  FROM claimed c JOIN merchants m ON m.merchant_id = c.merchant_id
$$;

CALL become_ledger();
DO $$
DECLARE
  door regprocedure;
BEGIN
  FOREACH door IN ARRAY ARRAY[
    'orders_use_codes(uuid[], bytea[], text[], timestamptz[])',
    'redemptions_claim_stuck(integer, integer)']::regprocedure[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO loyalnest_ledger', door);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO loyalnest_app', door);
  END LOOP;
END $$;
CALL step_back_from_ledger();

-- migrate:down

DROP FUNCTION redemptions_claim_stuck(integer, integer);
DROP FUNCTION orders_use_codes(uuid[], bytea[], text[], timestamptz[]);
REVOKE ALL ON reward_redemptions FROM loyalnest_ledger;
DROP POLICY every_tenant_ledger ON reward_redemptions;
DROP INDEX uq_reward_redemptions_shopify, idx_reward_redemptions_unsettled, idx_reward_redemptions_created_at,
  idx_reward_redemptions_reward;
ALTER TABLE reward_redemptions DROP CONSTRAINT reward_redemptions_status_check;
-- The owner sees no row of any tenant while row security is forced on it.
ALTER TABLE reward_redemptions NO FORCE ROW LEVEL SECURITY;
UPDATE reward_redemptions SET status = 'failed' WHERE status = 'returned';
ALTER TABLE reward_redemptions FORCE ROW LEVEL SECURITY;
ALTER TABLE reward_redemptions
  ADD CONSTRAINT reward_redemptions_status_check CHECK (status IN ('pending', 'completed', 'failed')),
  DROP COLUMN terms, DROP COLUMN transaction_id, DROP COLUMN failure_code, DROP COLUMN completed_at, DROP COLUMN used_at,
  DROP COLUMN returned_at, DROP COLUMN return_requested_at, DROP COLUMN sent_at, DROP COLUMN claimed_at;
ALTER TABLE rewards DROP CONSTRAINT rewards_status_check;
ALTER TABLE rewards NO FORCE ROW LEVEL SECURITY;
UPDATE rewards SET status = 'disabled' WHERE status = 'deleted';
ALTER TABLE rewards FORCE ROW LEVEL SECURITY;
ALTER TABLE rewards ADD CONSTRAINT rewards_status_check CHECK (status IN ('active', 'disabled'));
