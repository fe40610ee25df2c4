-- Gifts: redemptions that cost no points, because a tier or a campaign gives them. They go the way of every redemption,
-- so that what is promised is made once, found again after a crash, and withdrawn when it no longer holds.

-- migrate:up

ALTER TABLE reward_redemptions
  -- What it is given for; null where points were exchanged.
  ADD COLUMN gift text CHECK (gift IN ('campaign', 'tier_entry', 'tier_shipping')),
  -- The tier that gives it.
  ADD COLUMN tier_id uuid,
  ADD CONSTRAINT reward_redemptions_gift_is_free CHECK (gift IS NULL OR points_spent = 0),
  ADD CONSTRAINT reward_redemptions_tier_id_fkey
    FOREIGN KEY (merchant_id, tier_id) REFERENCES vip_tiers (merchant_id, tier_id);
-- Each review asks what a member has been given; what was bought with points is not looked through for it.
CREATE INDEX idx_reward_redemptions_gifts ON reward_redemptions (merchant_id, customer_id) WHERE gift IS NOT NULL;

-- As before, and it tells what the code was given for.
CALL become_ledger();
CREATE OR REPLACE FUNCTION orders_use_codes(p_merchant uuid[], p_hash bytea[], p_order text[], p_at timestamptz[])
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
        jsonb_strip_nulls(jsonb_build_object('customer_id', r.customer_id, 'redemption_id', r.redemption_id,
          'status', 'used', 'gift', r.gift, 'campaign_id', r.campaign_id)));
      RETURN QUERY SELECT item.m, r.redemption_id, r.customer_id, item.o, r.status, r.points_spent;
    END LOOP;
  END LOOP;
END $$;
CALL step_back_from_ledger();

-- What is given for nothing, for the first view of the widget: discount campaigns that are on, with what is asked of nobody
-- but the one who looks (whether they have had it, and where their orders go), and what the tiers' rewards are called.
-- Shops that give nothing pay for a look at two small tables.
CREATE FUNCTION frontend_gifts(p_merchant uuid, p_customer uuid) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
  PERFORM set_config('app.merchant_id', p_merchant::text, true);
  RETURN jsonb_build_object(
    'campaigns', (
      SELECT jsonb_agg(to_jsonb(k) || jsonb_build_object('multiplier', k.multiplier::text,
          'taken', EXISTS (
            SELECT 1 FROM reward_redemptions r
            WHERE r.merchant_id = p_merchant AND r.customer_id = p_customer AND r.gift = 'campaign'
              AND r.campaign_id = k.campaign_id AND r.status <> 'failed'),
          'country', (
            SELECT o.country FROM orders o
            WHERE o.merchant_id = p_merchant AND o.customer_id = p_customer AND o.country IS NOT NULL
            ORDER BY o.ordered_at DESC LIMIT 1))
        ORDER BY k.end_date, k.campaign_id)
      FROM bonus_campaigns k
      WHERE k.merchant_id = p_merchant AND k.status NOT IN ('draft', 'cancelled') AND k.type = 'discount'
        AND (k.start_date IS NULL OR k.start_date <= now()) AND (k.end_date IS NULL OR k.end_date > now())),
    'tier_rewards', (
      SELECT jsonb_object_agg(v.tier_id, w.title)
      FROM vip_tiers v JOIN rewards w ON w.merchant_id = p_merchant AND w.reward_id = (v.benefits->>'entry_reward_id')::uuid
      WHERE v.merchant_id = p_merchant AND v.benefits ? 'entry_reward_id' AND w.status <> 'deleted'));
END $$;
REVOKE ALL ON FUNCTION frontend_gifts(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION frontend_gifts(uuid, uuid) TO loyalnest_app;

-- migrate:down

DROP FUNCTION frontend_gifts(uuid, uuid);

CALL become_ledger();
CREATE OR REPLACE FUNCTION orders_use_codes(p_merchant uuid[], p_hash bytea[], p_order text[], p_at timestamptz[])
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
CALL step_back_from_ledger();

DROP INDEX idx_reward_redemptions_gifts;
ALTER TABLE reward_redemptions
  DROP CONSTRAINT reward_redemptions_tier_id_fkey, DROP CONSTRAINT reward_redemptions_gift_is_free,
  DROP COLUMN tier_id, DROP COLUMN gift;
