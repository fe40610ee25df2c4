-- In a transaction that has a tenant, refuses any other one. Without a tenant (batches of awards, orders and deliveries,
-- jobs over all shops) it refuses no caller. SECURITY DEFINER functions that take a tenant begin with it: they see every
-- tenant, and what row security promises for tables must hold for functions, too.
CREATE OR REPLACE FUNCTION require_tenant(p_merchants uuid[]) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  tenant uuid := NULLIF(current_setting('app.merchant_id', true), '')::uuid;
BEGIN
  IF tenant IS NOT NULL AND EXISTS (SELECT FROM unnest(p_merchants) m WHERE m IS DISTINCT FROM tenant) THEN
    RAISE EXCEPTION 'another tenant than the transaction''s' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION require_tenant(p_merchant uuid) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  tenant uuid := NULLIF(current_setting('app.merchant_id', true), '')::uuid;
BEGIN
  IF tenant IS NOT NULL AND p_merchant IS DISTINCT FROM tenant THEN
    RAISE EXCEPTION 'another tenant than the transaction''s' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
