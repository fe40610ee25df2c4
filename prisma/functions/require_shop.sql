-- As require_tenant(), for functions that know a tenant by its shop.
CREATE OR REPLACE FUNCTION require_shop(p_shops text[]) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  tenant uuid := NULLIF(current_setting('app.merchant_id', true), '')::uuid;
BEGIN
  IF tenant IS NOT NULL AND EXISTS (
    SELECT FROM unnest(p_shops) s
    WHERE NOT EXISTS (SELECT FROM merchants m WHERE m.merchant_id = tenant AND m.shopify_domain = lower(s))) THEN
    RAISE EXCEPTION 'another tenant than the transaction''s' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
