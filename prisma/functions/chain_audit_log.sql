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
