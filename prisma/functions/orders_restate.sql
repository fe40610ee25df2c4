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
