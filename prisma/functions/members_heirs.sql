-- Who has now what these members had, whatever their tenants; answers only those who were merged into another.
CREATE OR REPLACE FUNCTION members_heirs(p_merchant uuid[], p_customer uuid[]) RETURNS TABLE (ord bigint, customer_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid;
BEGIN
  FOR tenant IN SELECT DISTINCT m FROM unnest(p_merchant) m WHERE m IS NOT NULL ORDER BY m LOOP
    PERFORM require_own_tenant(tenant);
    RETURN QUERY
    SELECT u.n, member_heir(tenant, u.customer)
    FROM unnest(p_merchant, p_customer) WITH ORDINALITY AS u(merchant, customer, n)
    JOIN customers c ON c.merchant_id = tenant AND c.customer_id = u.customer
    WHERE u.merchant = tenant AND c.merged_into_customer_id IS NOT NULL;
  END LOOP;
END $$;
