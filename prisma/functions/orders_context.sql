-- What settling needs to know of each order's tenant and customer: settings, campaigns, who the member is. A customer who
-- was erased is found by the tombstone that replaces the Shopify id. One tenant after the other: a
-- statement that knows its tenant opens one partition, a statement that joins tenants opens them all.
CREATE OR REPLACE FUNCTION orders_context(p_merchant uuid[], p_shopify_customer text[], p_tombstone text[],
                                          p_ordered_at timestamptz[] DEFAULT NULL)
RETURNS TABLE (ord bigint, currency text, joined_at timestamptz, config jsonb, customer_id uuid, is_redacted boolean,
               campaigns jsonb, member jsonb, pauses jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid;
  first_at timestamptz;
  last_at timestamptz;
BEGIN
  PERFORM require_tenant(p_merchant);
  SELECT min(t), max(t) INTO first_at, last_at FROM unnest(p_ordered_at) t;
  FOR tenant IN SELECT DISTINCT m FROM unnest(p_merchant) m ORDER BY m LOOP
    RETURN QUERY
    SELECT u.n, shop.currency, shop.created_at, shop.config, k.customer_id, k.redacted_at IS NOT NULL, shop.campaigns,
           k.member, shop.pauses
    FROM unnest(p_merchant, p_shopify_customer, p_tombstone, p_ordered_at)
         WITH ORDINALITY AS u(merchant, shopify, tombstone, ordered_at, n)
    LEFT JOIN (
      SELECT m.currency, m.created_at,
             coalesce(s.config, '{}') || jsonb_build_object('dynamic_multipliers', coalesce(s.dynamic_multipliers, '{}'),
               'is_development', m.is_development, 'participation', coalesce(s.participation, '{}')) AS config,
             coalesce(s.dynamic_multipliers->'enabled' ? 'first_purchase_24h', false) AS asks_first,
             -- When the program was off: each version holds until the next, the first has always held.
             (SELECT jsonb_agg(jsonb_build_array(v.since, v.until) ORDER BY v.version)
              FROM (SELECT p.version, p.config,
                           CASE WHEN row_number() OVER w = 1 THEN NULL ELSE p.created_at END AS since,
                           lead(p.created_at) OVER w AS until
                    FROM program_versions p WHERE p.merchant_id = tenant
                    WINDOW w AS (ORDER BY p.version)) v
              WHERE coalesce(v.config->>'status', 'active') <> 'active'
                AND (v.since IS NULL OR v.until IS NULL OR v.since < v.until)) AS pauses,
             (SELECT jsonb_agg(jsonb_build_object('campaign_id', b.campaign_id, 'name', b.name, 'translations', b.translations, 'type', b.type,
                       'status', b.status, 'start_date', b.start_date, 'end_date', b.end_date,
                       'multiplier', b.multiplier::text, 'conditions', b.conditions, 'reward', b.reward))
              FROM bonus_campaigns b
              WHERE b.merchant_id = tenant AND b.type = 'double_points' AND b.status NOT IN ('draft', 'cancelled')
                AND coalesce(b.start_date, '-infinity') <= last_at AND coalesce(b.end_date, 'infinity') > first_at) AS campaigns
      FROM merchants m LEFT JOIN program_settings s ON s.merchant_id = tenant WHERE m.merchant_id = tenant) shop ON true
    LEFT JOIN LATERAL (
      SELECT c.customer_id, c.redacted_at,
             jsonb_build_object('has_account', c.has_account, 'absence', member_absence(tenant, c.customer_id),
               'segments', g.segment_ids, 'tier_id', c.vip_tier_id,
               'tier_multiplier', v.benefits->>'points_multiplier',
               'is_new', u.ordered_at < c.created_at + interval '24 hours',
               -- For a quote of what an order would earn now; for a reported order it is a fact, read when that is known.
               'is_first', shop.asks_first AND u.ordered_at < c.created_at + interval '24 hours'
                 AND NOT EXISTS (SELECT 1 FROM orders x WHERE x.merchant_id = tenant AND x.customer_id = c.customer_id
                                   AND x.ordered_at < u.ordered_at AND x.cancelled_at IS NULL AND x.counts)) AS member
      FROM customers c
      LEFT JOIN customer_segments g ON g.merchant_id = tenant AND g.customer_id = c.customer_id
      LEFT JOIN vip_tiers v ON v.merchant_id = tenant AND v.tier_id = c.vip_tier_id
      WHERE c.merchant_id = tenant AND c.shopify_customer_id IN (u.shopify, u.tombstone)
      ORDER BY c.redacted_at NULLS FIRST LIMIT 1) k ON true
    WHERE u.merchant = tenant;
  END LOOP;
END $$;
