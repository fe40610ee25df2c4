-- The Shopify id that replaces this one after merges; the same when there were none, or when it is unknown.
CREATE OR REPLACE FUNCTION member_in_force(p_merchant uuid, p_shopify_customer text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  merged uuid;
  in_force text;
BEGIN
  PERFORM require_own_tenant(p_merchant);
  SELECT c.merged_into_customer_id INTO merged FROM customers c
  WHERE c.merchant_id = p_merchant AND c.shopify_customer_id = p_shopify_customer;
  IF merged IS NULL THEN RETURN p_shopify_customer; END IF;
  SELECT c.shopify_customer_id INTO in_force FROM customers c
  WHERE c.merchant_id = p_merchant AND c.customer_id = member_heir(p_merchant, merged);
  RETURN coalesce(in_force, p_shopify_customer);
END $$;
