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
