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
