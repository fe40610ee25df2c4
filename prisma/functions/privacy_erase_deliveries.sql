-- Erases the contents of deliveries that hold a person, and of those that cannot be read.
CREATE OR REPLACE FUNCTION privacy_erase_deliveries(p_merchant uuid, p_tokens bytea[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  erased integer;
BEGIN
  PERFORM privacy_require_tenant(p_merchant);
  UPDATE webhook_inbox d SET payload = NULL, subject_tokens = '{}'
  WHERE d.delivery_id = ANY (ARRAY(SELECT inbox_holding(p_merchant, p_tokens))) AND d.payload IS NOT NULL;
  GET DIAGNOSTICS erased = ROW_COUNT;
  RETURN erased;
END $$;
