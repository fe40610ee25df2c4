-- The platform's own people sign in to the console with a password and a second factor, and see deliveries of all shops.
-- Hand-written: Prisma knows nothing of doors.

-- migrate:up

ALTER TABLE admin_users
  -- A password that somebody else has seen is good for one sign-in, and until this time.
  ADD COLUMN must_change_password boolean NOT NULL DEFAULT false,
  ADD COLUMN password_expires_at timestamptz,
  -- The time step of the last code that was accepted: a code that was watched opens nothing a second time.
  ADD COLUMN mfa_last_step bigint CHECK (mfa_last_step >= 0),
  ADD COLUMN recovery_code_hashes bytea[] NOT NULL DEFAULT '{}';

DELETE FROM admin_sessions;
ALTER TABLE admin_sessions
  ADD COLUMN stage text NOT NULL CHECK (stage IN ('second_factor', 'new_password', 'enrolment', 'signed_in')),
  ADD COLUMN last_seen_at timestamptz NOT NULL DEFAULT now();

-- Tries to sign in that did not succeed, by keyed hashes of who tried from where: no address is stored.
CREATE TABLE admin_sign_in_tries (
  key_hash bytea PRIMARY KEY,
  tries integer NOT NULL CHECK (tries > 0),
  since timestamptz NOT NULL,
  locked_until timestamptz
);
CREATE INDEX idx_admin_sign_in_tries_since ON admin_sign_in_tries (since);

-- These tables have no tenant. Passwords and recovery codes in them are hashed, all else that matters is encrypted.
GRANT SELECT, INSERT, UPDATE ON admin_users TO loyalnest_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON admin_sessions, admin_sign_in_tries TO loyalnest_app;

-- Only what went wrong stands in it, so that looking over all shops costs no more in a large installation.
CREATE INDEX idx_webhook_inbox_unsuccessful ON webhook_inbox (received_at, delivery_id)
  WHERE status IN ('failed', 'refused');

CREATE FUNCTION console_overview()
RETURNS TABLE (shops bigint, shops_installed bigint, deliveries_failed bigint, deliveries_refused bigint,
               deliveries_waiting bigint, deliveries_waiting_since timestamptz, events_waiting bigint,
               events_waiting_since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT m.shops, m.installed, d.failed, d.refused, w.waiting, w.since, e.waiting, e.since
  FROM (SELECT count(*) AS shops, count(*) FILTER (WHERE uninstalled_at IS NULL) AS installed FROM merchants) m,
       (SELECT count(*) FILTER (WHERE status = 'failed') AS failed, count(*) FILTER (WHERE status = 'refused') AS refused
        FROM webhook_inbox WHERE status IN ('failed', 'refused')) d,
       (SELECT count(*) AS waiting, min(received_at) AS since
        FROM webhook_inbox WHERE status IN ('received', 'processing')) w,
       (SELECT count(*) AS waiting, min(created_at) AS since FROM outbox_events WHERE acknowledged_at IS NULL) e
$$;

-- Deliveries of all shops that failed or were refused, newest first, without their contents.
CREATE FUNCTION console_deliveries(p_status text, p_topic text, p_shop text, p_before timestamptz, p_before_id uuid,
                                   p_limit integer)
RETURNS TABLE (delivery_id uuid, merchant_id uuid, shop_domain text, topic text, webhook_id text, event_id text,
               api_version text, triggered_at timestamptz, status text, reason text, problem_code text,
               problem_field text, problem_message text, attempts integer, received_at timestamptz,
               processed_at timestamptz, has_payload boolean)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT d.delivery_id, d.merchant_id, d.shop_domain, d.topic, d.webhook_id, d.event_id, d.api_version, d.triggered_at,
    d.status, d.reason, d.problem_code, d.problem_field, d.problem_message, d.attempts, d.received_at, d.processed_at,
    d.payload IS NOT NULL
  FROM webhook_inbox d
  WHERE d.status IN ('failed', 'refused')
    AND (p_status = '' OR d.status = p_status) AND (p_topic = '' OR d.topic = p_topic)
    AND (p_shop = '' OR d.shop_domain = p_shop)
    AND (p_before IS NULL OR (d.received_at, d.delivery_id) < (p_before, p_before_id))
  ORDER BY d.received_at DESC, d.delivery_id DESC LIMIT p_limit
$$;

-- Marks deliveries that failed or were refused to be worked on again. Answers those that it did: what was worked on
-- meanwhile, or has lost its contents, is left as it is.
CREATE FUNCTION console_replay_deliveries(p_deliveries uuid[])
RETURNS TABLE (delivery_id uuid, merchant_id uuid, shop_domain text)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  UPDATE webhook_inbox d SET status = 'received', processed_at = NULL, reason = NULL, problem_code = NULL,
    problem_field = NULL, problem_message = NULL, claimed_at = now()
  WHERE d.delivery_id = ANY (p_deliveries) AND d.status IN ('failed', 'refused') AND d.payload IS NOT NULL
  RETURNING d.delivery_id, d.merchant_id, d.shop_domain
$$;

CALL become_ledger();
ALTER FUNCTION console_overview() OWNER TO loyalnest_ledger;
ALTER FUNCTION console_deliveries(text, text, text, timestamptz, uuid, integer) OWNER TO loyalnest_ledger;
ALTER FUNCTION console_replay_deliveries(uuid[]) OWNER TO loyalnest_ledger;
REVOKE ALL ON FUNCTION console_overview(), console_deliveries(text, text, text, timestamptz, uuid, integer),
  console_replay_deliveries(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION console_overview(), console_deliveries(text, text, text, timestamptz, uuid, integer),
  console_replay_deliveries(uuid[]) TO loyalnest_app;
CALL step_back_from_ledger();

-- migrate:down

DROP FUNCTION console_replay_deliveries(uuid[]);
DROP FUNCTION console_deliveries(text, text, text, timestamptz, uuid, integer);
DROP FUNCTION console_overview();
DROP INDEX idx_webhook_inbox_unsuccessful;
REVOKE ALL ON admin_users, admin_sessions FROM loyalnest_app;
DROP TABLE admin_sign_in_tries;
ALTER TABLE admin_sessions DROP COLUMN stage, DROP COLUMN last_seen_at;
ALTER TABLE admin_users DROP COLUMN must_change_password, DROP COLUMN password_expires_at, DROP COLUMN mfa_last_step,
  DROP COLUMN recovery_code_hashes;
