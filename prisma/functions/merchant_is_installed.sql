-- Whether a shop uses the app at present. Asked before a shopper's or the staff's call is answered.
CREATE OR REPLACE FUNCTION merchant_is_installed(p_merchant uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_tenant(p_merchant);
  SELECT EXISTS (SELECT 1 FROM merchants m WHERE m.merchant_id = p_merchant AND m.uninstalled_at IS NULL
                 AND (current_merchant_id() IS NULL OR current_merchant_id() = p_merchant))
$$;
