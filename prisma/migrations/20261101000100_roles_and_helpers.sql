-- The roles that rights are given to, and what every later migration builds its tables with.
-- Run by the owner of the database: a role with CREATEROLE that is no superuser, as on RDS.

-- migrate:up

-- Roles belong to the server, so another database may have made them already, or be making them at this moment.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['loyalnest_app', 'loyalnest_ledger', 'loyalnest_refresher', 'loyalnest_redactor'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', name);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;
  -- Who gives a function or a view to a role must be a member of it. The owner stays a member of the refresher and the
  -- redactor, whose policies look at who is acting; of the ledger, whose policies must cost nothing and hence hold for
  -- its members too, only while a migration gives it functions: see become_ledger().
  FOREACH name IN ARRAY ARRAY['loyalnest_refresher', 'loyalnest_redactor'] LOOP
    FOR attempt IN 1..10 LOOP
      BEGIN
        IF NOT pg_has_role(current_user, name, 'MEMBER') THEN
          EXECUTE format('GRANT %I TO CURRENT_USER', name);
        END IF;
        EXIT;
      EXCEPTION WHEN internal_error OR unique_violation OR serialization_failure THEN
        -- "tuple concurrently updated": another database is granting the same.
        PERFORM pg_sleep(0.05);
      END;
    END LOOP;
  END LOOP;
END $$;
-- To have functions here a role must be allowed to create. None of these can log in.
GRANT USAGE, CREATE ON SCHEMA public TO loyalnest_ledger, loyalnest_refresher, loyalnest_redactor;
GRANT USAGE ON SCHEMA public TO loyalnest_app;

-- For operators: digests, and reading what is encrypted with a key at hand. The product encrypts by itself.
CREATE EXTENSION IF NOT EXISTS pgcrypto;

-- How many partitions each partitioned table has: chosen when the first migration runs, the same for ever after.
CREATE TABLE schema_settings (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  partitions integer NOT NULL CHECK (partitions BETWEEN 1 AND 1024)
);
INSERT INTO schema_settings (partitions)
VALUES (coalesce(NULLIF(current_setting('loyalnest.partitions', true), ''), '8')::integer);

-- The tenant of this transaction, or null. After the transaction the setting is an empty string, not null.
CREATE FUNCTION current_merchant_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('app.merchant_id', true), '')::uuid;

-- A migration that gives functions to loyalnest_ledger stands between these two. With the membership the owner would
-- see every tenant; two databases of one server that migrate at once wait for each other here.
CREATE PROCEDURE become_ledger()
LANGUAGE plpgsql
AS $$
BEGIN
  GRANT loyalnest_ledger TO CURRENT_USER;
END $$;

CREATE PROCEDURE step_back_from_ledger()
LANGUAGE plpgsql
AS $$
BEGIN
  REVOKE loyalnest_ledger FROM CURRENT_USER;
END $$;

CREATE FUNCTION touch_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END $$;

CREATE PROCEDURE maintain_updated_at(target regclass)
LANGUAGE plpgsql
AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER touch_updated_at BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION touch_updated_at()',
                 target);
END $$;

-- Makes <parent>_p0, _p1, … and attaches them; safe to call again. Call it when the parent has its constraints and
-- indexes: the partitions get theirs from it. storage: parameters of the partitions, such as 'fillfactor = 70'.
CREATE PROCEDURE create_partitions(parent regclass, storage text DEFAULT NULL)
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

-- Shows each tenant its own rows and nobody else's, the owner of the table included. A policy on the parent does not
-- guard a partition that is read by its name, so the partitions have it too.
CREATE PROCEDURE isolate_tenants(target regclass)
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
  END LOOP;
END $$;

-- Rows of no tenant (platform events) are for a transaction that says it acts for the platform, and for no other.
CREATE PROCEDURE isolate_platform_rows(target regclass)
LANGUAGE plpgsql
AS $$
BEGIN
  EXECUTE format($policy$
    CREATE POLICY platform_rows ON %s
    USING (merchant_id IS NULL AND current_setting('app.platform', true) = 'on')
    WITH CHECK (merchant_id IS NULL AND current_setting('app.platform', true) = 'on')
  $policy$, target);
END $$;

REVOKE ALL ON PROCEDURE become_ledger() FROM PUBLIC;
REVOKE ALL ON PROCEDURE step_back_from_ledger() FROM PUBLIC;
REVOKE ALL ON PROCEDURE maintain_updated_at(regclass) FROM PUBLIC;
REVOKE ALL ON PROCEDURE create_partitions(regclass, text) FROM PUBLIC;
REVOKE ALL ON PROCEDURE isolate_tenants(regclass) FROM PUBLIC;
REVOKE ALL ON PROCEDURE isolate_platform_rows(regclass) FROM PUBLIC;

-- migrate:down

DROP PROCEDURE isolate_platform_rows(regclass);
DROP PROCEDURE isolate_tenants(regclass);
DROP PROCEDURE create_partitions(regclass, text);
DROP PROCEDURE maintain_updated_at(regclass);
DROP FUNCTION touch_updated_at();
DROP PROCEDURE step_back_from_ledger();
DROP PROCEDURE become_ledger();
DROP FUNCTION current_merchant_id();
DROP TABLE schema_settings;
DROP EXTENSION IF EXISTS pgcrypto;

-- Takes the roles' rights in this database; the roles go too, unless another database still uses them.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['loyalnest_app', 'loyalnest_ledger', 'loyalnest_refresher', 'loyalnest_redactor'] LOOP
    CONTINUE WHEN NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name);
    IF NOT pg_has_role(current_user, name, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', name);
    END IF;
    EXECUTE format('DROP OWNED BY %I', name);
    BEGIN
      EXECUTE format('DROP ROLE %I', name);
    EXCEPTION WHEN dependent_objects_still_exist OR object_in_use OR undefined_object THEN
      RAISE NOTICE 'role % is used by another database and stays', name;
    END;
  END LOOP;
END $$;
