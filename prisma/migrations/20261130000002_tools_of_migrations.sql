-- What every later migration builds with: partitions, row security, updated_at, and the guards that keep functions to the
-- tenant of the transaction. Functions are copied from prisma/functions.

-- migrate:up

-- The tenant of this transaction, or null. After a transaction the setting is an empty string, not null.
CREATE OR REPLACE FUNCTION current_merchant_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('app.merchant_id', true), '')::uuid;

-- Makes the owner a member of loyalnest_ledger, so that a migration can give it functions. With the membership the owner
-- sees every tenant, so step_back_from_ledger() ends it in the same migration; two databases of one server that migrate at
-- once wait for each other here.
CREATE OR REPLACE PROCEDURE become_ledger()
LANGUAGE plpgsql
AS $$
BEGIN
  GRANT loyalnest_ledger TO CURRENT_USER;
END $$;

-- Ends what become_ledger() began.
CREATE OR REPLACE PROCEDURE step_back_from_ledger()
LANGUAGE plpgsql
AS $$
BEGIN
  REVOKE loyalnest_ledger FROM CURRENT_USER;
END $$;

-- Trigger: keeps updated_at of the rows of a table that maintain_updated_at() was called for.
CREATE OR REPLACE FUNCTION touch_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END $$;

-- Has a table's updated_at kept by a trigger.
CREATE OR REPLACE PROCEDURE maintain_updated_at(target regclass)
LANGUAGE plpgsql
AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER touch_updated_at BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION touch_updated_at()',
                 target);
END $$;

-- Makes <parent>_p0, _p1, … and attaches them; safe to call again. Call it when the parent has its constraints and
-- indexes: the partitions get theirs from it. storage: parameters of the partitions, such as 'fillfactor = 70'.
CREATE OR REPLACE PROCEDURE create_partitions(parent regclass, storage text DEFAULT NULL)
LANGUAGE plpgsql
AS $$
DECLARE
  modulus integer := (SELECT s.partitions FROM schema_settings s);
  parent_name text := (SELECT c.relname FROM pg_class c WHERE c.oid = parent);
  child text;
BEGIN
  FOR remainder IN 0..modulus - 1 LOOP
    child := format('%s_p%s', parent_name, remainder);
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)%s',
                   child, parent, ' WITH (' || storage || ')');
    IF NOT EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhparent = parent AND i.inhrelid = child::regclass) THEN
      EXECUTE format('ALTER TABLE %s ATTACH PARTITION %I FOR VALUES WITH (MODULUS %s, REMAINDER %s)',
                     parent, child, modulus, remainder);
    END IF;
  END LOOP;
END $$;

-- Shows each tenant its own rows only, the owner of the table included. A policy on the parent does not
-- guard a partition that is read by its name, so the partitions have it too.
CREATE OR REPLACE PROCEDURE isolate_tenants(target regclass)
LANGUAGE plpgsql
AS $$
DECLARE
  member regclass;
BEGIN
  FOR member IN
    SELECT target UNION ALL SELECT i.inhrelid::regclass FROM pg_inherits i WHERE i.inhparent = target
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', member);
    EXECUTE format($policy$
      CREATE POLICY merchant_isolation ON %s
      USING (merchant_id = NULLIF(current_setting('app.merchant_id', true), '')::uuid)
      WITH CHECK (merchant_id = NULLIF(current_setting('app.merchant_id', true), '')::uuid)
    $policy$, member);
    -- A dump by a role that sees nothing ends without an error and without a row.
    EXECUTE format($policy$
      CREATE POLICY every_row_backup ON %s FOR SELECT TO loyalnest_backup USING (current_user = 'loyalnest_backup')
    $policy$, member);
  END LOOP;
END $$;

-- Rows of no tenant (platform events) are for a transaction that says it acts for the platform, and for no other.
CREATE OR REPLACE PROCEDURE isolate_platform_rows(target regclass)
LANGUAGE plpgsql
AS $$
BEGIN
  EXECUTE format($policy$
    CREATE POLICY platform_rows ON %s
    USING (merchant_id IS NULL AND current_setting('app.platform', true) = 'on')
    WITH CHECK (merchant_id IS NULL AND current_setting('app.platform', true) = 'on')
  $policy$, target);
END $$;

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

-- Makes `guard` the first statement of a function in SQL or PL/pgSQL; one that has it stays as it is.
CREATE OR REPLACE PROCEDURE guard_tenant(target regprocedure, guard text)
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

-- Guards every function of the ledger's role that takes a tenant and does not say so itself, by the name of the argument
-- that names the tenant. A migration that replaces such a function without the line calls this after it.
CREATE OR REPLACE PROCEDURE guard_tenants()
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

REVOKE ALL ON PROCEDURE become_ledger(), step_back_from_ledger(), maintain_updated_at(regclass),
  create_partitions(regclass, text), isolate_tenants(regclass), isolate_platform_rows(regclass),
  guard_tenant(regprocedure, text), guard_tenants() FROM PUBLIC;
REVOKE ALL ON FUNCTION touch_updated_at() FROM PUBLIC;
REVOKE ALL ON FUNCTION require_tenant(uuid[]), require_tenant(uuid), require_shop(text[]), require_own_tenant(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION require_tenant(uuid[]), require_tenant(uuid), require_shop(text[]), require_own_tenant(uuid)
  TO loyalnest_app, loyalnest_ledger, loyalnest_redactor;

-- migrate:down

DROP PROCEDURE guard_tenants(), guard_tenant(regprocedure, text);
DROP FUNCTION require_own_tenant(uuid), require_shop(text[]), require_tenant(uuid), require_tenant(uuid[]);
DROP PROCEDURE isolate_platform_rows(regclass), isolate_tenants(regclass), create_partitions(regclass, text),
  maintain_updated_at(regclass);
DROP FUNCTION touch_updated_at();
DROP PROCEDURE step_back_from_ledger(), become_ledger();
DROP FUNCTION current_merchant_id();
