-- Points of orders that count only after a return window. What an order is to be awarded stands in its own row until then,
-- with the terms of its award; the ledger has nothing of it.

-- migrate:up

ALTER TABLE orders
  ADD COLUMN pending_points bigint CHECK (pending_points >= 0),
  ADD COLUMN points_count_at timestamptz,
  ADD COLUMN pending_award jsonb;
CREATE INDEX idx_orders_pending ON orders (merchant_id, customer_id) WHERE pending_points > 0;
CREATE INDEX idx_orders_points_count_at ON orders (merchant_id, points_count_at, shopify_order_id)
  WHERE pending_points > 0 AND customer_id IS NOT NULL;

-- What a member has earned by orders whose points do not count yet: the sum, and the first of those orders. Null: nothing.
CREATE OR REPLACE FUNCTION member_pending(p_merchant uuid, p_customer uuid) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
  PERFORM set_config('app.merchant_id', p_merchant::text, true);
  RETURN (
    SELECT jsonb_build_object('points', sum(o.pending_points), 'orders', jsonb_agg(jsonb_build_object(
      'order_id', o.shopify_order_id, 'order_name', o.name, 'points', o.pending_points, 'counts_at', o.points_count_at)
      ORDER BY o.points_count_at, o.shopify_order_id) FILTER (WHERE o.nth <= 20))
    FROM (
      SELECT x.shopify_order_id, x.name, x.pending_points, x.points_count_at,
             row_number() OVER (ORDER BY x.points_count_at, x.shopify_order_id) AS nth
      FROM orders x
      WHERE x.merchant_id = p_merchant AND x.customer_id = p_customer AND x.pending_points > 0) o
    HAVING count(*) > 0);
END $$;

REVOKE ALL ON FUNCTION member_pending(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION member_pending(uuid, uuid) TO loyalnest_app;

-- Shops with orders whose points count by now, in the order of their ids from after the given one (null: from the first).
CREATE OR REPLACE FUNCTION orders_pending_due(p_now timestamptz, p_after uuid, p_limit integer)
RETURNS TABLE (merchant_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  last uuid := coalesce(p_after, '00000000-0000-0000-0000-000000000000');
BEGIN
  FOR n IN 1..p_limit LOOP
    SELECT o.merchant_id INTO last FROM orders o
    WHERE o.pending_points > 0 AND o.customer_id IS NOT NULL AND o.points_count_at <= p_now AND o.merchant_id > last
    ORDER BY o.merchant_id LIMIT 1;
    EXIT WHEN NOT FOUND;
    merchant_id := last;
    RETURN NEXT;
  END LOOP;
END $$;

CALL become_ledger();
ALTER FUNCTION orders_pending_due OWNER TO loyalnest_ledger;
REVOKE ALL ON FUNCTION orders_pending_due FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders_pending_due TO loyalnest_app;

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
        refunds, line_items, is_historical, is_test, country, edits, is_company, absence, counts)
      SELECT tenant, r.order_id, r.name, r.customer_id, coalesce(r.subtotal, 0), coalesce(r.gross, 0), coalesce(r.total, 0),
        r.current_total, r.tax, coalesce(r.taxes_included, false), r.currency, r.presentment_currency, r.financial_status,
        coalesce(r.channel, 'online'), r.ordered_at, r.paid_at, r.paid_told_at, r.cancelled_at, r.updated_at, r.observed_at,
        r.source, CASE WHEN r.customer_told THEN r.updated_at END, CASE WHEN r.customer_told THEN r.observed_at END,
        r.refunds, coalesce(r.lines, '[]'), r.is_historical, r.is_test, r.country, r.edits,
        coalesce(r.is_company, false), r.absence,
        r.cancelled_at IS NULL AND r.updated_at IS NOT NULL AND (r.paid_at IS NOT NULL OR at_placing)
          AND (with_tests OR NOT r.is_test)
      FROM jsonb_to_recordset(p_orders) AS r(merchant_id uuid, order_id text, name text, customer_id uuid, subtotal numeric,
        gross numeric, total numeric, current_total numeric, tax numeric, taxes_included boolean, currency text,
        presentment_currency text, financial_status text, channel text, ordered_at timestamptz, paid_at timestamptz,
        paid_told_at timestamptz, cancelled_at timestamptz, updated_at timestamptz, observed_at timestamptz, source text,
        customer_told boolean, refunds jsonb, lines jsonb, is_historical boolean, is_test boolean, country text, edits jsonb,
        is_company boolean, absence text)
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
        -- Whether its customer takes part is judged once, when the order is first known with them, or to be a company's.
        absence = CASE WHEN o.customer_id IS NULL OR (EXCLUDED.is_company AND NOT o.is_company)
                       THEN coalesce(o.absence, EXCLUDED.absence) ELSE o.absence END,
        is_company = o.is_company OR EXCLUDED.is_company,
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
    -- Who buys for a company is its customer, also where no reading of customers has told so yet.
    IF EXISTS (SELECT 1 FROM jsonb_array_elements(p_orders) e
               WHERE (e->>'merchant_id')::uuid = tenant AND e->'is_company' = 'true') THEN
      UPDATE customers c SET is_company = true
      FROM jsonb_to_recordset(p_orders) AS r(merchant_id uuid, order_id text, customer_id uuid, is_company boolean)
      WHERE r.merchant_id = tenant AND r.is_company AND c.merchant_id = tenant AND c.customer_id = r.customer_id
        AND NOT c.is_company;
    END IF;

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
             'country', o.country, 'absence', o.absence, 'account', o.account_points::text, 'waived', o.waived_points::text,
             'refunded', o.refunded::text, 'first_given', o.first_given,
             'was_moved', o.prior_customer_id IS NOT NULL, 'pending_points', o.pending_points::text,
             'points_count_at', to_char(o.points_count_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             'pending_award', o.pending_award,
             'is_first', CASE WHEN asks_first OR o.first_given IS NOT NULL THEN NOT EXISTS (
               SELECT 1 FROM orders x WHERE x.merchant_id = tenant AND x.customer_id = o.customer_id AND x.cancelled_at IS NULL
                 AND x.source_updated_at IS NOT NULL AND (x.paid_at IS NOT NULL OR at_placing) AND (with_tests OR NOT x.is_test)
                 AND (x.ordered_at, x.shopify_order_id) < (o.ordered_at, o.shopify_order_id)) ELSE true END),
           o.refunds,
           CASE WHEN l.excludes OR o.pending_award ? 'excluded' OR (e.item->>'with_lines')::boolean OR o.line_items @> '[{"gift_card": true}]'
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
               'excluded', t.metadata->'excluded', 'refunds', t.metadata->'refunds') ORDER BY t.created_at, t.sequence) AS entries,
             bool_or(t.metadata ? 'excluded') AS excludes
      FROM points_transactions t
      WHERE t.merchant_id = tenant AND t.order_id = o.shopify_order_id AND t.source = 'order') l ON true;
  END LOOP;
