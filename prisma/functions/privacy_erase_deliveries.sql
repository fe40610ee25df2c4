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
  WHERE (d.merchant_id = p_merchant
         OR (d.merchant_id IS NULL
             AND d.shop_domain = (SELECT m.shopify_domain FROM merchants m WHERE m.merchant_id = p_merchant)))
    AND d.payload IS NOT NULL AND (d.subject_tokens IS NULL OR d.subject_tokens && p_tokens);
  GET DIAGNOSTICS erased = ROW_COUNT;
  RETURN erased;
END $$;
