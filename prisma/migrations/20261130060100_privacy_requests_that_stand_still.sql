-- Privacy requests whose job was lost are found by when somebody last worked on them.

-- migrate:up

ALTER TABLE gdpr_requests ADD COLUMN touched_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX idx_gdpr_requests_touched_at ON gdpr_requests (touched_at) WHERE status = 'pending';

DROP POLICY IF EXISTS every_tenant_ledger ON gdpr_requests;
CREATE POLICY every_tenant_ledger ON gdpr_requests TO loyalnest_ledger USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ON gdpr_requests TO loyalnest_ledger;

-- Open requests that nobody has worked on for so long, for the caller to take up.
CREATE FUNCTION privacy_claim_open(p_seconds integer, p_limit integer)
RETURNS TABLE (merchant_id uuid, request_id uuid)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH waiting AS (
    SELECT g.merchant_id, g.request_id FROM gdpr_requests g
    WHERE g.status = 'pending' AND g.touched_at < now() - make_interval(secs => p_seconds)
    ORDER BY g.touched_at LIMIT p_limit FOR UPDATE SKIP LOCKED
  )
  UPDATE gdpr_requests g SET touched_at = now()
  FROM waiting w WHERE g.merchant_id = w.merchant_id AND g.request_id = w.request_id
  RETURNING g.merchant_id, g.request_id
$$;
CALL become_ledger();
ALTER FUNCTION privacy_claim_open(integer, integer) OWNER TO loyalnest_ledger;
REVOKE ALL ON FUNCTION privacy_claim_open(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION privacy_claim_open(integer, integer) TO loyalnest_app;
CALL step_back_from_ledger();

-- migrate:down

DROP FUNCTION privacy_claim_open(integer, integer);
REVOKE SELECT, UPDATE ON gdpr_requests FROM loyalnest_ledger;
DROP POLICY every_tenant_ledger ON gdpr_requests;
DROP INDEX idx_gdpr_requests_touched_at;
ALTER TABLE gdpr_requests DROP COLUMN touched_at;