END $$;

-- Stores what settling found out about orders beside entries: also what waits until their points count, and tells whoever
-- it is shown to when that has changed.
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
        first_given = r.first_given,
        pending_points = CASE WHEN r.pending IS NULL THEN o.pending_points ELSE (r.pending->>'points')::bigint END,
        points_count_at = CASE WHEN r.pending IS NULL THEN o.points_count_at ELSE (r.pending->>'counts_at')::timestamptz END,
        pending_award = CASE WHEN r.pending IS NULL THEN o.pending_award ELSE nullif(r.pending->'award', 'null') END,
        counts = o.counts AND NOT (r.refunded > 0 AND r.refunded >= o.gross_subtotal)
          OR (o.refunded > 0 AND o.refunded >= o.gross_subtotal AND NOT (r.refunded >= o.gross_subtotal)
              AND o.cancelled_at IS NULL AND o.paid_at IS NOT NULL AND o.source_updated_at IS NOT NULL)
      FROM jsonb_to_recordset(p_orders) AS r(merchant_id uuid, order_id text, account bigint, waived bigint,
        refunded numeric, first_given boolean, pending jsonb)
      WHERE r.merchant_id = tenant AND o.merchant_id = tenant AND o.shopify_order_id = r.order_id
      RETURNING o.customer_id, o.prior_customer_id, (r.pending->>'is_told')::boolean AS is_told
    ), told AS (
      INSERT INTO outbox_events (merchant_id, kind, payload)
      SELECT DISTINCT tenant, 'points.pending', jsonb_build_object('customer_id', p) FROM restated r,
        unnest(ARRAY[r.customer_id, r.prior_customer_id]) p WHERE r.is_told AND p IS NOT NULL
    )
    SELECT array_agg(DISTINCT r.customer_id) FILTER (WHERE r.customer_id IS NOT NULL) INTO members FROM restated r;
    PERFORM orders_sum_up(tenant, members);
  END LOOP;
