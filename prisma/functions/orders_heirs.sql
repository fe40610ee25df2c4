-- Who has now what each of these members had, merges followed, and whether they were erased.
CREATE OR REPLACE FUNCTION orders_heirs(p_merchant uuid[], p_member uuid[])
RETURNS TABLE (merchant_id uuid, member uuid, heir uuid, is_erased boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_tenant(p_merchant);
  WITH RECURSIVE chain AS (
    SELECT u.m AS merchant, u.c AS member, u.c AS heir, 0 AS hops FROM unnest(p_merchant, p_member) u(m, c)
    UNION ALL
    SELECT k.merchant, k.member, c.merged_into_customer_id, k.hops + 1 FROM chain k
    JOIN customers c ON c.merchant_id = k.merchant AND c.customer_id = k.heir
    WHERE c.merged_into_customer_id IS NOT NULL AND k.hops < 100
  )
  SELECT DISTINCT ON (k.merchant, k.member) k.merchant, k.member, k.heir, c.redacted_at IS NOT NULL
  FROM chain k JOIN customers c ON c.merchant_id = k.merchant AND c.customer_id = k.heir
  ORDER BY k.merchant, k.member, k.hops DESC
$$;
