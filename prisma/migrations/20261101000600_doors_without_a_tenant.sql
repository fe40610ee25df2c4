-- The closed list of what works before it is known which tenant it is for: the shop of a request, the session of a
-- shop, webhooks as they arrive, effects to be sent, the jobs' walk over all shops, a referral's code. Each does one
-- thing, shows no more than that needs, and is owned by loyalnest_ledger, whose policies admit every tenant.

-- migrate:up

-- ── Shops ──

CREATE FUNCTION merchant_by_shop(p_shop_domain text)
RETURNS TABLE (merchant_id uuid, shopify_domain text, name text, currency text, timezone text, plan_id text, status text,
               created_at timestamptz, uninstalled_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT m.merchant_id, m.shopify_domain, m.name, m.currency, m.timezone, m.plan_id, m.status, m.created_at,
         m.uninstalled_at
  FROM merchants m WHERE m.shopify_domain = lower(p_shop_domain)
$$;

-- All shops in the order of their ids, from after the given one (null: from the first).
CREATE FUNCTION merchants_after(p_after uuid, p_limit integer)
RETURNS TABLE (merchant_id uuid, shopify_domain text, name text, currency text, timezone text, plan_id text, status text,
               created_at timestamptz, uninstalled_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT m.merchant_id, m.shopify_domain, m.name, m.currency, m.timezone, m.plan_id, m.status, m.created_at,
         m.uninstalled_at
  FROM merchants m WHERE p_after IS NULL OR m.merchant_id > p_after ORDER BY m.merchant_id LIMIT p_limit
$$;

CREATE FUNCTION referral_link_by_code(p_code text)
RETURNS TABLE (merchant_id uuid, shop_domain text, referral_link_id uuid, status text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT l.merchant_id, m.shopify_domain, l.referral_link_id, l.status
  FROM referral_links l JOIN merchants m ON m.merchant_id = l.merchant_id WHERE l.referral_code = p_code
$$;

-- ── Shopify's sessions ──

CREATE FUNCTION store_session(
  p_session_id text, p_shop text, p_state text, p_is_online boolean, p_scope text, p_access_token bytea,
  p_refresh_token bytea, p_expires_at timestamptz, p_refresh_expires_at timestamptz, p_user_id text
) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  INSERT INTO shopify_sessions AS s (session_id, merchant_id, shop, state, is_online, scope, access_token, refresh_token,
                                     expires_at, refresh_expires_at, user_id)
  VALUES (p_session_id, (SELECT m.merchant_id FROM merchants m WHERE m.shopify_domain = lower(p_shop)), p_shop, p_state,
          p_is_online, p_scope, p_access_token, p_refresh_token, p_expires_at, p_refresh_expires_at, p_user_id)
  ON CONFLICT (session_id) DO UPDATE SET
    merchant_id = coalesce(EXCLUDED.merchant_id, s.merchant_id), state = EXCLUDED.state, is_online = EXCLUDED.is_online,
    scope = EXCLUDED.scope, access_token = EXCLUDED.access_token, refresh_token = EXCLUDED.refresh_token,
    expires_at = EXCLUDED.expires_at, refresh_expires_at = EXCLUDED.refresh_expires_at, user_id = EXCLUDED.user_id
  -- An id belongs to the shop that it was first stored for.
  WHERE s.shop = EXCLUDED.shop
$$;

CREATE FUNCTION load_session(p_session_id text)
RETURNS TABLE (session_id text, shop text, state text, is_online boolean, scope text, access_token bytea,
               refresh_token bytea, expires_at timestamptz, refresh_expires_at timestamptz, user_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT s.session_id, s.shop, s.state, s.is_online, s.scope, s.access_token, s.refresh_token, s.expires_at,
         s.refresh_expires_at, s.user_id
  FROM shopify_sessions s WHERE s.session_id = p_session_id
$$;

CREATE FUNCTION find_sessions_by_shop(p_shop text)
RETURNS TABLE (session_id text, shop text, state text, is_online boolean, scope text, access_token bytea,
               refresh_token bytea, expires_at timestamptz, refresh_expires_at timestamptz, user_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT s.session_id, s.shop, s.state, s.is_online, s.scope, s.access_token, s.refresh_token, s.expires_at,
         s.refresh_expires_at, s.user_id
  FROM shopify_sessions s WHERE s.shop = p_shop ORDER BY s.session_id LIMIT 100
$$;

CREATE FUNCTION delete_sessions(p_session_ids text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  DELETE FROM shopify_sessions s WHERE s.session_id = ANY (p_session_ids)
$$;

-- ── Webhooks ──

-- Stores deliveries, whatever their shops; of those with one webhook id the first stays, and its id is the answer to
-- all. p_subjects: for each delivery an array of base64 hashes of who is in it, or null.
CREATE FUNCTION inbox_store(
  p_delivery uuid[], p_shop text[], p_topic text[], p_webhook text[], p_event text[], p_api_version text[],
  p_triggered_at timestamptz[], p_payload bytea[], p_subjects jsonb DEFAULT '[]'
) RETURNS TABLE (ord bigint, delivery_id uuid, merchant_id uuid, is_duplicate boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  -- In key order, so that two batches with the same deliveries wait for each other and do not deadlock.
  INSERT INTO webhook_inbox (delivery_id, merchant_id, shop_domain, topic, webhook_id, event_id, api_version,
                             triggered_at, payload, subject_tokens)
  SELECT i.delivery, m.merchant_id, i.shop, i.topic, i.webhook, i.event, i.version, i.triggered, i.payload,
         CASE WHEN jsonb_typeof(p_subjects -> (i.n - 1)::integer) = 'array' THEN
           ARRAY(SELECT decode(t, 'base64') FROM jsonb_array_elements_text(p_subjects -> (i.n - 1)::integer) t) END
  FROM unnest(p_delivery, p_shop, p_topic, p_webhook, p_event, p_api_version, p_triggered_at, p_payload)
       WITH ORDINALITY AS i(delivery, shop, topic, webhook, event, version, triggered, payload, n)
  LEFT JOIN merchants m ON m.shopify_domain = lower(i.shop)
  ORDER BY i.shop, i.webhook, i.topic, i.n
  ON CONFLICT (shop_domain, webhook_id, topic) DO NOTHING;
  RETURN QUERY
  SELECT i.n, d.delivery_id, d.merchant_id, d.delivery_id <> i.delivery
  FROM unnest(p_delivery, p_shop, p_topic, p_webhook) WITH ORDINALITY AS i(delivery, shop, topic, webhook, n)
  JOIN webhook_inbox d ON d.shop_domain = i.shop AND d.webhook_id = i.webhook AND d.topic = i.topic
  ORDER BY i.n;
END $$;

-- Deliveries with their contents. A shop that was not known when they came may be known now.
CREATE FUNCTION inbox_read(p_delivery uuid[])
RETURNS TABLE (delivery_id uuid, shop_domain text, merchant_id uuid, topic text, webhook_id text, event_id text,
               api_version text, triggered_at timestamptz, received_at timestamptz, processed_at timestamptz, status text,
               attempts integer, problem_code text, problem_field text, problem_message text, reason text, payload bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT d.delivery_id, d.shop_domain, coalesce(d.merchant_id, m.merchant_id), d.topic, d.webhook_id, d.event_id,
         d.api_version, d.triggered_at, d.received_at, d.processed_at, d.status, d.attempts, d.problem_code,
         d.problem_field, d.problem_message, d.reason, d.payload
  FROM webhook_inbox d LEFT JOIN merchants m ON m.shopify_domain = lower(d.shop_domain)
  WHERE d.delivery_id = ANY (p_delivery)
$$;

-- Records how deliveries ended ('received': to be tried again). With a merchant given, the delivery must be that one's.
-- Answers how many of the arguments it found.
CREATE FUNCTION inbox_finish(
  p_delivery uuid[], p_merchant uuid[], p_status text[], p_reason text[], p_problem_code text[], p_problem_field text[],
  p_problem_message text[]
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  found_count integer;
BEGIN
  PERFORM 1 FROM webhook_inbox d WHERE d.delivery_id = ANY (p_delivery) ORDER BY d.delivery_id FOR UPDATE;
  WITH outcomes AS (
    SELECT DISTINCT ON (o.delivery) o.*
    FROM unnest(p_delivery, p_merchant, p_status, p_reason, p_problem_code, p_problem_field, p_problem_message)
         WITH ORDINALITY AS o(delivery, merchant, status, reason, code, field, message, n)
    ORDER BY o.delivery, o.n DESC
  ), updated AS (
    UPDATE webhook_inbox d SET
      merchant_id = coalesce(d.merchant_id, o.merchant), attempts = d.attempts + 1, claimed_at = now(),
      -- The first outcome stands: working on a delivery once more finds nothing new, and would hide what it did.
      status = CASE WHEN d.processed_at IS NULL THEN o.status ELSE d.status END,
      reason = CASE WHEN d.processed_at IS NULL THEN NULLIF(o.reason, '') ELSE d.reason END,
      problem_code = CASE WHEN d.processed_at IS NULL THEN o.code ELSE d.problem_code END,
      problem_field = CASE WHEN d.processed_at IS NULL THEN o.field ELSE d.problem_field END,
      problem_message = CASE WHEN d.processed_at IS NULL THEN o.message ELSE d.problem_message END,
      processed_at = coalesce(d.processed_at, CASE WHEN o.status IN ('received', 'processing') THEN NULL ELSE now() END)
    FROM outcomes o
    WHERE d.delivery_id = o.delivery
      AND (o.merchant IS NULL OR d.merchant_id = o.merchant
           OR (d.merchant_id IS NULL AND EXISTS (
                 SELECT 1 FROM merchants m
                 WHERE m.merchant_id = o.merchant AND m.shopify_domain = lower(d.shop_domain))))
    RETURNING d.delivery_id
  )
  SELECT count(*) INTO found_count FROM unnest(p_delivery) i JOIN updated u ON u.delivery_id = i;
  RETURN found_count;
END $$;

-- Leases unfinished deliveries that nobody has worked on for so long, the oldest first.
CREATE FUNCTION inbox_claim_stale(p_limit integer, p_older_than_seconds integer) RETURNS TABLE (delivery_id uuid)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  UPDATE webhook_inbox d SET claimed_at = now()
  FROM (SELECT i.delivery_id FROM webhook_inbox i
        WHERE i.status IN ('received', 'processing')
          AND coalesce(i.claimed_at, i.received_at) < now() - make_interval(secs => p_older_than_seconds)
        ORDER BY coalesce(i.claimed_at, i.received_at) LIMIT p_limit FOR UPDATE SKIP LOCKED) stale
  WHERE d.delivery_id = stale.delivery_id
  RETURNING d.delivery_id
$$;

-- ── Outbox ──

-- Leases the oldest events that nobody has; who does not acknowledge in time loses them.
CREATE FUNCTION outbox_claim(p_limit integer, p_lease_seconds integer)
RETURNS TABLE (event_id text, merchant_id uuid, shop_domain text, kind text, payload jsonb, created_at timestamptz,
               attempts integer)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH claimed AS (
    UPDATE outbox_events e SET
      claimed_at = now(), claim_expires_at = now() + make_interval(secs => p_lease_seconds), attempts = e.attempts + 1
    FROM (SELECT o.event_id FROM outbox_events o
          WHERE o.acknowledged_at IS NULL AND (o.claim_expires_at IS NULL OR o.claim_expires_at < now())
          ORDER BY o.event_id LIMIT p_limit FOR UPDATE SKIP LOCKED) free
    WHERE e.event_id = free.event_id
    RETURNING e.*
  )
  SELECT c.event_id::text, c.merchant_id, m.shopify_domain, c.kind, c.payload, c.created_at, c.attempts
  FROM claimed c LEFT JOIN merchants m ON m.merchant_id = c.merchant_id ORDER BY c.event_id
$$;

CREATE FUNCTION outbox_acknowledge(p_event_ids bigint[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  acknowledged integer;
BEGIN
  UPDATE outbox_events e SET acknowledged_at = now()
  FROM (SELECT o.event_id FROM outbox_events o
        WHERE o.event_id = ANY (p_event_ids) AND o.acknowledged_at IS NULL ORDER BY o.event_id FOR UPDATE) mine
  WHERE e.event_id = mine.event_id;
  GET DIAGNOSTICS acknowledged = ROW_COUNT;
  RETURN acknowledged;
END $$;

-- ── Retention ──

-- Deletes what nobody needs any more, at most p_limit rows of each kind: sent effects after a week, webhooks after 30
-- days, webhook ids after a day, sessions that cannot be renewed, API logs after 90 days. Answers how many rows went.
CREATE FUNCTION retention_delete(p_limit integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  gone bigint := 0;
  n bigint;
BEGIN
  DELETE FROM outbox_events WHERE event_id IN (
    SELECT e.event_id FROM outbox_events e WHERE e.acknowledged_at < now() - interval '7 days' LIMIT p_limit);
  GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  DELETE FROM webhook_inbox WHERE delivery_id IN (
    SELECT d.delivery_id FROM webhook_inbox d WHERE d.received_at < now() - interval '30 days' LIMIT p_limit);
  GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  DELETE FROM webhook_idempotency_keys WHERE (merchant_id, key_id) IN (
    SELECT k.merchant_id, k.key_id FROM webhook_idempotency_keys k WHERE k.expires_at < now() LIMIT p_limit);
  GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  DELETE FROM shopify_sessions WHERE session_id IN (
    SELECT s.session_id FROM shopify_sessions s
    WHERE greatest(s.expires_at, s.refresh_expires_at) < now() - interval '1 day' LIMIT p_limit);
  GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  DELETE FROM api_logs WHERE log_id IN (
    SELECT l.log_id FROM api_logs l WHERE l.created_at < now() - interval '90 days' LIMIT p_limit);
  GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
  RETURN gone;
END $$;

CALL become_ledger();
DO $$
DECLARE
  door regprocedure;
BEGIN
  FOREACH door IN ARRAY ARRAY[
    'merchant_by_shop(text)', 'merchants_after(uuid, integer)', 'referral_link_by_code(text)',
    'store_session(text, text, text, boolean, text, bytea, bytea, timestamptz, timestamptz, text)', 'load_session(text)',
    'find_sessions_by_shop(text)', 'delete_sessions(text[])',
    'inbox_store(uuid[], text[], text[], text[], text[], text[], timestamptz[], bytea[], jsonb)', 'inbox_read(uuid[])',
    'inbox_finish(uuid[], uuid[], text[], text[], text[], text[], text[])', 'inbox_claim_stale(integer, integer)',
    'outbox_claim(integer, integer)', 'outbox_acknowledge(bigint[])', 'retention_delete(integer)']::regprocedure[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO loyalnest_ledger', door);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO loyalnest_app', door);
  END LOOP;
END $$;
CALL step_back_from_ledger();

-- migrate:down

DROP FUNCTION retention_delete(integer);
DROP FUNCTION outbox_acknowledge(bigint[]);
DROP FUNCTION outbox_claim(integer, integer);
DROP FUNCTION inbox_claim_stale(integer, integer);
DROP FUNCTION inbox_finish(uuid[], uuid[], text[], text[], text[], text[], text[]);
DROP FUNCTION inbox_read(uuid[]);
DROP FUNCTION inbox_store(uuid[], text[], text[], text[], text[], text[], timestamptz[], bytea[], jsonb);
DROP FUNCTION delete_sessions(text[]);
DROP FUNCTION find_sessions_by_shop(text);
DROP FUNCTION load_session(text);
DROP FUNCTION store_session(text, text, text, boolean, text, bytea, bytea, timestamptz, timestamptz, text);
DROP FUNCTION referral_link_by_code(text);
DROP FUNCTION merchants_after(uuid, integer);
DROP FUNCTION merchant_by_shop(text);
