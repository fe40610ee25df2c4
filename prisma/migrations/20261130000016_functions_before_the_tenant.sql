-- The closed list of what works before it is known which tenant it is for. Each does one thing, shows no more than that
-- needs, and is owned by loyalnest_ledger, whose policies admit every tenant. Functions are copied from prisma/functions.

-- migrate:up

-- ── Shops ──

-- The shop of a request, by its domain. The tenant is not known before.
CREATE OR REPLACE FUNCTION merchant_by_shop(p_shop_domain text)
RETURNS TABLE (merchant_id uuid, shopify_domain text, name text, currency text, timezone text, plan_id text, status text,
               created_at timestamptz, uninstalled_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_shop(ARRAY[p_shop_domain]);
  SELECT m.merchant_id, m.shopify_domain, m.name, m.currency, m.timezone, m.plan_id, m.status, m.created_at,
         m.uninstalled_at
  FROM merchants m WHERE m.shopify_domain = lower(p_shop_domain)
$$;

-- Whether a shop uses the app at present. Asked before a shopper's or the staff's call is answered.
CREATE OR REPLACE FUNCTION merchant_is_installed(p_merchant uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_tenant(p_merchant);
  SELECT EXISTS (SELECT 1 FROM merchants m WHERE m.merchant_id = p_merchant AND m.uninstalled_at IS NULL
                 AND (current_merchant_id() IS NULL OR current_merchant_id() = p_merchant))
$$;

-- All shops in the order of their ids, from after the given one (null: from the first): the walk of the nightly jobs.
CREATE OR REPLACE FUNCTION merchants_after(p_after uuid, p_limit integer)
RETURNS TABLE (merchant_id uuid, shopify_domain text, name text, currency text, timezone text, plan_id text, status text,
               created_at timestamptz, uninstalled_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT m.merchant_id, m.shopify_domain, m.name, m.currency, m.timezone, m.plan_id, m.status, m.created_at,
         m.uninstalled_at
  FROM merchants m WHERE p_after IS NULL OR m.merchant_id > p_after ORDER BY m.merchant_id LIMIT p_limit
$$;

-- The access scopes of the shop's offline session; null while none is known. In a transaction that has a tenant it answers
-- for that tenant alone.
CREATE OR REPLACE FUNCTION shop_scopes(p_merchant uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  PERFORM require_tenant(p_merchant);
  IF NULLIF(current_setting('app.merchant_id', true), '') <> p_merchant::text THEN
    RAISE EXCEPTION 'the transaction belongs to another tenant' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN (
    SELECT NULLIF(s.scope, '') FROM merchants m JOIN shopify_sessions s ON s.session_id = 'offline_' || m.shopify_domain
    WHERE m.merchant_id = p_merchant AND s.shop = m.shopify_domain);
END $$;

-- Which shop and link a referral code is of. A code is clicked before the tenant is known.
CREATE OR REPLACE FUNCTION referral_link_by_code(p_code text)
RETURNS TABLE (merchant_id uuid, shop_domain text, referral_link_id uuid, status text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT l.merchant_id, m.shopify_domain, l.referral_link_id, l.status
  FROM referral_links l JOIN merchants m ON m.merchant_id = l.merchant_id WHERE l.referral_code = p_code
$$;

-- ── Shopify's sessions ──

-- Stores one of Shopify's sessions, tokens encrypted. A session stays with the shop that has it.
CREATE OR REPLACE FUNCTION store_session(
  p_session_id text, p_shop text, p_state text, p_is_online boolean, p_scope text, p_access_token bytea,
  p_refresh_token bytea, p_expires_at timestamptz, p_refresh_expires_at timestamptz, p_user_id text
) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_shop(p_shop || ARRAY(SELECT k.shop FROM shopify_sessions k WHERE k.session_id = p_session_id));
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

-- One of Shopify's sessions, by the id that Shopify's library makes.
CREATE OR REPLACE FUNCTION load_session(p_session_id text)
RETURNS TABLE (session_id text, shop text, state text, is_online boolean, scope text, access_token bytea,
               refresh_token bytea, expires_at timestamptz, refresh_expires_at timestamptz, user_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_shop(ARRAY(SELECT k.shop FROM shopify_sessions k WHERE k.session_id = p_session_id));
  SELECT s.session_id, s.shop, s.state, s.is_online, s.scope, s.access_token, s.refresh_token, s.expires_at,
         s.refresh_expires_at, s.user_id
  FROM shopify_sessions s WHERE s.session_id = p_session_id
$$;

-- Shopify's sessions of one shop, at most a hundred.
CREATE OR REPLACE FUNCTION find_sessions_by_shop(p_shop text)
RETURNS TABLE (session_id text, shop text, state text, is_online boolean, scope text, access_token bytea,
               refresh_token bytea, expires_at timestamptz, refresh_expires_at timestamptz, user_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_shop(ARRAY[p_shop]);
  SELECT s.session_id, s.shop, s.state, s.is_online, s.scope, s.access_token, s.refresh_token, s.expires_at,
         s.refresh_expires_at, s.user_id
  FROM shopify_sessions s WHERE s.shop = p_shop ORDER BY s.session_id LIMIT 100
$$;

-- Deletes sessions by their ids, after logging out or uninstalling.
CREATE OR REPLACE FUNCTION delete_sessions(p_session_ids text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_shop(ARRAY(SELECT k.shop FROM shopify_sessions k WHERE k.session_id = ANY (p_session_ids)));
  DELETE FROM shopify_sessions s WHERE s.session_id = ANY (p_session_ids)
$$;

-- ── Webhooks ──

-- Stores deliveries, whatever their shops; of those with one key the first stays for a day, and its id is the answer to
-- all. p_subjects: for each delivery an array of base64 hashes of who is in it, or null.
CREATE OR REPLACE FUNCTION inbox_store(
  p_delivery uuid[], p_shop text[], p_topic text[], p_webhook text[], p_event text[], p_api_version text[],
  p_triggered_at timestamptz[], p_payload bytea[], p_subjects jsonb DEFAULT '[]'
) RETURNS TABLE (ord bigint, delivery_id uuid, merchant_id uuid, is_duplicate boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  PERFORM require_shop(p_shop);
  WITH new AS (
    -- In key order, so that two batches with the same deliveries wait for each other and do not deadlock.
    INSERT INTO webhook_idempotency_keys AS k (shop_domain, webhook_id, event_type, merchant_id, delivery_id)
    SELECT DISTINCT ON (i.shop, i.webhook, i.topic) i.shop, i.webhook, i.topic, m.merchant_id, i.delivery
    FROM unnest(p_delivery, p_shop, p_topic, p_webhook) WITH ORDINALITY AS i(delivery, shop, topic, webhook, n)
    LEFT JOIN merchants m ON m.shopify_domain = lower(i.shop)
    ORDER BY i.shop, i.webhook, i.topic, i.n
    ON CONFLICT (shop_domain, webhook_id, event_type) DO UPDATE
      SET merchant_id = EXCLUDED.merchant_id, delivery_id = EXCLUDED.delivery_id, created_at = EXCLUDED.created_at,
          expires_at = EXCLUDED.expires_at
      WHERE k.expires_at <= now()
    RETURNING k.delivery_id, k.merchant_id
  )
  INSERT INTO webhook_inbox (delivery_id, merchant_id, shop_domain, topic, webhook_id, event_id, api_version,
                             triggered_at, payload, subject_tokens)
  SELECT i.delivery, new.merchant_id, i.shop, i.topic, i.webhook, i.event, i.version, i.triggered, i.payload,
         CASE WHEN jsonb_typeof(p_subjects -> (i.n - 1)::integer) = 'array' THEN
           ARRAY(SELECT decode(t, 'base64') FROM jsonb_array_elements_text(p_subjects -> (i.n - 1)::integer) t) END
  FROM unnest(p_delivery, p_shop, p_topic, p_webhook, p_event, p_api_version, p_triggered_at, p_payload)
       WITH ORDINALITY AS i(delivery, shop, topic, webhook, event, version, triggered, payload, n)
  JOIN new ON new.delivery_id = i.delivery;
  RETURN QUERY
  SELECT i.n, k.delivery_id, k.merchant_id, k.delivery_id <> i.delivery
  FROM unnest(p_delivery, p_shop, p_topic, p_webhook) WITH ORDINALITY AS i(delivery, shop, topic, webhook, n)
  JOIN webhook_idempotency_keys k ON k.shop_domain = i.shop AND k.webhook_id = i.webhook AND k.event_type = i.topic
  ORDER BY i.n;
END $$;

-- Deliveries with their contents. A shop that was not known when they came may be known now.
CREATE OR REPLACE FUNCTION inbox_read(p_delivery uuid[])
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

-- Records how deliveries ended ('received': to be tried again) and what they moved. With a merchant given, the delivery
-- must be that one's. Answers how many of the arguments it found.
CREATE OR REPLACE FUNCTION inbox_finish(
  p_delivery uuid[], p_merchant uuid[], p_status text[], p_reason text[], p_problem_code text[], p_problem_field text[],
  p_problem_message text[], p_points bigint[] DEFAULT '{}'
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  found_count integer;
BEGIN
  PERFORM require_tenant(p_merchant);
  PERFORM 1 FROM webhook_inbox d WHERE d.delivery_id = ANY (p_delivery) ORDER BY d.delivery_id FOR UPDATE;
  WITH outcomes AS (
    SELECT DISTINCT ON (o.delivery) o.*
    FROM unnest(p_delivery, p_merchant, p_status, p_reason, p_problem_code, p_problem_field, p_problem_message, p_points)
         WITH ORDINALITY AS o(delivery, merchant, status, reason, code, field, message, points, n)
    ORDER BY o.delivery, o.n DESC
  ), updated AS (
    UPDATE webhook_inbox d SET
      merchant_id = coalesce(d.merchant_id, o.merchant), attempts = d.attempts + 1, claimed_at = now(),
      -- The first outcome is kept: processing a delivery once more finds nothing new, and would hide what it did.
      status = CASE WHEN d.processed_at IS NULL THEN o.status ELSE d.status END,
      reason = CASE WHEN d.processed_at IS NULL THEN NULLIF(o.reason, '') ELSE d.reason END,
      points = CASE WHEN d.processed_at IS NULL THEN NULLIF(o.points, 0) ELSE d.points END,
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

-- Leases unfinished deliveries that no worker has touched for so long, the oldest first.
CREATE OR REPLACE FUNCTION inbox_claim_stale(p_limit integer, p_older_than_seconds integer) RETURNS TABLE (delivery_id uuid)
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

-- ── Outbox and retention ──

-- Leases the oldest events that are not leased; a caller that does not acknowledge in time loses them.
CREATE OR REPLACE FUNCTION outbox_claim(p_limit integer, p_lease_seconds integer)
RETURNS TABLE (event_id text, merchant_id uuid, shop_domain text, kind text, payload jsonb, created_at timestamptz,
               attempts integer, traceparent text)
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
  SELECT c.event_id::text, c.merchant_id, m.shopify_domain, c.kind, c.payload, c.created_at, c.attempts,
         c.traceparent
  FROM claimed c LEFT JOIN merchants m ON m.merchant_id = c.merchant_id ORDER BY c.event_id
$$;

-- What the worker has not done yet, over all shops: measured every minute, so counting ends early. A privacy request is
-- overdue five days before the law's 30 have gone, and in any case when its own time is over.
CREATE OR REPLACE FUNCTION waiting_work()
RETURNS TABLE (events integer, events_age_seconds double precision, deliveries integer,
               deliveries_age_seconds double precision, privacy_overdue integer)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT
    (SELECT count(*)::integer FROM (SELECT 1 FROM outbox_events WHERE acknowledged_at IS NULL LIMIT 10000) e),
    coalesce((SELECT extract(epoch FROM clock_timestamp() - o.created_at)::double precision
              FROM outbox_events o WHERE o.acknowledged_at IS NULL ORDER BY o.event_id LIMIT 1), 0),
    (SELECT count(*)::integer
     FROM (SELECT 1 FROM webhook_inbox WHERE status IN ('received', 'processing') LIMIT 10000) d),
    coalesce((SELECT extract(epoch FROM clock_timestamp() - min(w.received_at))::double precision
              FROM (SELECT received_at FROM webhook_inbox WHERE status IN ('received', 'processing')
                    ORDER BY coalesce(claimed_at, received_at) LIMIT 1000) w), 0),
    (SELECT count(*)::integer FROM gdpr_requests g
     WHERE g.status <> 'completed'
       AND (g.retention_expires_at < now() OR g.created_at < now() - interval '25 days'))
$$;

-- Marks events as sent. Answers how many of them were not yet.
CREATE OR REPLACE FUNCTION outbox_acknowledge(p_event_ids bigint[]) RETURNS integer
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

-- Deletes what is no longer needed, at most p_limit rows of each kind: sent effects after a week, webhooks after 30
-- days, their keys after a day, sessions that cannot be renewed, API logs after 90 days. Answers how many rows went.
CREATE OR REPLACE FUNCTION retention_delete(p_limit integer) RETURNS bigint
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
  -- Asked again where it deletes: a delivery that comes at this moment gives the key another day.
  DELETE FROM webhook_idempotency_keys WHERE expires_at <= now() AND (shop_domain, webhook_id, event_type) IN (
    SELECT k.shop_domain, k.webhook_id, k.event_type FROM webhook_idempotency_keys k
    WHERE k.expires_at <= now() LIMIT p_limit);
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

-- ── Work that is due, for jobs over all shops ──

-- Shops with members whose review is due, in the order of their ids from after the given one (null: from the first).
-- It leaps from shop to shop along the index: how many members of a shop wait costs nothing.
CREATE OR REPLACE FUNCTION reviews_due(p_after uuid, p_limit integer) RETURNS TABLE (merchant_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  last uuid := coalesce(p_after, '00000000-0000-0000-0000-000000000000');
BEGIN
  FOR n IN 1..p_limit LOOP
    SELECT c.merchant_id INTO last FROM customers c
    WHERE c.review_due_at <= now() AND c.merchant_id > last
    ORDER BY c.merchant_id LIMIT 1;
    EXIT WHEN NOT FOUND;
    merchant_id := last;
    RETURN NEXT;
  END LOOP;
END $$;

-- Shops of which a campaign's stored status is behind the clock.
CREATE OR REPLACE FUNCTION campaigns_due(p_now timestamptz, p_limit integer) RETURNS TABLE (merchant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT DISTINCT due.merchant_id FROM (
    SELECT c.merchant_id FROM bonus_campaigns c WHERE c.status = 'scheduled' AND c.start_date <= p_now
    UNION ALL
    SELECT c.merchant_id FROM bonus_campaigns c WHERE c.status IN ('scheduled', 'active') AND c.end_date <= p_now
  ) due LIMIT p_limit
$$;

-- Syncs that no worker has touched for so long, for the caller to take up; others are not given them before the same time
-- has passed again. What has not come to an end within a day has failed: its shop may start again.
CREATE OR REPLACE FUNCTION syncs_claim_stalled(p_seconds integer, p_limit integer)
RETURNS TABLE (merchant_id uuid, shopify_domain text, status text)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH stalled AS (
    SELECT s.merchant_id, s.sync_id FROM sync_runs s
    JOIN merchants m ON m.merchant_id = s.merchant_id AND m.uninstalled_at IS NULL
    WHERE s.status IN ('queued', 'running') AND s.touched_at < now() - make_interval(secs => p_seconds)
    ORDER BY s.touched_at LIMIT p_limit FOR UPDATE OF s SKIP LOCKED
  ), claimed AS (
    UPDATE sync_runs s SET
      touched_at = now(),
      status = CASE WHEN s.created_at < now() - interval '1 day' THEN 'failed' ELSE s.status END,
      problem_code = CASE WHEN s.created_at < now() - interval '1 day' THEN 'timeout' ELSE s.problem_code END,
      finished_at = CASE WHEN s.created_at < now() - interval '1 day' THEN now() ELSE s.finished_at END
    FROM stalled WHERE s.merchant_id = stalled.merchant_id AND s.sync_id = stalled.sync_id
    RETURNING s.merchant_id, s.status
  )
  SELECT c.merchant_id, m.shopify_domain, c.status
  FROM claimed c JOIN merchants m ON m.merchant_id = c.merchant_id WHERE c.status <> 'failed'
$$;

-- Leases redemptions and returns that no worker has touched for so long, the oldest first.
CREATE OR REPLACE FUNCTION redemptions_claim_stuck(p_limit integer, p_older_than_seconds integer)
RETURNS TABLE (merchant_id uuid, shop_domain text, redemption_id uuid, status text)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH claimed AS (
    UPDATE reward_redemptions r SET claimed_at = now()
    FROM (SELECT s.merchant_id, s.redemption_id FROM reward_redemptions s
          WHERE (s.status = 'pending' OR s.return_requested_at IS NOT NULL)
            AND greatest(s.claimed_at, s.return_requested_at, s.created_at)
                < now() - make_interval(secs => p_older_than_seconds)
          ORDER BY s.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED) stuck
    WHERE r.merchant_id = stuck.merchant_id AND r.redemption_id = stuck.redemption_id
    RETURNING r.merchant_id, r.redemption_id, r.status
  )
  SELECT c.merchant_id, m.shopify_domain, c.redemption_id, c.status
  FROM claimed c JOIN merchants m ON m.merchant_id = c.merchant_id
$$;

-- Open privacy requests that no worker has touched for so long, for the caller to take up.
CREATE OR REPLACE FUNCTION privacy_claim_open(p_seconds integer, p_limit integer)
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

-- ── The console for LoyalNest staff ──

-- The numbers of the console's first page, over all shops.
CREATE OR REPLACE FUNCTION console_overview()
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
CREATE OR REPLACE FUNCTION console_deliveries(p_status text, p_topic text, p_shop text, p_before timestamptz, p_before_id uuid,
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
CREATE OR REPLACE FUNCTION console_replay_deliveries(p_deliveries uuid[])
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
DO $$
DECLARE
  target regproc;
BEGIN
  FOREACH target IN ARRAY ARRAY[
    'merchant_by_shop', 'merchant_is_installed', 'merchants_after', 'shop_scopes', 'referral_link_by_code',
    'store_session', 'load_session', 'find_sessions_by_shop', 'delete_sessions', 'inbox_store', 'inbox_read',
    'inbox_finish', 'inbox_claim_stale', 'outbox_claim', 'outbox_acknowledge', 'waiting_work', 'retention_delete', 'reviews_due',
    'campaigns_due', 'syncs_claim_stalled', 'redemptions_claim_stuck', 'privacy_claim_open', 'console_overview',
    'console_deliveries', 'console_replay_deliveries']::regproc[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO loyalnest_ledger', target);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', target);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO loyalnest_app', target);
  END LOOP;
END $$;
CALL step_back_from_ledger();

-- migrate:down

DROP FUNCTION merchant_by_shop, merchant_is_installed, merchants_after, shop_scopes, referral_link_by_code,
  store_session, load_session, find_sessions_by_shop, delete_sessions, inbox_store, inbox_read, inbox_finish,
  inbox_claim_stale, outbox_claim, outbox_acknowledge, waiting_work, retention_delete, reviews_due, campaigns_due,
  syncs_claim_stalled, redemptions_claim_stuck, privacy_claim_open, console_overview, console_deliveries,
  console_replay_deliveries;
