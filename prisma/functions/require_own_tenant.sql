-- In a transaction that has a tenant, a function that takes a tenant works for that one alone.
CREATE OR REPLACE FUNCTION require_own_tenant(p_merchant uuid) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF current_merchant_id() IS NOT NULL AND p_merchant IS DISTINCT FROM current_merchant_id() THEN
    RAISE EXCEPTION 'the transaction belongs to another tenant' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