END $$;

CALL step_back_from_ledger();

-- Nulls what names the person, in every table, and deletes what is only about them. What they earned and spent stays
-- under our own id. The tombstone replaces Shopify's id: enough to recognize the person, too little to identify them.
CREATE OR REPLACE FUNCTION privacy_erase_customer(p_merchant uuid, p_customer uuid, p_tombstone text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  persons uuid[];
BEGIN
  PERFORM privacy_require_tenant(p_merchant);
  -- Customers who were merged into this one are the same person.
  WITH RECURSIVE same AS (
    SELECT p_customer AS customer_id
    UNION
    SELECT c.customer_id FROM same s
    JOIN customers c ON c.merchant_id = p_merchant AND c.merged_into_customer_id = s.customer_id
  )
  SELECT array_agg(s.customer_id) INTO persons FROM same s;

  UPDATE customers SET
    shopify_customer_id = CASE WHEN customer_id = p_customer THEN p_tombstone ELSE p_tombstone || '/' || customer_id END,
    shared_customer_id = NULL, email = NULL, email_hash = NULL, first_name = NULL, last_name = NULL, name_tokens = '{}',
    locale = 'en', state = NULL, has_account = false, churn_score = NULL, birthday_md = NULL, birthday_set_at = NULL,
    location = '{}', metadata = '{}', vip_progress = '{}', source_updated_at = NULL,
    -- What they were thought to be is theirs, too.
    rfm_score = DEFAULT, lifecycle_stage = NULL, churn_band = NULL,
    redacted_at = coalesce(redacted_at, now())
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);

  -- Reasons are free text; a shopper as actor is named by Shopify's id.
  UPDATE points_transactions SET reason = NULL, actor = CASE WHEN actor LIKE 'customer:%' THEN 'customer' ELSE actor END
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons) AND (reason IS NOT NULL OR actor LIKE 'customer:%');
  UPDATE orders SET name = NULL, line_items = '[]', pending_points = NULL, points_count_at = NULL, pending_award = NULL
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  UPDATE reward_redemptions SET discount_code = NULL, discount_code_hash = NULL, shopify_discount_id = NULL
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  UPDATE referrals SET spoof_detection = '{}', click_id = NULL
  WHERE merchant_id = p_merchant AND (advocate_customer_id = ANY (persons) OR friend_customer_id = ANY (persons));
  UPDATE referral_links SET referral_code = 'redacted-' || referral_link_id, status = 'disabled'
  WHERE merchant_id = p_merchant AND advocate_customer_id = ANY (persons);
  UPDATE gdpr_requests SET shopify_customer_id = NULL
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons) AND status = 'completed';

  DELETE FROM email_events WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM nudge_events WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM customer_segments WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM rfm_score_history WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM rfm_segment_deltas WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM gamification_achievements WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM leaderboards WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM slack_community WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM referral_traces WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM consents WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM wallet_passes WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM pos_offline_queue WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM team_members WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM data_export_requests WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
END $$;

-- migrate:down

-- Nulls what names the person, in every table, and deletes what is only about them. What they earned and spent stays
-- under our own id. The tombstone replaces Shopify's id: enough to recognize the person, too little to identify them.
CREATE OR REPLACE FUNCTION privacy_erase_customer(p_merchant uuid, p_customer uuid, p_tombstone text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  persons uuid[];
BEGIN
  PERFORM privacy_require_tenant(p_merchant);
  -- Customers who were merged into this one are the same person.
  WITH RECURSIVE same AS (
    SELECT p_customer AS customer_id
    UNION
    SELECT c.customer_id FROM same s
    JOIN customers c ON c.merchant_id = p_merchant AND c.merged_into_customer_id = s.customer_id
  )
  SELECT array_agg(s.customer_id) INTO persons FROM same s;

  UPDATE customers SET
    shopify_customer_id = CASE WHEN customer_id = p_customer THEN p_tombstone ELSE p_tombstone || '/' || customer_id END,
    shared_customer_id = NULL, email = NULL, email_hash = NULL, first_name = NULL, last_name = NULL, name_tokens = '{}',
    locale = 'en', state = NULL, has_account = false, churn_score = NULL, birthday_md = NULL, birthday_set_at = NULL,
    location = '{}', metadata = '{}', vip_progress = '{}', source_updated_at = NULL,
    -- What they were thought to be is theirs, too.
    rfm_score = DEFAULT, lifecycle_stage = NULL, churn_band = NULL,
    redacted_at = coalesce(redacted_at, now())
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);

  -- Reasons are free text; a shopper as actor is named by Shopify's id.
  UPDATE points_transactions SET reason = NULL, actor = CASE WHEN actor LIKE 'customer:%' THEN 'customer' ELSE actor END
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons) AND (reason IS NOT NULL OR actor LIKE 'customer:%');
  UPDATE orders SET name = NULL, line_items = '[]'
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  UPDATE reward_redemptions SET discount_code = NULL, discount_code_hash = NULL, shopify_discount_id = NULL
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  UPDATE referrals SET spoof_detection = '{}', click_id = NULL
  WHERE merchant_id = p_merchant AND (advocate_customer_id = ANY (persons) OR friend_customer_id = ANY (persons));
  UPDATE referral_links SET referral_code = 'redacted-' || referral_link_id, status = 'disabled'
  WHERE merchant_id = p_merchant AND advocate_customer_id = ANY (persons);
  UPDATE gdpr_requests SET shopify_customer_id = NULL
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons) AND status = 'completed';

  DELETE FROM email_events WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM nudge_events WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM customer_segments WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM rfm_score_history WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM rfm_segment_deltas WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM gamification_achievements WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM leaderboards WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM slack_community WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM referral_traces WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM consents WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM wallet_passes WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM pos_offline_queue WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM team_members WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM data_export_requests WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
