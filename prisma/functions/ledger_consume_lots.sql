-- Takes points from the lots of one member whose balance row is locked: those of p_first_order first, then the soonest to
-- expire; of those that expire together what no order gave, then the older order's, so that it does not matter which was
-- told first. Answers which lots gave how many; what they could not give is the caller's to record as debt. Called by
-- the other ledger functions only.
CREATE OR REPLACE FUNCTION ledger_consume_lots(
  p_merchant uuid, p_customer uuid, p_points bigint, p_first_order text, p_first_sequence bigint,
  p_expired_before timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  taken jsonb;
BEGIN
  PERFORM require_tenant(p_merchant);
  WITH queue AS (
    SELECT l.sequence, l.remaining,
           sum(l.remaining) OVER (
             ORDER BY (l.sequence = p_first_sequence) IS TRUE DESC, (l.order_id = p_first_order) IS TRUE DESC,
                      l.expires_at NULLS LAST, length(l.order_id) NULLS FIRST, l.order_id, l.sequence) AS run
    FROM point_lots l
    WHERE l.merchant_id = p_merchant AND l.customer_id = p_customer AND l.remaining > 0
      AND (p_expired_before IS NULL OR l.expires_at <= p_expired_before)
  ), taking AS (
    SELECT q.sequence, least(q.remaining, p_points - (q.run - q.remaining))::bigint AS points
    FROM queue q WHERE q.run - q.remaining < p_points
  ), taken_lots AS (
    UPDATE point_lots l SET remaining = l.remaining - t.points
    FROM taking t
    WHERE l.merchant_id = p_merchant AND l.customer_id = p_customer AND l.sequence = t.sequence
    RETURNING l.sequence, t.points
  )
  SELECT coalesce(jsonb_agg(jsonb_build_array(t.sequence, t.points) ORDER BY t.sequence), '[]') INTO taken FROM taken_lots t;
  RETURN taken;
END $$;
