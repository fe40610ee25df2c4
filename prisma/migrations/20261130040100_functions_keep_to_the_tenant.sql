-- SECURITY DEFINER functions see every tenant, because a batch spans tenants. In a transaction that has a tenant they
-- refuse any other one: what row security promises for tables holds for functions, too. Without a tenant (batches of
-- awards, orders and deliveries, jobs over all shops) nothing changes.
-- A later migration that replaces such a function writes the line itself, or calls guard_tenants() after it; a test walks
-- the catalogue and fails for a function that does neither.

-- migrate:up

CREATE FUNCTION require_tenant(p_merchants uuid[]) RETURNS void
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

CREATE FUNCTION require_tenant(p_merchant uuid) RETURNS void
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

-- As above for functions that know a tenant by its shop.
CREATE FUNCTION require_shop(p_shops text[]) RETURNS void
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

-- Makes `guard` the first statement of a function in SQL or PL/pgSQL; one that has it stays as it is.
CREATE PROCEDURE guard_tenant(target regprocedure, guard text)
LANGUAGE plpgsql
AS $$
DECLARE
  definition text := pg_get_functiondef(target);
  guarded text;
BEGIN
  IF position(guard in definition) > 0 THEN RETURN; END IF;
  guarded := CASE (SELECT l.lanname FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.oid = target)
    WHEN 'plpgsql' THEN regexp_replace(definition, E'\nBEGIN\n', E'\nBEGIN\n  PERFORM ' || guard || E';\n')
    WHEN 'sql' THEN regexp_replace(definition, E'\nAS (\\$\\w*\\$)\n', E'\nAS \\1\n  SELECT ' || guard || E';\n') END;
  IF guarded IS NULL OR guarded = definition THEN RAISE EXCEPTION 'no place for a guard in %', target; END IF;
  EXECUTE guarded;
END $$;
REVOKE ALL ON PROCEDURE guard_tenant(regprocedure, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION require_tenant(uuid[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION require_tenant(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION require_shop(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION require_tenant(uuid[]), require_tenant(uuid), require_shop(text[])
  TO loyalnest_app, loyalnest_ledger, loyalnest_redactor;

-- Guards every function of the ledger's role that takes a tenant and does not say so itself: by the name of what names
-- the tenant.
CREATE PROCEDURE guard_tenants()
LANGUAGE plpgsql
AS $$
DECLARE
  target record;
BEGIN
  FOR target IN
    SELECT p.oid::regprocedure AS name,
           CASE p.proname
             WHEN 'ledger_complete_entry' THEN 'require_tenant(NEW.merchant_id)'
             WHEN 'orders_merge_many' THEN 'require_tenant(ARRAY(SELECT (e->>''merchant_id'')::uuid FROM jsonb_array_elements(p_orders) e))'
             WHEN 'orders_ensure_customers' THEN 'require_tenant(ARRAY(SELECT (e->>''merchant_id'')::uuid FROM jsonb_array_elements(p_customers) e))'
             WHEN 'merchant_by_shop' THEN 'require_shop(ARRAY[p_shop_domain])'
             WHEN 'find_sessions_by_shop' THEN 'require_shop(ARRAY[p_shop])'
             WHEN 'store_session' THEN 'require_shop(p_shop || ARRAY(SELECT k.shop FROM shopify_sessions k WHERE k.session_id = p_session_id))'
             WHEN 'load_session' THEN 'require_shop(ARRAY(SELECT k.shop FROM shopify_sessions k WHERE k.session_id = p_session_id))'
             WHEN 'delete_sessions' THEN 'require_shop(ARRAY(SELECT k.shop FROM shopify_sessions k WHERE k.session_id = ANY (p_session_ids)))'
             WHEN 'inbox_store' THEN 'require_shop(p_shop)'
             ELSE 'require_tenant(p_merchant)' END AS guard
    FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND p.proowner = 'loyalnest_ledger'::regrole
      AND p.prosrc !~ '\mrequire_(tenant|shop|own_tenant)\('
      AND ('p_merchant' = ANY (p.proargnames)
           OR p.proname IN ('ledger_complete_entry', 'orders_merge_many', 'orders_ensure_customers', 'merchant_by_shop',
                            'find_sessions_by_shop', 'store_session', 'load_session', 'delete_sessions', 'inbox_store'))
  LOOP
    CALL guard_tenant(target.name, target.guard);
  END LOOP;
END $$;
REVOKE ALL ON PROCEDURE guard_tenants() FROM PUBLIC;

CALL become_ledger();
CALL guard_tenants();
CALL step_back_from_ledger();

-- migrate:down
CALL become_ledger();
DO $$
DECLARE
  target regprocedure;
BEGIN
  FOR target IN
    SELECT p.oid::regprocedure FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND p.proowner = 'loyalnest_ledger'::regrole
      AND p.prosrc ~ '(PERFORM|SELECT) require_(tenant|shop)\('
  LOOP
    EXECUTE regexp_replace(pg_get_functiondef(target), E'\n  (PERFORM|SELECT) require_(tenant|shop)\\([^\n]*;\n', E'\n');
  END LOOP;
END $$;
CALL step_back_from_ledger();
DROP PROCEDURE guard_tenants();
DROP PROCEDURE guard_tenant(regprocedure, text);
DROP FUNCTION require_shop(text[]);
DROP FUNCTION require_tenant(uuid);
DROP FUNCTION require_tenant(uuid[]);
