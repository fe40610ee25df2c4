-- Members who wait for a review are found shop by shop, and what scoring needs to remember of a shop has a place.

-- migrate:up

-- Led by the shop, so that one with many who wait does not hide the others.
DROP INDEX idx_customers_review_due_at;
CREATE INDEX idx_customers_review_due_at ON customers (merchant_id, review_due_at) WHERE review_due_at IS NOT NULL;

-- The average order value in force with its version, and when the last full pass was.
ALTER TABLE program_settings ADD COLUMN rfm_state jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(rfm_state) = 'object');

-- Shops with members whose review is due, in the order of their ids from after the given one (null: from the first).
-- It leaps from shop to shop along the index: how many members of a shop wait costs nothing.
CREATE FUNCTION reviews_due(p_after uuid, p_limit integer) RETURNS TABLE (merchant_id uuid)
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
CALL become_ledger();
ALTER FUNCTION reviews_due(uuid, integer) OWNER TO loyalnest_ledger;
REVOKE ALL ON FUNCTION reviews_due(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reviews_due(uuid, integer) TO loyalnest_app;
CALL step_back_from_ledger();

-- migrate:down
DROP FUNCTION reviews_due(uuid, integer);
ALTER TABLE program_settings DROP COLUMN rfm_state;
DROP INDEX idx_customers_review_due_at;
CREATE INDEX idx_customers_review_due_at ON customers (review_due_at) WHERE review_due_at IS NOT NULL;
