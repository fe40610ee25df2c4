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
