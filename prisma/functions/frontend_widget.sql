-- All that the storefront's first view needs, in one statement and thus one round trip. The caller's own rights and row
-- security apply: the function only sets the tenant, for the one transaction that the statement is. Rows travel as they
-- are stored, money as text; what they mean to a shopper is decided by the rules in core.
-- p_shopify_customer: null for a guest.
CREATE OR REPLACE FUNCTION frontend_widget(p_merchant uuid, p_shopify_customer text, p_entries integer)
RETURNS TABLE (
  currency text, language jsonb, timezone text, config jsonb, program_updated_at timestamptz, branding jsonb,
  sticky_bar jsonb, dynamic_multipliers jsonb,
  customer_id uuid, first_name bytea, has_account boolean, is_new boolean, total_spend text, tier_id uuid,
  tier_progress jsonb, tier_basis text, segments jsonb,
  birthday_md text, done_actions jsonb, balance jsonb, recent jsonb, expiries jsonb,
  rewards jsonb, redemptions jsonb, tiers jsonb, campaigns jsonb
)
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
-- Planned once per connection: planning ten partitioned tables costs more than reading them by key.
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('app.merchant_id', p_merchant::text, true);
  RETURN QUERY
  SELECT m.currency, m.language, m.timezone, coalesce(s.config, '{}'), s.updated_at, coalesce(s.branding, '{}'),
         coalesce(s.sticky_bar, '{}'), coalesce(s.dynamic_multipliers, '{}'),
         c.customer_id, c.first_name, coalesce(c.has_account, false),
         -- As orders are judged: the first purchase within a day of becoming a member.
         coalesce(c.order_count = 0 AND c.created_at > now() - interval '24 hours', false), c.total_spend::text,
         c.vip_tier_id, coalesce(c.vip_progress, '{}'),
         (SELECT v.basis FROM vip_tier_sets v WHERE v.merchant_id = p_merchant AND v.status = 'published'),
         (SELECT g.segment_ids FROM customer_segments g
          WHERE g.merchant_id = p_merchant AND g.customer_id = c.customer_id),
         c.birthday_md,
         -- Once-only actions are known by their keys, which are written only once.
         (SELECT jsonb_agg(t.idempotency_key) FROM points_transactions t
          WHERE t.merchant_id = p_merchant AND t.idempotency_key = ANY (ARRAY[
            'signup/' || c.customer_id, 'newsletter/' || c.customer_id,
            'birthday/' || c.customer_id || '/' || extract(year FROM now() AT TIME ZONE m.timezone),
            'social_follow/facebook/' || c.customer_id, 'social_follow/instagram/' || c.customer_id,
            'social_follow/x/' || c.customer_id, 'social_follow/tiktok/' || c.customer_id]
            -- Numbered, up to the limit that the merchant set.
            || CASE WHEN s.config #>> '{earning,actions,social_share,enabled}' = 'true' THEN ARRAY(
                 SELECT 'social_share/' || n || '/' || c.customer_id FROM generate_series(1, least(50,
                   coalesce((s.config #>> '{earning,actions,social_share,limit}')::integer, 5))) n) END)),
         (SELECT jsonb_build_object(
             'customer_id', b.customer_id, 'balance', b.balance, 'held', b.held, 'debt', b.debt, 'version', b.version,
             'earned_total', b.earned_total, 'spent_total', b.spent_total, 'updated_at', b.updated_at)
          FROM points_balances b WHERE b.merchant_id = p_merchant AND b.customer_id = c.customer_id),
         (SELECT jsonb_agg(to_jsonb(e) ORDER BY e.sequence DESC) FROM (
            -- Each entry's order and reversal by key, once the few entries are known: as a join, a plan made while the
            -- tables were small would read all of a tenant's entries.
            SELECT t.*,
                   (SELECT o.name FROM orders o
                    WHERE o.merchant_id = p_merchant AND o.shopify_order_id = t.order_id) AS order_name,
                   (SELECT r.transaction_id FROM points_transactions r
                    WHERE r.merchant_id = p_merchant AND r.idempotency_key = 'reversal/' || t.transaction_id)
                     AS reversed_by_transaction_id
            FROM (
              SELECT n.transaction_id, n.customer_id, n.type, n.points, n.sequence, n.balance_after, n.idempotency_key,
                     n.source, n.reason, n.order_id, n.reverses_transaction_id, n.currency, n.expiry_date, n.occurred_at,
                     n.created_at, n.actor, n.metadata
              FROM points_transactions n
              WHERE n.merchant_id = p_merchant AND n.customer_id = c.customer_id
              ORDER BY n.sequence DESC LIMIT p_entries) t) e),
         (SELECT jsonb_agg(to_jsonb(x) ORDER BY x.expires_at) FROM (
            SELECT p.expires_at, sum(p.remaining)::bigint AS points FROM point_lots p
            WHERE p.merchant_id = p_merchant AND p.customer_id = c.customer_id AND p.remaining > 0
              AND p.expires_at IS NOT NULL
            GROUP BY p.expires_at ORDER BY p.expires_at LIMIT 3) x),
         (SELECT jsonb_agg(to_jsonb(w) || jsonb_build_object('value', w.value::text) ORDER BY w.points_cost, w.reward_id)
          FROM rewards w WHERE w.merchant_id = p_merchant AND w.status = 'active' AND w.channel = 'online'),
         (SELECT jsonb_agg(to_jsonb(d) || jsonb_build_object('value', d.value::text,
                                                             'discount_code', encode(d.discount_code, 'base64'))
                           ORDER BY d.created_at DESC, d.redemption_id)
          FROM (SELECT i.*, w.title AS reward_title, w.type AS reward_type
                FROM (SELECT * FROM reward_redemptions n
                      WHERE n.merchant_id = p_merchant AND n.customer_id = c.customer_id
                      ORDER BY n.created_at DESC LIMIT 20) i
                LEFT JOIN rewards w ON w.merchant_id = p_merchant AND w.reward_id = i.reward_id) d),
         (SELECT jsonb_agg(to_jsonb(v) || jsonb_build_object('spend_threshold', v.spend_threshold::text)
                           ORDER BY v.position, v.tier_id)
          FROM vip_tiers v WHERE v.merchant_id = p_merchant AND (v.retired_at IS NULL OR v.tier_id = c.vip_tier_id)),
         (SELECT jsonb_agg(to_jsonb(k) || jsonb_build_object('multiplier', k.multiplier::text)
                           ORDER BY k.end_date, k.campaign_id)
          FROM bonus_campaigns k
          WHERE k.merchant_id = p_merchant AND k.status NOT IN ('draft', 'cancelled')
            AND k.type IN ('double_points', 'goal_spend')
            AND (k.start_date IS NULL OR k.start_date <= now()) AND (k.end_date IS NULL OR k.end_date > now()))
  FROM merchants m
  LEFT JOIN program_settings s ON s.merchant_id = p_merchant
  LEFT JOIN customers c ON c.merchant_id = p_merchant AND c.shopify_customer_id = p_shopify_customer
  WHERE m.merchant_id = p_merchant;
END $$;
