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
