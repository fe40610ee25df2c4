-- What shoppers see, read with the caller's own rights. Functions are copied from prisma/functions.

-- migrate:up

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
            SELECT t.transaction_id, t.customer_id, t.type, t.points, t.sequence, t.balance_after, t.idempotency_key,
                   t.source, t.reason, t.order_id, t.reverses_transaction_id, t.currency, t.expiry_date, t.occurred_at,
                   t.created_at, t.actor, t.metadata, o.name AS order_name,
                   r.transaction_id AS reversed_by_transaction_id
            FROM points_transactions t
            LEFT JOIN orders o ON o.merchant_id = p_merchant AND o.shopify_order_id = t.order_id
            LEFT JOIN points_transactions r
              ON r.merchant_id = p_merchant AND r.idempotency_key = 'reversal/' || t.transaction_id
            WHERE t.merchant_id = p_merchant AND t.customer_id = c.customer_id
            ORDER BY t.sequence DESC LIMIT p_entries) e),
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
                FROM reward_redemptions i
                LEFT JOIN rewards w ON w.merchant_id = p_merchant AND w.reward_id = i.reward_id
                WHERE i.merchant_id = p_merchant AND i.customer_id = c.customer_id
                ORDER BY i.created_at DESC LIMIT 20) d),
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

REVOKE ALL ON FUNCTION frontend_widget(uuid, text, integer), frontend_gifts(uuid, uuid), frontend_version(uuid, text)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION frontend_widget(uuid, text, integer), frontend_gifts(uuid, uuid), frontend_version(uuid, text)
  TO loyalnest_app;

-- migrate:down

DROP FUNCTION frontend_widget, frontend_gifts, frontend_version;
