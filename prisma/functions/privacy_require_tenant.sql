-- Erasing works in the transaction of the tenant it erases from, and in no other.
CREATE OR REPLACE FUNCTION privacy_require_tenant(p_merchant uuid) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF p_merchant IS DISTINCT FROM current_merchant_id() THEN
    RAISE EXCEPTION 'only the tenant of the transaction can be erased from' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
