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