END $$;

CALL become_ledger();
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
        refunds, line_items, is_historical, is_test, country, edits, is_company, absence, counts)
      SELECT tenant, r.order_id, r.name, r.customer_id, coalesce(r.subtotal, 0), coalesce(r.gross, 0), coalesce(r.total, 0),
        r.current_total, r.tax, coalesce(r.taxes_included, false), r.currency, r.presentment_currency, r.financial_status,
        coalesce(r.channel, 'online'), r.ordered_at, r.paid_at, r.paid_told_at, r.cancelled_at, r.updated_at, r.observed_at,
        r.source, CASE WHEN r.customer_told THEN r.updated_at END, CASE WHEN r.customer_told THEN r.observed_at END,
        r.refunds, coalesce(r.lines, '[]'), r.is_historical, r.is_test, r.country, r.edits,
        coalesce(r.is_company, false), r.absence,
        r.cancelled_at IS NULL AND r.updated_at IS NOT NULL AND (r.paid_at IS NOT NULL OR at_placing)
          AND (with_tests OR NOT r.is_test)
      FROM jsonb_to_recordset(p_orders) AS r(merchant_id uuid, order_id text, name text, customer_id uuid, subtotal numeric,
        gross numeric, total numeric, current_total numeric, tax numeric, taxes_included boolean, currency text,
        presentment_currency text, financial_status text, channel text, ordered_at timestamptz, paid_at timestamptz,
        paid_told_at timestamptz, cancelled_at timestamptz, updated_at timestamptz, observed_at timestamptz, source text,
        customer_told boolean, refunds jsonb, lines jsonb, is_historical boolean, is_test boolean, country text, edits jsonb,
        is_company boolean, absence text)
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
        -- Whether its customer takes part is judged once, when the order is first known with them, or to be a company's.
        absence = CASE WHEN o.customer_id IS NULL OR (EXCLUDED.is_company AND NOT o.is_company)
                       THEN coalesce(o.absence, EXCLUDED.absence) ELSE o.absence END,
        is_company = o.is_company OR EXCLUDED.is_company,
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
    -- Who buys for a company is its customer, also where no reading of customers has told so yet.
    IF EXISTS (SELECT 1 FROM jsonb_array_elements(p_orders) e
               WHERE (e->>'merchant_id')::uuid = tenant AND e->'is_company' = 'true') THEN
      UPDATE customers c SET is_company = true
      FROM jsonb_to_recordset(p_orders) AS r(merchant_id uuid, order_id text, customer_id uuid, is_company boolean)
      WHERE r.merchant_id = tenant AND r.is_company AND c.merchant_id = tenant AND c.customer_id = r.customer_id
        AND NOT c.is_company;
    END IF;

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
             'country', o.country, 'absence', o.absence, 'account', o.account_points::text, 'waived', o.waived_points::text,
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

CALL step_back_from_ledger();
DROP FUNCTION orders_pending_due, member_pending;
DROP INDEX idx_orders_pending, idx_orders_points_count_at;
ALTER TABLE orders DROP COLUMN pending_points, DROP COLUMN points_count_at, DROP COLUMN pending_award;
