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
