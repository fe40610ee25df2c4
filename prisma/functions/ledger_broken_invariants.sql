-- Three answers that must always be empty: breaks in a chain, balances that are not their entries, balances that are not
-- their lots. With a null tenant it looks at all of them.
CREATE OR REPLACE FUNCTION ledger_broken_invariants(p_merchant uuid DEFAULT NULL)
RETURNS TABLE (invariant text, merchant_id uuid, customer_id uuid, detail text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_tenant(p_merchant);
  WITH chain AS (
    SELECT t.merchant_id, t.customer_id, t.sequence, t.points, t.balance_after,
           lag(t.balance_after, 1, 0::bigint) OVER w AS before, row_number() OVER w AS nth
    FROM points_transactions t
    WHERE p_merchant IS NULL OR t.merchant_id = p_merchant
    WINDOW w AS (PARTITION BY t.merchant_id, t.customer_id ORDER BY t.sequence)
  ), entries AS (
    SELECT merchant_id, customer_id, sum(points) AS total, max(sequence) AS last FROM chain GROUP BY 1, 2
  ), lots AS (
    SELECT l.merchant_id, l.customer_id, sum(l.remaining) AS remaining FROM point_lots l
    WHERE p_merchant IS NULL OR l.merchant_id = p_merchant GROUP BY 1, 2
  ), holds AS (
    SELECT h.merchant_id, h.customer_id, sum(h.points) AS held FROM point_holds h
    WHERE h.status = 'active' AND (p_merchant IS NULL OR h.merchant_id = p_merchant) GROUP BY 1, 2
  )
  SELECT 'chain', c.merchant_id, c.customer_id, format('entry %s: %s + %s <> %s', c.sequence, c.before, c.points, c.balance_after)
  FROM chain c WHERE c.balance_after <> c.before + c.points OR c.sequence <> c.nth
  UNION ALL
  SELECT 'balance_is_entries', b.merchant_id, b.customer_id, format('balance %s, entries %s', b.balance, coalesce(e.total, 0))
  FROM points_balances b LEFT JOIN entries e USING (merchant_id, customer_id)
  WHERE (p_merchant IS NULL OR b.merchant_id = p_merchant)
    AND (b.balance <> coalesce(e.total, 0) OR b.version <> coalesce(e.last, 0))
  UNION ALL
  SELECT 'balance_is_lots_less_debt', b.merchant_id, b.customer_id,
         format('balance %s, lots %s, debt %s', b.balance, coalesce(l.remaining, 0), b.debt)
  FROM points_balances b LEFT JOIN lots l USING (merchant_id, customer_id)
  WHERE (p_merchant IS NULL OR b.merchant_id = p_merchant) AND b.balance <> coalesce(l.remaining, 0) - b.debt
  UNION ALL
  SELECT 'held_is_holds', b.merchant_id, b.customer_id, format('held %s, holds %s', b.held, coalesce(h.held, 0))
  FROM points_balances b LEFT JOIN holds h USING (merchant_id, customer_id)
  WHERE (p_merchant IS NULL OR b.merchant_id = p_merchant) AND b.held <> coalesce(h.held, 0)
$$;
