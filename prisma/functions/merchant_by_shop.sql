-- The shop of a request, by its domain. The tenant is not known before.
CREATE OR REPLACE FUNCTION merchant_by_shop(p_shop_domain text)
RETURNS TABLE (merchant_id uuid, shopify_domain text, name text, currency text, timezone text, plan_id text, status text,
               created_at timestamptz, uninstalled_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_shop(ARRAY[p_shop_domain]);
  SELECT m.merchant_id, m.shopify_domain, m.name, m.currency, m.timezone, m.plan_id, m.status, m.created_at,
         m.uninstalled_at
  FROM merchants m WHERE m.shopify_domain = lower(p_shop_domain)
$$;
