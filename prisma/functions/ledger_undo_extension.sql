-- Restores the date that lots had before an extension, unless something has changed it since.
-- status: undone | duplicate | unknown
CREATE OR REPLACE FUNCTION ledger_undo_extension(p_merchant uuid, p_extension uuid, p_now timestamptz, p_actor text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  persons uuid[];
  known expiry_extensions;
BEGIN
  PERFORM require_tenant(p_merchant);
  SELECT array_agg(DISTINCT k.customer_id) INTO persons FROM expiry_extension_lots k
  WHERE k.merchant_id = p_merchant AND k.extension_id = p_extension;
  IF persons IS NOT NULL THEN
    PERFORM ledger_lock_balances(array_fill(p_merchant, ARRAY[cardinality(persons)]), persons);
  END IF;
  SELECT * INTO known FROM expiry_extensions x
  WHERE x.merchant_id = p_merchant AND x.extension_id = p_extension FOR UPDATE;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  IF known.undone_at IS NOT NULL THEN RETURN 'duplicate'; END IF;
  UPDATE point_lots l SET expires_at = k.expires_before
  FROM expiry_extension_lots k
  WHERE k.merchant_id = p_merchant AND k.extension_id = p_extension
    AND l.merchant_id = p_merchant AND l.customer_id = k.customer_id AND l.sequence = k.sequence
    AND l.expires_at = k.expires_after;
  UPDATE expiry_extensions x SET undone_at = p_now, undone_by = p_actor
  WHERE x.merchant_id = p_merchant AND x.extension_id = p_extension;
  RETURN 'undone';
END $$;
