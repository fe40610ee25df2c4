-- Marks the discount codes that orders were paid with, whatever their tenants. Answers those it marked: points of a
-- redemption that had failed or been returned are the caller's to debit again. Locks redemptions after orders and before
-- balances.
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
  PERFORM require_tenant(p_merchant);
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
