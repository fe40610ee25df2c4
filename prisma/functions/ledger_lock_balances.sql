-- Locks the balance rows of the given members in key order, making those that are missing. Members that do not exist, or
-- were erased, get none. Called by the other ledger functions only.
CREATE OR REPLACE FUNCTION ledger_lock_balances(p_merchant uuid[], p_customer uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
  PERFORM require_tenant(p_merchant);
  IF EXISTS (
    SELECT 1 FROM unnest(p_merchant, p_customer) u(m, c)
    WHERE NOT EXISTS (SELECT 1 FROM points_balances b WHERE b.merchant_id = u.m AND b.customer_id = u.c)) THEN
    -- Makes or locks row after row in key order. Locking what there is and then making the rest would deadlock with a
    -- batch that does the same for other members; the condition that is never true locks without writing.
    INSERT INTO points_balances AS b (merchant_id, customer_id)
    SELECT d.m, d.c FROM (SELECT DISTINCT m, c FROM unnest(p_merchant, p_customer) u(m, c)) d
    JOIN customers k ON k.merchant_id = d.m AND k.customer_id = d.c
    ORDER BY d.m, d.c
    ON CONFLICT (merchant_id, customer_id) DO UPDATE SET version = b.version WHERE false;
  ELSE
    PERFORM 1 FROM (SELECT DISTINCT m, c FROM unnest(p_merchant, p_customer) u(m, c)) d
    JOIN points_balances b ON b.merchant_id = d.m AND b.customer_id = d.c
    ORDER BY b.merchant_id, b.customer_id
    FOR UPDATE OF b;
  END IF;
END $$;
