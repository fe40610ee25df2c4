-- The ledger and the audit log can be added to and nothing else, also by their owner. Each tenant's log is a chain of
-- hashes, in which a line that was changed or taken out shows.

-- migrate:up

-- Trigger: the ledger and the audit log are append-only, also for their owner. Only the redactor may erase, row by row.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF current_user = 'loyalnest_redactor' AND TG_LEVEL = 'ROW' THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', HINT = 'Write a reversing entry.';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON points_transactions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_logs
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- Emptying a table fires no row's trigger, and a partition can be emptied by its own name.
DO $$
DECLARE
  target regclass;
BEGIN
  FOR target IN
    SELECT 'audit_logs'::regclass UNION ALL SELECT 'points_transactions'::regclass
    UNION ALL SELECT i.inhrelid::regclass FROM pg_inherits i WHERE i.inhparent = 'points_transactions'::regclass
  LOOP
    EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   target);
  END LOOP;
END $$;

-- What a line's hash covers: everything in it, and the hash of the line before.
CREATE OR REPLACE FUNCTION audit_log_hash(line audit_logs) RETURNS bytea
LANGUAGE sql STABLE
SET timezone = 'UTC'
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT sha256(convert_to(jsonb_build_array(
    encode(coalesce(line.prev_hash, ''), 'hex'), line.sequence, line.log_id, line.merchant_id, line.actor_id,
    line.action, line.target_table, line.target_id, line.severity, line.reverts_log_id, line.query_duration_ms,
    line.metadata, line.created_at)::text, 'UTF8'))
$$;

-- Trigger: gives a new line of the audit log its number and its hash. Each tenant's lines are a chain, and so are those
-- of no tenant.
CREATE OR REPLACE FUNCTION chain_audit_log() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  last record;
BEGIN
  -- One writer of a chain at a time, until its transaction ends.
  PERFORM pg_advisory_xact_lock(hashtextextended('audit_logs/' || coalesce(NEW.merchant_id::text, 'platform'), 0));
  IF NEW.merchant_id IS NULL THEN
    SELECT a.sequence, a.hash INTO last FROM audit_logs a
    WHERE a.merchant_id IS NULL ORDER BY a.sequence DESC LIMIT 1;
  ELSE
    SELECT a.sequence, a.hash INTO last FROM audit_logs a
    WHERE a.merchant_id = NEW.merchant_id ORDER BY a.sequence DESC LIMIT 1;
  END IF;
  NEW.sequence := coalesce(last.sequence, 0) + 1;
  NEW.prev_hash := last.hash;
  NEW.hash := audit_log_hash(NEW);
  RETURN NEW;
END $$;
CREATE TRIGGER chain BEFORE INSERT ON audit_logs FOR EACH ROW EXECUTE FUNCTION chain_audit_log();

-- Lines of the audit log that were changed, or whose predecessor is missing. Must always be empty.
CREATE OR REPLACE FUNCTION audit_chain_breaks() RETURNS TABLE (merchant_id uuid, sequence bigint, log_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT a.merchant_id, a.sequence, a.log_id
  FROM (SELECT line, line.merchant_id, line.sequence, line.log_id,
               lag(line.hash) OVER chain AS before, row_number() OVER chain AS nth
        FROM audit_logs line WINDOW chain AS (PARTITION BY line.merchant_id ORDER BY line.sequence)) a
  WHERE (a.line).hash <> audit_log_hash(a.line) OR (a.line).prev_hash IS DISTINCT FROM a.before OR a.sequence <> a.nth
$$;

CALL become_ledger();
ALTER FUNCTION chain_audit_log() OWNER TO loyalnest_ledger;
ALTER FUNCTION audit_chain_breaks() OWNER TO loyalnest_ledger;
REVOKE ALL ON FUNCTION refuse_change(), chain_audit_log(), audit_chain_breaks() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_chain_breaks() TO loyalnest_app, CURRENT_USER;
CALL step_back_from_ledger();

-- migrate:down

DROP FUNCTION audit_chain_breaks();
DROP TRIGGER chain ON audit_logs;
DROP FUNCTION chain_audit_log();
DROP FUNCTION audit_log_hash(audit_logs);
DROP TRIGGER append_only ON audit_logs;
DROP TRIGGER append_only ON points_transactions;
DO $$
DECLARE
  target regclass;
BEGIN
  FOR target IN
    SELECT t.tgrelid::regclass FROM pg_trigger t WHERE t.tgname = 'never_emptied' AND NOT t.tgisinternal
  LOOP
    EXECUTE format('DROP TRIGGER never_emptied ON %s', target);
  END LOOP;
END $$;
DROP FUNCTION refuse_change();
