-- What the first view of the widget depends on, so that a shopper's polling is answered without reading all of it.
-- p_shopify_customer: null for a guest. `tag` changes with everything of the member's, `content_version` with everything
-- of the shop's that is on show; `next_change_at` is when time alone changes the view.
CREATE OR REPLACE FUNCTION frontend_version(p_merchant uuid, p_shopify_customer text)
RETURNS TABLE (view_customer_id uuid, view_version bigint, view_balance bigint, view_tag text, content_version text,
               next_change_at timestamptz)
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('app.merchant_id', p_merchant::text, true);
  RETURN QUERY
  SELECT c.customer_id, coalesce(b.version, 0), coalesce(b.balance, 0),
    md5(concat_ws('|', c::text, b::text,
      (SELECT g.segment_ids::text FROM customer_segments g
       WHERE g.merchant_id = p_merchant AND g.customer_id = c.customer_id),
      (SELECT string_agg(d.line, ',') FROM (
         SELECT i::text AS line FROM reward_redemptions i
         WHERE i.merchant_id = p_merchant AND i.customer_id = c.customer_id
         ORDER BY i.created_at DESC, i.redemption_id LIMIT 20) d),
      (SELECT string_agg(x.line, ',') FROM (
         SELECT concat(p.expires_at, ' ', sum(p.remaining)) AS line FROM point_lots p
         WHERE p.merchant_id = p_merchant AND p.customer_id = c.customer_id AND p.remaining > 0
           AND p.expires_at IS NOT NULL
         GROUP BY p.expires_at ORDER BY p.expires_at LIMIT 3) x))),
    left(md5(concat_ws('|', m.currency, m.language, m.timezone, s::text, shop_scopes(p_merchant),
      (SELECT string_agg(w::text, ',' ORDER BY w.reward_id) FROM rewards w
       WHERE w.merchant_id = p_merchant AND w.status <> 'deleted'),
      (SELECT string_agg(v::text, ',' ORDER BY v.tier_id) FROM vip_tiers v WHERE v.merchant_id = p_merchant),
      (SELECT v.basis FROM vip_tier_sets v WHERE v.merchant_id = p_merchant AND v.status = 'published'),
      (SELECT string_agg(k::text, ',' ORDER BY k.campaign_id) FROM bonus_campaigns k
       WHERE k.merchant_id = p_merchant AND k.status NOT IN ('draft', 'cancelled')
         AND (k.end_date IS NULL OR k.end_date > now())))), 16),
    -- The year of birthdays turns by the shop's clock.
    least((date_trunc('year', now() AT TIME ZONE m.timezone) + interval '1 year') AT TIME ZONE m.timezone,
      CASE WHEN c.order_count = 0 AND c.created_at > now() - interval '24 hours'
           THEN c.created_at + interval '24 hours' END,
      (SELECT min(t.at) FROM bonus_campaigns k, LATERAL (VALUES (k.start_date), (k.end_date)) t(at)
       WHERE k.merchant_id = p_merchant AND k.status NOT IN ('draft', 'cancelled') AND t.at > now()),
      (SELECT min(i.expires_at) FROM reward_redemptions i
       WHERE i.merchant_id = p_merchant AND i.customer_id = c.customer_id AND i.expires_at > now()))
  FROM merchants m
  LEFT JOIN program_settings s ON s.merchant_id = p_merchant
  LEFT JOIN customers c ON c.merchant_id = p_merchant AND c.shopify_customer_id = p_shopify_customer
  LEFT JOIN points_balances b ON b.merchant_id = p_merchant AND b.customer_id = c.customer_id
  WHERE m.merchant_id = p_merchant;
END $$;
