-- member_in_force() for many customers of several tenants; returns only those that changed. Until the transaction ends no
-- customer of these tenants is merged or erased, so that what is written next is written for the right member. It comes
-- before all other locks, in the order of the tenants. Not STABLE: what is read must be younger than the lock.
CREATE OR REPLACE FUNCTION members_in_force(p_merchant uuid[], p_shopify_customer text[])
RETURNS TABLE (ord bigint, shopify_customer_id text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  tenant uuid;
BEGIN
  FOR tenant IN SELECT DISTINCT m FROM unnest(p_merchant) m WHERE m IS NOT NULL ORDER BY m LOOP
    PERFORM require_own_tenant(tenant);
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('members/' || tenant, 0));
  END LOOP;
  FOR tenant IN SELECT DISTINCT m FROM unnest(p_merchant) m WHERE m IS NOT NULL ORDER BY m LOOP
    RETURN QUERY
    SELECT u.n, member_in_force(tenant, u.shopify)
    FROM unnest(p_merchant, p_shopify_customer) WITH ORDINALITY AS u(merchant, shopify, n)
    JOIN customers c ON c.merchant_id = tenant AND c.shopify_customer_id = u.shopify
    WHERE u.merchant = tenant AND c.merged_into_customer_id IS NOT NULL;
  END LOOP;
END $$;
