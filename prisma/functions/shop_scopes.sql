-- The access scopes of the shop's offline session; null while none is known. In a transaction that has a tenant it answers
-- for that tenant alone.
CREATE OR REPLACE FUNCTION shop_scopes(p_merchant uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  PERFORM require_tenant(p_merchant);
  IF NULLIF(current_setting('app.merchant_id', true), '') <> p_merchant::text THEN
    RAISE EXCEPTION 'the transaction belongs to another tenant' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN (
    SELECT NULLIF(s.scope, '') FROM merchants m JOIN shopify_sessions s ON s.session_id = 'offline_' || m.shopify_domain
    WHERE m.merchant_id = p_merchant AND s.shop = m.shopify_domain);
END $$;
