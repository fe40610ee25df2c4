-- Orders are recorded in batches that span tenants, as awards are; see the ledger's functions for why and how. Locks are
-- taken in the order orders, customers, redemptions, balances. Functions are copied from prisma/functions.

-- migrate:up

-- What two sources know of the same refunds. Of each the newer source is taken as it is; a transaction that succeeded
-- anywhere has succeeded.
CREATE OR REPLACE FUNCTION order_refunds_united(p_known jsonb, p_told jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT CASE WHEN p_known = '{}' OR p_known = p_told THEN p_told WHEN p_told = '{}' THEN p_known ELSE (
    SELECT coalesce(jsonb_object_agg(r.id, r.fact || CASE
             WHEN r.fact ? 'transactions' THEN jsonb_build_object('transactions', (
               SELECT coalesce(jsonb_object_agg(t.key, t.value), '{}') FROM (
                 SELECT DISTINCT ON (e.key) e.key, e.value
                 FROM unnest(ARRAY[r.known->'transactions', r.told->'transactions']) s,
                      jsonb_each(coalesce(s, '{}')) e
                 ORDER BY e.key,
                   array_position(ARRAY['success', 'failure', 'error'], e.value->>'status') NULLS LAST, e.value::text) t))
             ELSE '{}' END), '{}')
    FROM (
      SELECT coalesce(k.key, n.key) AS id, k.value AS known, n.value AS told,
             CASE WHEN n.value IS NULL THEN k.value WHEN k.value IS NULL THEN n.value
                  -- Rows and transactions say more than a sum.
                  WHEN (k.value ? 'transactions') <> (n.value ? 'transactions')
                  THEN CASE WHEN k.value ? 'transactions' THEN k.value ELSE n.value END
                  WHEN (coalesce(n.value->>'seen', ''), n.value::text) >= (coalesce(k.value->>'seen', ''), k.value::text)
                  THEN n.value ELSE k.value END AS fact
      FROM jsonb_each(p_known) k FULL JOIN jsonb_each(p_told) n ON n.key = k.key) r) END
$$;
REVOKE ALL ON FUNCTION order_refunds_united(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION order_refunds_united(jsonb, jsonb) TO loyalnest_ledger;

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
               'is_development', m.is_development) AS config,
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
             jsonb_build_object('has_account', c.has_account, 'segments', g.segment_ids, 'tier_id', c.vip_tier_id,
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

-- Makes members that an order is the first sign of; those that exist already stay as they are. Encrypted values arrive
-- base64-encoded. Answers the id of each, in the order of the argument.
CREATE OR REPLACE FUNCTION orders_ensure_customers(p_customers jsonb) RETURNS TABLE (customer_id uuid)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  PERFORM require_tenant(ARRAY(SELECT (e->>'merchant_id')::uuid FROM jsonb_array_elements(p_customers) e));
  INSERT INTO customers (merchant_id, customer_id, shopify_customer_id, email, email_hash, first_name, last_name,
                         name_tokens, locale, state, has_account)
  SELECT r.merchant_id, r.customer_id, r.shopify_customer_id, decode(r.email, 'base64'), decode(r.email_hash, 'base64'),
         decode(r.first_name, 'base64'), decode(r.last_name, 'base64'),
         ARRAY(SELECT decode(t, 'base64') FROM jsonb_array_elements_text(coalesce(r.name_tokens, '[]')) t),
         coalesce(r.locale, 'en'), r.state, coalesce(r.state, '') = 'enabled'
  FROM jsonb_to_recordset(p_customers) AS r(merchant_id uuid, customer_id uuid, shopify_customer_id text, email text,
       email_hash text, first_name text, last_name text, name_tokens jsonb, locale text, state text)
  ORDER BY r.merchant_id, r.shopify_customer_id
  ON CONFLICT (merchant_id, shopify_customer_id) DO NOTHING;
  RETURN QUERY
  SELECT c.customer_id
  FROM jsonb_array_elements(p_customers) WITH ORDINALITY AS e(item, n)
  JOIN customers c ON c.merchant_id = (e.item->>'merchant_id')::uuid AND c.shopify_customer_id = e.item->>'shopify_customer_id'
  ORDER BY e.n;
END $$;

-- The sums that are kept of a member's orders. Money of a former currency of the shop is not added to today's. Called by
-- the other order functions only.
CREATE OR REPLACE FUNCTION orders_sum_up(p_merchant uuid, p_members uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  money text := (SELECT m.currency FROM merchants m WHERE m.merchant_id = p_merchant);
BEGIN
  PERFORM require_tenant(p_merchant);
  IF cardinality(p_members) > 1 THEN
    PERFORM 1 FROM customers c WHERE c.merchant_id = p_merchant AND c.customer_id = ANY (p_members)
    ORDER BY c.customer_id FOR NO KEY UPDATE;
  END IF;
  UPDATE customers c
  SET (order_count, total_spend, last_order_at, review_due_at) =
    (SELECT count(*), coalesce(sum(x.gross_subtotal - x.refunded) FILTER (WHERE coalesce(x.currency, money) = money), 0), max(x.ordered_at),
            coalesce(c.review_due_at, now()) FROM orders x
     WHERE x.merchant_id = p_merchant AND x.customer_id = c.customer_id AND x.counts)
  WHERE c.merchant_id = p_merchant AND c.customer_id = ANY (p_members);
END $$;

-- Adds facts to what is known of each order and answers all that is known, with the entries the ledger has for it.
-- Facts only accumulate: refunds are united, paid and cancelled stay, and the newest snapshot gives the rest; a partial
-- one completes what no other source has told. Other orders of the same customers whose claim to be the first purchase has
-- changed are answered, too, without a number. No order may occur twice in one call. One tenant after the other: a
-- statement that knows its tenant opens one partition, a statement that joins tenants opens them all.
CREATE OR REPLACE FUNCTION orders_merge_many(p_orders jsonb)
RETURNS TABLE (ord bigint, merchant_id uuid, order_id text, facts jsonb, refunds jsonb, lines jsonb, edits jsonb,
               entries jsonb)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid;
  ids text[];
  members uuid[];
  followers text[];
  at_placing boolean;
  with_tests boolean;
  asks_first boolean;
BEGIN
  PERFORM require_tenant(ARRAY(SELECT (e->>'merchant_id')::uuid FROM jsonb_array_elements(p_orders) e));
  FOR tenant IN SELECT DISTINCT (e->>'merchant_id')::uuid FROM jsonb_array_elements(p_orders) e ORDER BY 1 LOOP
    SELECT coalesce(s.config->'earning'->>'award_on', '') = 'created',
           coalesce((s.config->'earning'->>'test_orders')::boolean, m.is_development),
           coalesce(s.dynamic_multipliers->'enabled' ? 'first_purchase_24h', false)
    INTO at_placing, with_tests, asks_first
    FROM merchants m LEFT JOIN program_settings s ON s.merchant_id = tenant WHERE m.merchant_id = tenant;

    WITH merged AS (
      INSERT INTO orders AS o (merchant_id, shopify_order_id, name, customer_id, subtotal, gross_subtotal, total,
        current_total, tax, taxes_included, currency, presentment_currency, financial_status, channel, ordered_at, paid_at,
        paid_told_at, cancelled_at, source_updated_at, observed_at, source, customer_updated_at, customer_observed_at,
        refunds, line_items, is_historical, is_test, country, edits, counts)
      SELECT tenant, r.order_id, r.name, r.customer_id, coalesce(r.subtotal, 0), coalesce(r.gross, 0), coalesce(r.total, 0),
        r.current_total, r.tax, coalesce(r.taxes_included, false), r.currency, r.presentment_currency, r.financial_status,
        coalesce(r.channel, 'online'), r.ordered_at, r.paid_at, r.paid_told_at, r.cancelled_at, r.updated_at, r.observed_at,
        r.source, CASE WHEN r.customer_told THEN r.updated_at END, CASE WHEN r.customer_told THEN r.observed_at END,
        r.refunds, coalesce(r.lines, '[]'), r.is_historical, r.is_test, r.country, r.edits,
        r.cancelled_at IS NULL AND r.updated_at IS NOT NULL AND (r.paid_at IS NOT NULL OR at_placing)
          AND (with_tests OR NOT r.is_test)
      FROM jsonb_to_recordset(p_orders) AS r(merchant_id uuid, order_id text, name text, customer_id uuid, subtotal numeric,
        gross numeric, total numeric, current_total numeric, tax numeric, taxes_included boolean, currency text,
        presentment_currency text, financial_status text, channel text, ordered_at timestamptz, paid_at timestamptz,
        paid_told_at timestamptz, cancelled_at timestamptz, updated_at timestamptz, observed_at timestamptz, source text,
        customer_told boolean, refunds jsonb, lines jsonb, is_historical boolean, is_test boolean, country text, edits jsonb)
      WHERE r.merchant_id = tenant
      ORDER BY r.order_id
      ON CONFLICT (merchant_id, shopify_order_id) DO UPDATE SET
        (name, subtotal, gross_subtotal, total, current_total, tax, taxes_included, currency, presentment_currency,
         financial_status, channel, ordered_at, line_items, source_updated_at, observed_at, source) =
          (SELECT w.name, w.subtotal, w.gross_subtotal, w.total, w.current_total, w.tax, w.taxes_included, w.currency,
                  w.presentment_currency, w.financial_status, w.channel, w.ordered_at, w.line_items, w.source_updated_at,
                  w.observed_at, w.source
           FROM (SELECT EXCLUDED.name, EXCLUDED.subtotal, EXCLUDED.gross_subtotal, EXCLUDED.total, EXCLUDED.current_total,
                        EXCLUDED.tax, EXCLUDED.taxes_included, EXCLUDED.currency, EXCLUDED.presentment_currency,
                        EXCLUDED.financial_status, EXCLUDED.channel, EXCLUDED.ordered_at,
                        -- A snapshot without lines comes from a source that does not report them; an order always has some.
                        CASE EXCLUDED.line_items WHEN '[]' THEN o.line_items ELSE EXCLUDED.line_items END AS line_items,
                        EXCLUDED.source_updated_at, EXCLUDED.observed_at, EXCLUDED.source
                 WHERE EXCLUDED.source_updated_at IS NOT NULL
                   AND (o.source_updated_at IS NULL OR (EXCLUDED.source <> 'partial' AND (o.source = 'partial'
                        OR (EXCLUDED.source_updated_at, coalesce(EXCLUDED.observed_at, '-infinity'))
                           > (o.source_updated_at, coalesce(o.observed_at, '-infinity')))))
                 UNION ALL
                 SELECT o.name, o.subtotal, o.gross_subtotal, o.total, o.current_total, o.tax, o.taxes_included, o.currency,
                        o.presentment_currency, o.financial_status, o.channel, o.ordered_at, o.line_items,
                        o.source_updated_at, o.observed_at, o.source
                 LIMIT 1) w),
        -- What a reading was asked for later than everything else decides, and so it does when it says the same.
        reading_due = CASE
          WHEN EXCLUDED.source_updated_at IS NULL THEN o.reading_due
          WHEN EXCLUDED.source = 'reading'
            AND (o.source_updated_at IS NULL OR o.source = 'partial' OR (EXCLUDED.source_updated_at, EXCLUDED.observed_at)
                 >= (o.source_updated_at, coalesce(o.observed_at, '-infinity'))) THEN false
          WHEN o.source_updated_at IS NULL THEN o.reading_due
          WHEN EXCLUDED.source = 'partial' THEN o.reading_due OR (o.source <> 'partial' AND EXCLUDED.source_updated_at > o.source_updated_at)
          WHEN o.source = 'partial' THEN o.reading_due OR EXCLUDED.source_updated_at < o.source_updated_at
          ELSE o.reading_due OR (EXCLUDED.source_updated_at = o.source_updated_at
            AND (EXCLUDED.observed_at = o.observed_at) IS NOT FALSE
            AND (EXCLUDED.gross_subtotal, EXCLUDED.subtotal, EXCLUDED.financial_status,
                 EXCLUDED.cancelled_at IS NOT NULL, CASE WHEN EXCLUDED.customer_updated_at IS NULL THEN o.customer_id ELSE EXCLUDED.customer_id END)
              IS DISTINCT FROM (o.gross_subtotal, o.subtotal, o.financial_status, o.cancelled_at IS NOT NULL, o.customer_id))
        END,
        (customer_id, customer_updated_at, customer_observed_at, prior_customer_id) =
          (SELECT w.customer_id, w.told_at, w.observed_at, w.prior
           FROM (SELECT EXCLUDED.customer_id, EXCLUDED.customer_updated_at AS told_at, EXCLUDED.customer_observed_at AS observed_at,
                        CASE WHEN o.customer_id IS DISTINCT FROM EXCLUDED.customer_id THEN coalesce(o.customer_id, o.prior_customer_id)
                             ELSE o.prior_customer_id END AS prior
                 WHERE EXCLUDED.customer_updated_at IS NOT NULL
                   AND (o.customer_updated_at IS NULL OR (EXCLUDED.source <> 'partial'
                        AND (EXCLUDED.customer_updated_at, coalesce(EXCLUDED.customer_observed_at, '-infinity'))
                          > (o.customer_updated_at, coalesce(o.customer_observed_at, '-infinity'))))
                 UNION ALL
                 SELECT o.customer_id, o.customer_updated_at, o.customer_observed_at, o.prior_customer_id
                 LIMIT 1) w),
        country = coalesce(EXCLUDED.country, o.country),
        paid_at = least(o.paid_at, EXCLUDED.paid_at),
        paid_told_at = least(o.paid_told_at, EXCLUDED.paid_told_at),
        cancelled_at = least(o.cancelled_at, EXCLUDED.cancelled_at),
        refunds = order_refunds_united(o.refunds, EXCLUDED.refunds),
        is_historical = o.is_historical AND EXCLUDED.is_historical,
        is_test = o.is_test OR EXCLUDED.is_test,
        -- What changed nothing today may do so once the rest is reported.
        edits = CASE WHEN EXCLUDED.edits = '[]'
                       OR o.edits @> EXCLUDED.edits OR jsonb_array_length(o.edits) >= 200
                     THEN o.edits ELSE o.edits || EXCLUDED.edits END,
        counts = (o.cancelled_at IS NULL AND EXCLUDED.cancelled_at IS NULL
          AND (o.source_updated_at IS NOT NULL OR EXCLUDED.source_updated_at IS NOT NULL)
          AND (o.paid_at IS NOT NULL OR EXCLUDED.paid_at IS NOT NULL OR at_placing)
          AND (with_tests OR NOT (o.is_test OR EXCLUDED.is_test))
          AND NOT (o.refunded > 0 AND o.refunded >= o.gross_subtotal)),
        updated_at = now()
      RETURNING o.shopify_order_id, o.customer_id, o.prior_customer_id
    )
    SELECT array_agg(DISTINCT m.shopify_order_id), array_agg(DISTINCT p) FILTER (WHERE p IS NOT NULL)
    INTO ids, members FROM merged m, unnest(ARRAY[m.customer_id, m.prior_customer_id]) p;

    PERFORM orders_sum_up(tenant, members);

    -- Another batch that has one of these locked waits for the customers locked above, and looks for itself.
    SELECT array_agg(f.shopify_order_id) INTO followers FROM (
      SELECT o.shopify_order_id FROM orders o
      WHERE o.merchant_id = tenant AND o.customer_id = ANY (members) AND o.first_given IS NOT NULL
        AND o.shopify_order_id <> ALL (ids)
        AND o.first_given = EXISTS (
          SELECT 1 FROM orders x WHERE x.merchant_id = tenant AND x.customer_id = o.customer_id AND x.cancelled_at IS NULL
            AND x.source_updated_at IS NOT NULL AND (x.paid_at IS NOT NULL OR at_placing) AND (with_tests OR NOT x.is_test)
            AND (x.ordered_at, x.shopify_order_id) < (o.ordered_at, o.shopify_order_id))
      ORDER BY o.shopify_order_id FOR NO KEY UPDATE SKIP LOCKED) f;

    RETURN QUERY
    SELECT e.n, tenant, o.shopify_order_id,
           jsonb_build_object('gross', o.gross_subtotal::text, 'placed', o.subtotal::text, 'total', o.total::text,
             'current_total', o.current_total::text, 'currency', o.currency, 'is_paid', o.paid_at IS NOT NULL,
             'is_cancelled', o.cancelled_at IS NOT NULL, 'financial_status', o.financial_status,
             'is_historical', o.is_historical, 'is_test', o.is_test, 'taxes_included', o.taxes_included,
             'customer_id', o.customer_id, 'is_redacted', k.redacted_at IS NOT NULL,
             'is_known', o.source_updated_at IS NOT NULL, 'reading_due', o.reading_due, 'name', o.name,
             'ordered_at', to_char(o.ordered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             'paid_at', to_char(coalesce(o.paid_told_at, o.paid_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             'country', o.country, 'account', o.account_points::text, 'waived', o.waived_points::text,
             'refunded', o.refunded::text, 'first_given', o.first_given,
             'is_first', CASE WHEN asks_first OR o.first_given IS NOT NULL THEN NOT EXISTS (
               SELECT 1 FROM orders x WHERE x.merchant_id = tenant AND x.customer_id = o.customer_id AND x.cancelled_at IS NULL
                 AND x.source_updated_at IS NOT NULL AND (x.paid_at IS NOT NULL OR at_placing) AND (with_tests OR NOT x.is_test)
                 AND (x.ordered_at, x.shopify_order_id) < (o.ordered_at, o.shopify_order_id)) ELSE true END),
           o.refunds,
           CASE WHEN l.excludes OR (e.item->>'with_lines')::boolean OR o.line_items @> '[{"gift_card": true}]'
                  OR (o.refunds <> '{}' AND o.line_items @> '[{"tip": true}]') THEN o.line_items END,
           o.edits, l.entries
    FROM (SELECT item, n FROM jsonb_array_elements(p_orders) WITH ORDINALITY AS i(item, n)
          WHERE (item->>'merchant_id')::uuid = tenant
          UNION ALL
          SELECT jsonb_build_object('order_id', f), NULL FROM unnest(followers) f) e
    JOIN orders o ON o.merchant_id = tenant AND o.shopify_order_id = e.item->>'order_id'
    LEFT JOIN customers k ON k.merchant_id = tenant AND k.customer_id = o.customer_id
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('transactionId', t.transaction_id, 'key', t.idempotency_key,
               'points', t.points, 'member', t.customer_id, 'base', t.metadata->>'base', 'rate', t.metadata->>'rate',
               'multiplier', t.metadata->>'multiplier', 'source', t.metadata->>'multiplier_source',
               'factors', t.metadata->'factors', 'stacking', t.metadata->>'stacking',
               'excluded', t.metadata->'excluded') ORDER BY t.created_at, t.sequence) AS entries,
             bool_or(t.metadata ? 'excluded') AS excludes
      FROM points_transactions t
      WHERE t.merchant_id = tenant AND t.order_id = o.shopify_order_id AND t.source = 'order') l ON true;
  END LOOP;
END $$;

-- Who has now what each of these members had, merges followed, and whether they were erased.
CREATE OR REPLACE FUNCTION orders_heirs(p_merchant uuid[], p_member uuid[])
RETURNS TABLE (merchant_id uuid, member uuid, heir uuid, is_erased boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_tenant(p_merchant);
  WITH RECURSIVE chain AS (
    SELECT u.m AS merchant, u.c AS member, u.c AS heir, 0 AS hops FROM unnest(p_merchant, p_member) u(m, c)
    UNION ALL
    SELECT k.merchant, k.member, c.merged_into_customer_id, k.hops + 1 FROM chain k
    JOIN customers c ON c.merchant_id = k.merchant AND c.customer_id = k.heir
    WHERE c.merged_into_customer_id IS NOT NULL AND k.hops < 100
  )
  SELECT DISTINCT ON (k.merchant, k.member) k.merchant, k.member, k.heir, c.redacted_at IS NOT NULL
  FROM chain k JOIN customers c ON c.merchant_id = k.merchant AND c.customer_id = k.heir
  ORDER BY k.merchant, k.member, k.hops DESC
$$;

-- The points of orders by when they expire, with what of them expired or was written off, after locking the balances of
-- all members given. What was written off of an erased person was not deducted for the order. With each row what the
-- order's own entries came to when points of it expired last: null when none have. What a campaign gave for an order is
-- the campaign's.
CREATE OR REPLACE FUNCTION orders_lots(p_merchant uuid[], p_order text[], p_member uuid[])
RETURNS TABLE (merchant_id uuid, order_id text, member uuid, points bigint, expired bigint, expires_at timestamptz,
               at_expiry bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  PERFORM require_tenant(p_merchant);
  PERFORM ledger_lock_balances(p_merchant, p_member);
  RETURN QUERY
  WITH lots AS (
    SELECT u.m, u.o, l.customer_id, l.sequence, l.points, l.expires_at, gone.points AS expired, gone.last, gone.at
    FROM (SELECT DISTINCT m, o, c FROM unnest(p_merchant, p_order, p_member) i(m, o, c) WHERE o IS NOT NULL) u
    JOIN customers k ON k.merchant_id = u.m AND k.customer_id = u.c
    JOIN point_lots l ON l.merchant_id = u.m AND l.customer_id = u.c AND l.order_id = u.o
    JOIN points_transactions g ON g.merchant_id = u.m AND g.customer_id = u.c AND g.sequence = l.sequence
      AND g.source IS DISTINCT FROM 'campaign'
    CROSS JOIN LATERAL (
      SELECT coalesce(sum((e->>1)::bigint), 0)::bigint AS points, max(t.sequence) AS last, max(t.created_at) AS at
      FROM points_transactions t, jsonb_array_elements(t.consumed) e
      WHERE t.merchant_id = u.m AND t.customer_id = u.c AND t.sequence > l.sequence
        AND (t.type = 'expire' OR (t.type = 'writeoff' AND k.redacted_at IS NULL))
        AND (e->>0)::bigint = l.sequence) gone
  )
  SELECT l.m, l.o, l.customer_id, l.points, l.expired, l.expires_at,
         (SELECT sum(t.points) FROM points_transactions t
          WHERE t.merchant_id = l.m AND t.order_id = l.o AND t.source = 'order'
            AND t.idempotency_key NOT LIKE 'order/%/moved/%'
            AND CASE WHEN t.customer_id = final.customer_id THEN t.sequence < final.last ELSE t.created_at <= final.at END
         )::bigint
  FROM lots l
  -- Of one member the ledger's order decides, of several the time.
  LEFT JOIN LATERAL (SELECT f.customer_id, f.last, f.at FROM lots f WHERE f.m = l.m AND f.o = l.o AND f.last IS NOT NULL
                     ORDER BY f.at DESC, f.last DESC LIMIT 1) final ON true
  ORDER BY l.m, l.o, l.customer_id, l.sequence;
END $$;

-- Stores what settling found out about orders beside entries.
CREATE OR REPLACE FUNCTION orders_restate(p_orders jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  tenant uuid;
  members uuid[];
BEGIN
  PERFORM require_tenant(ARRAY(SELECT (e->>'merchant_id')::uuid FROM jsonb_array_elements(p_orders) e));
  FOR tenant IN SELECT DISTINCT (e->>'merchant_id')::uuid FROM jsonb_array_elements(p_orders) e ORDER BY 1 LOOP
    WITH restated AS (
      UPDATE orders o SET account_points = r.account, waived_points = r.waived, refunded = r.refunded,
        first_given = r.first_given, counts = o.counts AND NOT (r.refunded > 0 AND r.refunded >= o.gross_subtotal)
          OR (o.refunded > 0 AND o.refunded >= o.gross_subtotal AND NOT (r.refunded >= o.gross_subtotal)
              AND o.cancelled_at IS NULL AND o.paid_at IS NOT NULL AND o.source_updated_at IS NOT NULL)
      FROM jsonb_to_recordset(p_orders) AS r(merchant_id uuid, order_id text, account bigint, waived bigint,
        refunded numeric, first_given boolean)
      WHERE r.merchant_id = tenant AND o.merchant_id = tenant AND o.shopify_order_id = r.order_id
      RETURNING o.customer_id
    )
    SELECT array_agg(DISTINCT r.customer_id) FILTER (WHERE r.customer_id IS NOT NULL) INTO members FROM restated r;
    PERFORM orders_sum_up(tenant, members);
  END LOOP;
END $$;

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

CALL become_ledger();
DO $$
DECLARE
  target regproc;
BEGIN
  FOREACH target IN ARRAY ARRAY[
    'orders_context', 'orders_ensure_customers', 'orders_merge_many', 'orders_heirs', 'orders_lots',
    'orders_restate', 'orders_use_codes']::regproc[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO loyalnest_ledger', target);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', target);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO loyalnest_app', target);
  END LOOP;
END $$;
-- Only other functions call these.
DO $$
DECLARE
  target regproc;
BEGIN
  FOREACH target IN ARRAY ARRAY[
    'orders_sum_up']::regproc[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO loyalnest_ledger', target);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', target);
  END LOOP;
END $$;
CALL step_back_from_ledger();

-- migrate:down

DROP FUNCTION orders_context, orders_ensure_customers, orders_sum_up, orders_merge_many, orders_heirs, orders_lots,
  orders_restate, orders_use_codes, order_refunds_united;
