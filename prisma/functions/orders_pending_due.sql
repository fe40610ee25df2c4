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
