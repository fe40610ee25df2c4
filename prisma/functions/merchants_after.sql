-- All shops in the order of their ids, from after the given one (null: from the first): the walk of the nightly jobs.
CREATE OR REPLACE FUNCTION merchants_after(p_after uuid, p_limit integer)
RETURNS TABLE (merchant_id uuid, shopify_domain text, name text, currency text, timezone text, plan_id text, status text,
               created_at timestamptz, uninstalled_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT m.merchant_id, m.shopify_domain, m.name, m.currency, m.timezone, m.plan_id, m.status, m.created_at,
         m.uninstalled_at
  FROM merchants m WHERE p_after IS NULL OR m.merchant_id > p_after ORDER BY m.merchant_id LIMIT p_limit
$$;
