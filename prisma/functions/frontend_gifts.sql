-- Rewards that cost no points, for the first view of the widget: discount campaigns that are on, with what depends on the
-- member alone (whether they have had it, and where their orders go), and what the tiers' rewards are called. Shops that
-- give none pay for a look at two small tables.
CREATE OR REPLACE FUNCTION frontend_gifts(p_merchant uuid, p_customer uuid) RETURNS jsonb
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
