-- What a shop has allowed the app to do, so that a reward that could not be given is neither offered nor paid for.

-- migrate:up

-- The access scopes of the shop's offline session; null while none is known. In a transaction that has a tenant it answers
-- for that tenant alone.
CREATE FUNCTION shop_scopes(p_merchant uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF NULLIF(current_setting('app.merchant_id', true), '') <> p_merchant::text THEN
    RAISE EXCEPTION 'the transaction belongs to another tenant' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN (
    SELECT NULLIF(s.scope, '') FROM merchants m JOIN shopify_sessions s ON s.session_id = 'offline_' || m.shopify_domain
    WHERE m.merchant_id = p_merchant AND s.shop = m.shopify_domain);
END $$;
CALL become_ledger();
ALTER FUNCTION shop_scopes(uuid) OWNER TO loyalnest_ledger;
REVOKE ALL ON FUNCTION shop_scopes(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shop_scopes(uuid) TO loyalnest_app;
CALL step_back_from_ledger();

-- migrate:down

DROP FUNCTION shop_scopes(uuid);
