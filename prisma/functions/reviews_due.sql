-- Shops with members whose review is due, in the order of their ids from after the given one (null: from the first).
-- It leaps from shop to shop along the index: how many members of a shop wait costs nothing.
CREATE OR REPLACE FUNCTION reviews_due(p_after uuid, p_limit integer) RETURNS TABLE (merchant_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  last uuid := coalesce(p_after, '00000000-0000-0000-0000-000000000000');
BEGIN
  FOR n IN 1..p_limit LOOP
    SELECT c.merchant_id INTO last FROM customers c
    WHERE c.review_due_at <= now() AND c.merchant_id > last
    ORDER BY c.merchant_id LIMIT 1;
    EXIT WHEN NOT FOUND;
    merchant_id := last;
    RETURN NEXT;
  END LOOP;
END $$;
