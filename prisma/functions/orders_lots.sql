-- The points of orders by when they expire, with what of them expired or was written off, after locking the balances of
-- all members given. What was written off of an erased person was not deducted for the order.
CREATE OR REPLACE FUNCTION orders_lots(p_merchant uuid[], p_order text[], p_member uuid[])
RETURNS TABLE (merchant_id uuid, order_id text, member uuid, points bigint, lapsed bigint, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  PERFORM require_tenant(p_merchant);
  PERFORM ledger_lock_balances(p_merchant, p_member);
  RETURN QUERY
  SELECT u.m, u.o, l.customer_id, l.points,
         coalesce((SELECT sum((e->>1)::bigint) FROM points_transactions t, jsonb_array_elements(t.consumed) e
                   WHERE t.merchant_id = u.m AND t.customer_id = u.c AND t.sequence > l.sequence
                     AND (t.type = 'expire' OR (t.type = 'writeoff' AND k.redacted_at IS NULL))
                     AND (e->>0)::bigint = l.sequence), 0)::bigint,
         l.expires_at
  FROM (SELECT DISTINCT m, o, c FROM unnest(p_merchant, p_order, p_member) i(m, o, c) WHERE o IS NOT NULL) u
  JOIN customers k ON k.merchant_id = u.m AND k.customer_id = u.c
  JOIN point_lots l ON l.merchant_id = u.m AND l.customer_id = u.c AND l.order_id = u.o
  ORDER BY u.m, u.o, l.customer_id, l.sequence;
END $$;
