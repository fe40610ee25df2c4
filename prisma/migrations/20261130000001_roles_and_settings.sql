-- The roles that rights are given to, their time limits, and the one setting of the schema. Run by the owner of the
-- database: a role with CREATEROLE that is no superuser, as on RDS.

-- migrate:up

-- Roles belong to the server, so another database may have made them already, or be making them at this moment.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['loyalnest_app', 'loyalnest_ledger', 'loyalnest_refresher', 'loyalnest_redactor', 'loyalnest_backup'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', name);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;
  -- Who gives a function or a view to a role must be a member of it. The owner stays a member of the refresher, the
  -- redactor and the backup, whose policies look at who is acting; of the ledger, whose policies must cost nothing and hence hold for
  -- its members too, only while a migration gives it functions: see become_ledger().
  FOREACH name IN ARRAY ARRAY['loyalnest_refresher', 'loyalnest_redactor', 'loyalnest_backup'] LOOP
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
GRANT USAGE ON SCHEMA public TO loyalnest_app, loyalnest_backup;
-- A dump reads everything, also what later migrations make. Row security lets it: see isolate_tenants().
GRANT SELECT ON ALL TABLES IN SCHEMA public TO loyalnest_backup;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO loyalnest_backup;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO loyalnest_backup;

-- A statement, a wait for a lock or a forgotten transaction holds others up for no longer than this. Settings of the
-- roles hold behind a pooler, too, and an operator may change them (ALTER ROLE). What is known to take longer (erasing a
-- shop, counting segments) says so in its own transaction. Migrations take their time, but let no other session wait behind them
-- for a lock.
DO $$
DECLARE
  setting record;
BEGIN
  FOR attempt IN 1..20 LOOP
    BEGIN
      FOR setting IN
        SELECT * FROM (VALUES
          ('loyalnest_app', 'statement_timeout', '60s'),
          ('loyalnest_app', 'lock_timeout', '10s'),
          ('loyalnest_app', 'idle_in_transaction_session_timeout', '60s'),
          (current_user, 'lock_timeout', '5s'),
          (current_user, 'idle_in_transaction_session_timeout', '10min')) s(role, name, value)
      LOOP
        EXECUTE format('ALTER ROLE %I SET %I = %L', setting.role, setting.name, setting.value);
      END LOOP;
      EXIT;
    EXCEPTION WHEN internal_error THEN
      -- "tuple concurrently updated": another database of the server is altering the same role.
      IF attempt = 20 THEN RAISE; END IF;
      PERFORM pg_sleep(random() * 0.2);
    END;
  END LOOP;
END $$;

-- For operators: digests, and reading what is encrypted with a key at hand. The product encrypts by itself.
CREATE EXTENSION IF NOT EXISTS pgcrypto;

-- How many partitions each partitioned table has: chosen when the first migration runs, the same forever after.
CREATE TABLE schema_settings (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  partitions integer NOT NULL CHECK (partitions BETWEEN 1 AND 1024)
);
INSERT INTO schema_settings (partitions)
VALUES (coalesce(NULLIF(current_setting('loyalnest.partitions', true), ''), '8')::integer);

-- migrate:down

DROP TABLE schema_settings;
DROP EXTENSION IF EXISTS pgcrypto;
ALTER ROLE CURRENT_USER RESET lock_timeout;
ALTER ROLE CURRENT_USER RESET idle_in_transaction_session_timeout;

-- Revokes the roles' rights in this database; the roles are dropped too, unless another database still uses them.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['loyalnest_app', 'loyalnest_ledger', 'loyalnest_refresher', 'loyalnest_redactor', 'loyalnest_backup'] LOOP
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
