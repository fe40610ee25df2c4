-- Which shop and link a referral code is of. A code is clicked before the tenant is known.
CREATE OR REPLACE FUNCTION referral_link_by_code(p_code text)
RETURNS TABLE (merchant_id uuid, shop_domain text, referral_link_id uuid, status text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT l.merchant_id, m.shopify_domain, l.referral_link_id, l.status
  FROM referral_links l JOIN merchants m ON m.merchant_id = l.merchant_id WHERE l.referral_code = p_code
$$;
