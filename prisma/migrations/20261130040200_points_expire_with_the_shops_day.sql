-- Points expire at the end of the shop's day, and nobody spends them after it: spending first expires what is due, and a
-- hold sets the soonest to expire aside, so that expiry leaves exactly what is held.

-- migrate:up

-- The last moment (to the millisecond, as JavaScript has it) of the day that is so many days after the day of p_at on
-- the clock of p_zone. Days are counted on the calendar: one of them may have 23 or 25 hours.
CREATE FUNCTION shop_day_end(p_at timestamptz, p_days integer, p_zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  day date := (p_at AT TIME ZONE p_zone)::date + p_days;
  midnight timestamptz := (day + 1)::timestamp AT TIME ZONE p_zone;
BEGIN
  -- Clocks that are put back at midnight show it twice (Havana); the day is over at the first.
  IF ((midnight - interval '1 millisecond') AT TIME ZONE p_zone)::date > day THEN
    midnight := midnight - interval '1 hour';
  END IF;
  RETURN midnight - interval '1 millisecond';
END $$;
REVOKE ALL ON FUNCTION shop_day_end(timestamptz, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shop_day_end(timestamptz, integer, text) TO loyalnest_app, loyalnest_ledger;

CALL become_ledger();

-- When a credit expires. 'program': as the program says of what is earned at p_at; 'day': at the end of p_at's day.
CREATE FUNCTION ledger_expiry_of(p_merchant uuid, p_rule text, p_at timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  shop record;
BEGIN
  PERFORM require_tenant(p_merchant);
  IF p_at IS NULL THEN RETURN NULL; END IF;
  SELECT m.timezone, CASE WHEN jsonb_typeof(s.config->'expiry_days') = 'number' THEN (s.config->>'expiry_days')::integer ELSE 0 END AS days
  INTO shop FROM merchants m LEFT JOIN program_settings s ON s.merchant_id = p_merchant WHERE m.merchant_id = p_merchant;
  IF p_rule = 'program' THEN
    RETURN CASE WHEN shop.days > 0 THEN shop_day_end(p_at, shop.days, shop.timezone) END;
  ELSIF p_rule = 'day' THEN
    RETURN shop_day_end(p_at, 0, shop.timezone);
  END IF;
  RAISE EXCEPTION 'no such rule of expiry: %', p_rule USING ERRCODE = 'invalid_parameter_value';
END $$;

-- Expires what is due of one member whose balance row is locked: one entry. What is held is of the soonest to expire, so
-- that many of the points that are due stay. Where points live on by earning that is made sure of first.
CREATE FUNCTION ledger_expire_member(p_merchant uuid, p_customer uuid, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  b points_balances;
  due bigint;
  amount bigint;
  days integer;
BEGIN
  PERFORM require_tenant(p_merchant);
  IF NOT EXISTS (SELECT FROM point_lots l WHERE l.merchant_id = p_merchant AND l.customer_id = p_customer
                   AND l.remaining > 0 AND l.expires_at <= p_now) THEN RETURN 0; END IF;
  SELECT (s.config->>'expiry_days')::integer INTO days FROM program_settings s
  WHERE s.merchant_id = p_merchant AND s.config->>'expiry_mode' = 'activity' AND jsonb_typeof(s.config->'expiry_days') = 'number';
  IF days > 0 THEN PERFORM ledger_extend_by_earning(p_merchant, ARRAY[p_customer], NULL, days); END IF;
  SELECT coalesce(sum(l.remaining), 0) INTO due FROM point_lots l
  WHERE l.merchant_id = p_merchant AND l.customer_id = p_customer AND l.remaining > 0 AND l.expires_at <= p_now;
  SELECT * INTO b FROM points_balances WHERE merchant_id = p_merchant AND customer_id = p_customer;
  amount := greatest(0, least(due, b.balance) - b.held);
  IF amount = 0 THEN RETURN 0; END IF;
  PERFORM ledger_debit(gen_random_uuid(), p_merchant, p_customer, amount,
    'expiry/' || p_customer || '/' || (b.version + 1), 'expire', 'expiry', NULL, NULL, 'system', '{}', 'refuse',
    NULL, 0, NULL, p_now);
  RETURN amount;
END $$;

-- As before. p_expiry says what p_expires is: null, the moment itself; else the moment that the rule of that name counts
-- from (ledger_expiry_of). Answers when the credit expires, too.
DROP FUNCTION ledger_credit_many(uuid[], uuid[], uuid[], bigint[], text[], text[], text[], text[], text[], text[], timestamptz[], timestamptz[], text[], jsonb[]);
CREATE FUNCTION ledger_credit_many(
  p_id uuid[], p_merchant uuid[], p_customer uuid[], p_points bigint[], p_key text[], p_type text[],
  p_source text[], p_reason text[], p_order text[], p_currency text[], p_expires timestamptz[],
  p_occurred timestamptz[], p_actor text[], p_metadata jsonb[], p_expiry text[] DEFAULT NULL
) RETURNS TABLE (ord bigint, status text, transaction_id uuid, sequence bigint, balance_after bigint, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
-- Batches are small and every table is reached by key: index nested loops whatever the statistics say, planned once
-- (planning over the partitions takes longer than running).
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  PERFORM require_tenant(p_merchant);
  PERFORM ledger_lock_balances(p_merchant, p_customer);
  -- A statement of its own, so that its snapshot is later than the locks: a key written by a concurrent batch
  -- for the same member is seen here.
  -- No two of the sets below are joined with each other (a nested loop over them would be quadratic): what a row needs
  -- of its neighbours comes by window.
  RETURN QUERY
  WITH input AS MATERIALIZED (
    SELECT i.id, i.m, i.c, i.p, i.k, i.ty, i.src, i.why, i.o, i.cur, i.at, i.who, i.meta, i.n,
           CASE WHEN i.rule IS NULL THEN i.x ELSE ledger_expiry_of(i.m, i.rule, i.x) END AS x,
           row_number() OVER (PARTITION BY i.m, i.k ORDER BY i.n) AS nth
    FROM unnest(p_id, p_merchant, p_customer, p_points, p_key, p_type, p_source, p_reason, p_order, p_currency,
                p_expires, p_occurred, p_actor, p_metadata, p_expiry)
         WITH ORDINALITY AS i(id, m, c, p, k, ty, src, why, o, cur, x, at, who, meta, rule, n)
  ), looked AS MATERIALIZED (
    SELECT i.*, b.balance, b.version, b.debt,
           e.transaction_id AS known_id, e.sequence AS known_seq, e.balance_after AS known_after,
           e.customer_id AS known_customer, e.points AS known_points, e.expiry_date AS known_expiry,
           (i.nth = 1 AND e.transaction_id IS NULL AND b.version IS NOT NULL) AS fresh
    FROM input i
    LEFT JOIN LATERAL (
      SELECT t.transaction_id, t.sequence, t.balance_after, t.customer_id, t.points, t.expiry_date FROM points_transactions t
      WHERE t.merchant_id = i.m AND t.idempotency_key = i.k AND i.nth = 1) e ON true
    LEFT JOIN LATERAL (
      SELECT pb.balance, pb.version, pb.debt FROM points_balances pb
      WHERE pb.merchant_id = i.m AND pb.customer_id = i.c) b ON true
  ), numbered AS MATERIALIZED (
    SELECT l.*,
           l.version + count(*) FILTER (WHERE l.fresh) OVER w AS seq,
           sum(l.p) FILTER (WHERE l.fresh) OVER w AS run,
           (l.balance + sum(l.p) FILTER (WHERE l.fresh) OVER w)::bigint AS after
    FROM looked l
    WINDOW w AS (PARTITION BY l.m, l.c ORDER BY l.n)
  ), entries AS (
    INSERT INTO points_transactions (
      merchant_id, transaction_id, customer_id, type, points, sequence, balance_after, idempotency_key, source, reason,
      order_id, currency, expiry_date, actor, metadata, occurred_at)
    SELECT f.m, f.id, f.c, f.ty, f.p, f.seq, f.after, f.k, f.src, f.why, f.o, f.cur, f.x, f.who,
           CASE WHEN f.debt > f.run - f.p
                THEN coalesce(f.meta, '{}') || jsonb_build_object('debt_repaid', least(f.p, f.debt - (f.run - f.p)))
                ELSE coalesce(f.meta, '{}') END,
           coalesce(f.at, now())
    FROM numbered f WHERE f.fresh
  ), lots AS (
    INSERT INTO point_lots (merchant_id, customer_id, sequence, points, remaining, expires_at, order_id)
    SELECT f.m, f.c, f.seq, f.p, greatest(0, least(f.p, f.run - f.debt)), f.x, f.o FROM numbered f WHERE f.fresh
  ), balances AS (
    UPDATE points_balances b
    SET balance = b.balance + s.total, version = b.version + s.entries, earned_total = b.earned_total + s.total,
        debt = greatest(0, b.debt - s.total), updated_at = now()
    FROM (SELECT f.m, f.c, sum(f.p) AS total, count(*) AS entries FROM numbered f WHERE f.fresh GROUP BY f.m, f.c) s
    WHERE b.merchant_id = s.m AND b.customer_id = s.c
  ), events AS (
    INSERT INTO outbox_events (merchant_id, kind, payload)
    SELECT f.m, 'points.changed',
           jsonb_build_object('customer_id', f.c, 'transaction_id', f.id, 'type', f.ty, 'points', f.p)
    FROM numbered f WHERE f.fresh
  ), answers AS (
    SELECT f.n, f.nth, f.c, f.p, f.fresh,
           first_value(f.fresh) OVER k AS first_fresh,
           first_value(coalesce(f.known_customer, f.c)) OVER k AS first_customer,
           first_value(coalesce(f.known_points, f.p)) OVER k AS first_points,
           first_value(CASE WHEN f.fresh THEN f.id ELSE f.known_id END) OVER k AS first_id,
           first_value(CASE WHEN f.fresh THEN f.seq ELSE f.known_seq END) OVER k AS first_seq,
           first_value(CASE WHEN f.fresh THEN f.after ELSE f.known_after END) OVER k AS first_after,
           first_value(CASE WHEN f.fresh THEN f.x ELSE f.known_expiry END) OVER k AS first_expiry
    FROM numbered f
    WINDOW k AS (PARTITION BY f.m, f.k ORDER BY f.n)
  )
  SELECT a.n,
         CASE WHEN a.fresh THEN 'awarded'
              WHEN a.first_id IS NULL THEN 'unknown_customer'
              WHEN a.first_customer = a.c AND a.first_points = a.p THEN 'duplicate'
              ELSE 'conflict' END,
         a.first_id, a.first_seq, a.first_after, a.first_expiry
  FROM answers a
  ORDER BY a.n;
END $$;

DROP FUNCTION ledger_credit_one(uuid, uuid, uuid, bigint, text, text, text, text, text, text, timestamptz, timestamptz, text, jsonb);
CREATE FUNCTION ledger_credit_one(
  p_id uuid, p_merchant uuid, p_customer uuid, p_points bigint, p_key text, p_type text, p_source text, p_reason text,
  p_order text, p_currency text, p_expires timestamptz, p_occurred timestamptz, p_actor text, p_metadata jsonb,
  p_expiry text DEFAULT NULL
) RETURNS TABLE (status text, transaction_id uuid, sequence bigint, balance_after bigint, expires_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  b record;
  known record;
  repaid bigint;
  expires timestamptz := p_expires;
BEGIN
  PERFORM require_tenant(p_merchant);
  SELECT pb.balance, pb.version, pb.debt INTO b FROM points_balances pb
  WHERE pb.merchant_id = p_merchant AND pb.customer_id = p_customer FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM ledger_lock_balances(ARRAY[p_merchant], ARRAY[p_customer]);
    SELECT pb.balance, pb.version, pb.debt INTO b FROM points_balances pb
    WHERE pb.merchant_id = p_merchant AND pb.customer_id = p_customer;
    IF NOT FOUND THEN
      RETURN QUERY SELECT 'unknown_customer', NULL::uuid, NULL::bigint, NULL::bigint, NULL::timestamptz; RETURN;
    END IF;
  END IF;
  SELECT t.transaction_id, t.sequence, t.balance_after, t.customer_id, t.points, t.expiry_date INTO known FROM points_transactions t
  WHERE t.merchant_id = p_merchant AND t.idempotency_key = p_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN known.customer_id = p_customer AND known.points = p_points THEN 'duplicate' ELSE 'conflict' END,
                        known.transaction_id, known.sequence, known.balance_after, known.expiry_date;
    RETURN;
  END IF;
  IF p_expiry IS NOT NULL THEN expires := ledger_expiry_of(p_merchant, p_expiry, p_expires); END IF;
  repaid := least(b.debt, p_points);
  INSERT INTO points_transactions (
    merchant_id, transaction_id, customer_id, type, points, sequence, balance_after, idempotency_key, source, reason,
    order_id, currency, expiry_date, actor, metadata, occurred_at)
  VALUES (p_merchant, p_id, p_customer, p_type, p_points, b.version + 1, b.balance + p_points, p_key, p_source, p_reason,
    p_order, p_currency, expires, p_actor,
    CASE WHEN repaid > 0 THEN coalesce(p_metadata, '{}') || jsonb_build_object('debt_repaid', repaid)
         ELSE coalesce(p_metadata, '{}') END,
    coalesce(p_occurred, now()));
  INSERT INTO point_lots (merchant_id, customer_id, sequence, points, remaining, expires_at, order_id)
  VALUES (p_merchant, p_customer, b.version + 1, p_points, p_points - repaid, expires, p_order);
  UPDATE points_balances SET balance = balance + p_points, version = version + 1, earned_total = earned_total + p_points,
    debt = debt - repaid, updated_at = now()
  WHERE merchant_id = p_merchant AND customer_id = p_customer;
  INSERT INTO outbox_events (merchant_id, kind, payload) VALUES (p_merchant, 'points.changed',
    jsonb_build_object('customer_id', p_customer, 'transaction_id', p_id, 'type', p_type, 'points', p_points));
  RETURN QUERY SELECT 'awarded', p_id, b.version + 1, b.balance + p_points, expires;
END $$;

-- As before, and what is due expires before a debit that asks for what is available.
CREATE OR REPLACE FUNCTION ledger_debit(
  p_id uuid, p_merchant uuid, p_customer uuid, p_points bigint, p_key text, p_type text, p_source text, p_reason text,
  p_order text, p_actor text, p_metadata jsonb, p_when_short text, p_first_sequence bigint DEFAULT NULL,
  p_held bigint DEFAULT 0, p_reverses uuid DEFAULT NULL, p_expired_before timestamptz DEFAULT NULL,
  p_currency text DEFAULT NULL, p_occurred timestamptz DEFAULT NULL
) RETURNS TABLE (status text, transaction_id uuid, sequence bigint, balance_after bigint, points bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  b points_balances;
  known record;
  amount bigint := p_points;
  consumed jsonb;
  short bigint;
BEGIN
  PERFORM require_tenant(p_merchant);
  IF p_points <= 0 THEN RAISE EXCEPTION 'a debit takes a positive number of points' USING ERRCODE = '22023'; END IF;
  PERFORM ledger_lock_balances(ARRAY[p_merchant], ARRAY[p_customer]);
  SELECT * INTO b FROM points_balances WHERE merchant_id = p_merchant AND customer_id = p_customer;
  IF NOT FOUND THEN RETURN QUERY SELECT 'unknown_customer', NULL::uuid, NULL::bigint, NULL::bigint, NULL::bigint; RETURN; END IF;
  SELECT t.transaction_id, t.sequence, t.balance_after, t.points, t.customer_id INTO known
  FROM points_transactions t WHERE t.merchant_id = p_merchant AND t.idempotency_key = p_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN known.customer_id = p_customer AND (known.points = -p_points OR p_when_short = 'clip')
                             THEN 'duplicate' ELSE 'conflict' END,
                        known.transaction_id, known.sequence, known.balance_after, known.points;
    RETURN;
  END IF;
  -- What is past its day is not spent. Expiring is itself such a debit, and must not begin again.
  IF p_when_short = 'refuse' AND p_type <> 'expire' THEN
    PERFORM ledger_expire_member(p_merchant, p_customer, coalesce(p_occurred, now()));
    SELECT * INTO b FROM points_balances WHERE merchant_id = p_merchant AND customer_id = p_customer;
  END IF;
  IF b.balance - b.held + p_held < amount THEN
    IF p_when_short = 'refuse' THEN
      RETURN QUERY SELECT 'insufficient', NULL::uuid, NULL::bigint, b.balance, NULL::bigint; RETURN;
    ELSIF p_when_short = 'clip' THEN
      amount := least(amount, greatest(0, b.balance - b.held + p_held));
      IF amount = 0 THEN
        RETURN QUERY SELECT 'nothing', NULL::uuid, NULL::bigint, b.balance, NULL::bigint; RETURN;
      END IF;
    END IF;
  END IF;
  consumed := ledger_consume_lots(p_merchant, p_customer, amount, p_order, p_first_sequence, p_expired_before);
  SELECT amount - coalesce(sum((e->>1)::bigint), 0) INTO short FROM jsonb_array_elements(consumed) e;
  INSERT INTO points_transactions (
    merchant_id, transaction_id, customer_id, type, points, sequence, balance_after, idempotency_key, source, reason,
    order_id, currency, actor, metadata, consumed, reverses_transaction_id, occurred_at)
  VALUES (p_merchant, p_id, p_customer, p_type, -amount, b.version + 1, b.balance - amount, p_key, p_source, p_reason,
    p_order, p_currency, p_actor,
    coalesce(p_metadata, '{}') || CASE WHEN short > 0 THEN jsonb_build_object('debt_incurred', short) ELSE '{}' END,
    consumed, p_reverses, coalesce(p_occurred, now()));
  UPDATE points_balances SET balance = balance - amount, debt = debt + short, version = version + 1,
    spent_total = spent_total + CASE WHEN p_type = 'redeem' THEN amount ELSE 0 END, updated_at = now()
  WHERE merchant_id = p_merchant AND customer_id = p_customer;
  INSERT INTO outbox_events (merchant_id, kind, payload) VALUES (p_merchant, 'points.changed',
    jsonb_build_object('customer_id', p_customer, 'transaction_id', p_id, 'type', p_type, 'points', -amount));
  RETURN QUERY SELECT 'posted', p_id, b.version + 1, b.balance - amount, -amount;
END $$;

DROP FUNCTION ledger_hold(uuid, uuid, uuid, bigint, text, text, timestamptz);
CREATE FUNCTION ledger_hold(
  p_hold uuid, p_merchant uuid, p_customer uuid, p_points bigint, p_key text, p_purpose text, p_expires timestamptz,
  p_now timestamptz DEFAULT now()
) RETURNS TABLE (status text, hold_id uuid)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  b points_balances;
  known point_holds;
BEGIN
  PERFORM require_tenant(p_merchant);
  PERFORM ledger_lock_balances(ARRAY[p_merchant], ARRAY[p_customer]);
  SELECT * INTO b FROM points_balances WHERE merchant_id = p_merchant AND customer_id = p_customer;
  IF NOT FOUND THEN RETURN QUERY SELECT 'unknown_customer', NULL::uuid; RETURN; END IF;
  SELECT * INTO known FROM point_holds WHERE merchant_id = p_merchant AND idempotency_key = p_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN known.customer_id = p_customer AND known.points = p_points THEN 'duplicate' ELSE 'conflict' END,
                        known.hold_id;
    RETURN;
  END IF;
  PERFORM ledger_expire_member(p_merchant, p_customer, p_now);
  SELECT * INTO b FROM points_balances WHERE merchant_id = p_merchant AND customer_id = p_customer;
  IF b.balance - b.held < p_points THEN RETURN QUERY SELECT 'insufficient', NULL::uuid; RETURN; END IF;
  INSERT INTO point_holds (merchant_id, hold_id, customer_id, points, idempotency_key, purpose, expires_at)
  VALUES (p_merchant, p_hold, p_customer, p_points, p_key, p_purpose, p_expires);
  UPDATE points_balances SET held = held + p_points, updated_at = now()
  WHERE merchant_id = p_merchant AND customer_id = p_customer;
  RETURN QUERY SELECT 'held', p_hold;
END $$;

CREATE OR REPLACE FUNCTION ledger_expire(p_merchant uuid, p_now timestamptz, p_limit integer)
RETURNS TABLE (members bigint, points bigint, more boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  due record;
  amount bigint;
  seen integer := 0;
BEGIN
  PERFORM require_tenant(p_merchant);
  members := 0; points := 0;
  PERFORM ledger_settle_hold(gen_random_uuid(), p_merchant, h.hold_id, 'expired', 'expiry', 'system', '{}')
  FROM (SELECT hold_id FROM point_holds
        WHERE merchant_id = p_merchant AND status = 'active' AND expires_at <= p_now
        ORDER BY customer_id LIMIT p_limit) h;
  FOR due IN
    SELECT l.customer_id FROM point_lots l
    JOIN points_balances pb ON pb.merchant_id = l.merchant_id AND pb.customer_id = l.customer_id
    WHERE l.merchant_id = p_merchant AND l.remaining > 0 AND l.expires_at <= p_now
    GROUP BY l.customer_id, pb.held HAVING sum(l.remaining) > pb.held
    ORDER BY l.customer_id LIMIT p_limit
  LOOP
    seen := seen + 1;
    PERFORM ledger_lock_balances(ARRAY[p_merchant], ARRAY[due.customer_id]);
    amount := ledger_expire_member(p_merchant, due.customer_id, p_now);
    CONTINUE WHEN amount = 0;
    members := members + 1;
    points := points + amount;
  END LOOP;
  more := seen = p_limit AND members > 0;
  RETURN NEXT;
END $$;

CREATE OR REPLACE FUNCTION ledger_extend_lots(
  p_merchant uuid, p_extension uuid, p_key text, p_customer uuid, p_before timestamptz, p_days integer,
  p_now timestamptz, p_actor text
) RETURNS TABLE (status text, extension_id uuid, members bigint, points bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  known expiry_extensions;
  persons uuid[];
  moved record;
  zone text := (SELECT m.timezone FROM merchants m WHERE m.merchant_id = p_merchant);
BEGIN
  PERFORM require_tenant(p_merchant);
  SELECT * INTO known FROM expiry_extensions x WHERE x.merchant_id = p_merchant AND x.idempotency_key = p_key;
  IF FOUND THEN RETURN QUERY SELECT 'duplicate', known.extension_id, known.members, known.points; RETURN; END IF;
  SELECT array_agg(DISTINCT l.customer_id) INTO persons FROM point_lots l
  WHERE l.merchant_id = p_merchant AND l.remaining > 0 AND l.expires_at < p_before
    AND (p_customer IS NULL OR l.customer_id = p_customer);
  IF persons IS NULL THEN RETURN QUERY SELECT 'nothing', NULL::uuid, 0::bigint, 0::bigint; RETURN; END IF;
  PERFORM ledger_lock_balances(array_fill(p_merchant, ARRAY[cardinality(persons)]), persons);
  INSERT INTO expiry_extensions (merchant_id, extension_id, idempotency_key, customer_id, lapsing_before, days, actor)
  VALUES (p_merchant, p_extension, p_key, p_customer, p_before, p_days, p_actor);
  WITH before AS MATERIALIZED (
    SELECT l.customer_id, l.sequence, l.remaining, l.expires_at FROM point_lots l
    WHERE l.merchant_id = p_merchant AND l.customer_id = ANY (persons) AND l.remaining > 0 AND l.expires_at < p_before
  ), lots AS (
    UPDATE point_lots l SET expires_at = shop_day_end(greatest(b.expires_at, p_now), p_days, zone)
    FROM before b WHERE l.merchant_id = p_merchant AND l.customer_id = b.customer_id AND l.sequence = b.sequence
    RETURNING l.customer_id, l.sequence, b.remaining, b.expires_at AS was, l.expires_at AS is_now
  ), kept AS (
    INSERT INTO expiry_extension_lots (merchant_id, extension_id, customer_id, sequence, expires_before, expires_after)
    SELECT p_merchant, p_extension, m.customer_id, m.sequence, m.was, m.is_now FROM lots m
  )
  SELECT count(DISTINCT m.customer_id) AS members, coalesce(sum(m.remaining), 0)::bigint AS points INTO moved FROM lots m;
  UPDATE expiry_extensions x SET members = moved.members, points = moved.points
  WHERE x.merchant_id = p_merchant AND x.extension_id = p_extension;
  RETURN QUERY SELECT 'extended', p_extension, moved.members, moved.points;
END $$;

CREATE OR REPLACE FUNCTION ledger_extend_by_earning(
  p_merchant uuid, p_customers uuid[], p_before timestamptz, p_days integer
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  persons uuid[] := p_customers;
  changed bigint;
  zone text := (SELECT m.timezone FROM merchants m WHERE m.merchant_id = p_merchant);
BEGIN
  PERFORM require_tenant(p_merchant);
  IF persons IS NULL THEN
    SELECT array_agg(DISTINCT l.customer_id) INTO persons FROM point_lots l
    WHERE l.merchant_id = p_merchant AND l.remaining > 0 AND l.expires_at < p_before;
  END IF;
  IF persons IS NULL OR cardinality(persons) = 0 THEN RETURN 0; END IF;
  PERFORM ledger_lock_balances(array_fill(p_merchant, ARRAY[cardinality(persons)]), persons);
  UPDATE point_lots l SET expires_at = a.until
  FROM (SELECT t.customer_id, shop_day_end(max(t.created_at), p_days, zone) AS until FROM points_transactions t
        WHERE t.merchant_id = p_merchant AND t.customer_id = ANY (persons) AND t.type IN ('earn', 'referral', 'campaign')
        GROUP BY t.customer_id) a
  WHERE l.merchant_id = p_merchant AND l.customer_id = a.customer_id AND l.remaining > 0 AND l.expires_at < a.until;
  GET DIAGNOSTICS changed = ROW_COUNT;
  RETURN changed;
END $$;

DO $$
DECLARE
  target regprocedure;
BEGIN
  FOREACH target IN ARRAY ARRAY[
    'ledger_credit_many(uuid[], uuid[], uuid[], bigint[], text[], text[], text[], text[], text[], text[], timestamptz[], timestamptz[], text[], jsonb[], text[])',
    'ledger_credit_one(uuid, uuid, uuid, bigint, text, text, text, text, text, text, timestamptz, timestamptz, text, jsonb, text)',
    'ledger_hold(uuid, uuid, uuid, bigint, text, text, timestamptz, timestamptz)',
    'ledger_expiry_of(uuid, text, timestamptz)',
    'ledger_expire_member(uuid, uuid, timestamptz)']::regprocedure[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO loyalnest_ledger', target);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', target);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO loyalnest_app', target);
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION ledger_expire_member(uuid, uuid, timestamptz) FROM loyalnest_app;
REVOKE EXECUTE ON FUNCTION ledger_expiry_of(uuid, text, timestamptz) FROM loyalnest_app;

-- Open lots move forward to the end of their day, never back; lines keep what was promised. What was told of a lot and
-- what a prolongation gave it follow, so that nobody is told twice and the prolongation can still be undone. A later
-- change of a shop's time zone moves none.
DO $$
DECLARE
  shop record;
BEGIN
  FOR shop IN SELECT m.merchant_id, m.timezone FROM merchants m LOOP
    PERFORM set_config('app.merchant_id', shop.merchant_id::text, true);
    INSERT INTO expiry_notices (merchant_id, customer_id, sequence, expires_at, points)
    SELECT n.merchant_id, n.customer_id, n.sequence, shop_day_end(n.expires_at, 0, shop.timezone), n.points
    FROM expiry_notices n JOIN point_lots l
      ON l.merchant_id = n.merchant_id AND l.customer_id = n.customer_id AND l.sequence = n.sequence AND l.expires_at = n.expires_at
    WHERE n.merchant_id = shop.merchant_id AND l.remaining > 0
    ON CONFLICT DO NOTHING;
    UPDATE expiry_extension_lots k SET expires_after = shop_day_end(k.expires_after, 0, shop.timezone)
    FROM point_lots l
    WHERE k.merchant_id = shop.merchant_id AND l.merchant_id = k.merchant_id AND l.customer_id = k.customer_id
      AND l.sequence = k.sequence AND l.expires_at = k.expires_after AND l.remaining > 0
      AND k.expires_after < shop_day_end(k.expires_after, 0, shop.timezone);
    UPDATE point_lots l SET expires_at = shop_day_end(l.expires_at, 0, shop.timezone)
    WHERE l.merchant_id = shop.merchant_id AND l.remaining > 0
      AND l.expires_at < shop_day_end(l.expires_at, 0, shop.timezone);
  END LOOP;
  PERFORM set_config('app.merchant_id', '', true);
END $$;
CALL step_back_from_ledger();

-- migrate:down
CALL become_ledger();
DROP FUNCTION ledger_credit_many(uuid[], uuid[], uuid[], bigint[], text[], text[], text[], text[], text[], text[], timestamptz[], timestamptz[], text[], jsonb[], text[]);
DROP FUNCTION ledger_credit_one(uuid, uuid, uuid, bigint, text, text, text, text, text, text, timestamptz, timestamptz, text, jsonb, text);
DROP FUNCTION ledger_hold(uuid, uuid, uuid, bigint, text, text, timestamptz, timestamptz);
CREATE FUNCTION ledger_credit_many(
  p_id uuid[], p_merchant uuid[], p_customer uuid[], p_points bigint[], p_key text[], p_type text[],
  p_source text[], p_reason text[], p_order text[], p_currency text[], p_expires timestamptz[],
  p_occurred timestamptz[], p_actor text[], p_metadata jsonb[]
) RETURNS TABLE (ord bigint, status text, transaction_id uuid, sequence bigint, balance_after bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
-- Batches are small and every table is reached by key: index nested loops whatever the statistics say, planned once
-- (planning over the partitions takes longer than running).
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
  PERFORM require_tenant(p_merchant);
  PERFORM ledger_lock_balances(p_merchant, p_customer);
  -- A statement of its own, so that its snapshot is later than the locks: a key written by a concurrent batch
  -- for the same member is seen here.
  -- No two of the sets below are joined with each other (a nested loop over them would be quadratic): what a row needs
  -- of its neighbours comes by window.
  RETURN QUERY
  WITH input AS MATERIALIZED (
    SELECT i.*, row_number() OVER (PARTITION BY i.m, i.k ORDER BY i.n) AS nth
    FROM unnest(p_id, p_merchant, p_customer, p_points, p_key, p_type, p_source, p_reason, p_order, p_currency,
                p_expires, p_occurred, p_actor, p_metadata)
         WITH ORDINALITY AS i(id, m, c, p, k, ty, src, why, o, cur, x, at, who, meta, n)
  ), looked AS MATERIALIZED (
    SELECT i.*, b.balance, b.version, b.debt,
           e.transaction_id AS known_id, e.sequence AS known_seq, e.balance_after AS known_after,
           e.customer_id AS known_customer, e.points AS known_points,
           (i.nth = 1 AND e.transaction_id IS NULL AND b.version IS NOT NULL) AS fresh
    FROM input i
    LEFT JOIN LATERAL (
      SELECT t.transaction_id, t.sequence, t.balance_after, t.customer_id, t.points FROM points_transactions t
      WHERE t.merchant_id = i.m AND t.idempotency_key = i.k AND i.nth = 1) e ON true
    LEFT JOIN LATERAL (
      SELECT pb.balance, pb.version, pb.debt FROM points_balances pb
      WHERE pb.merchant_id = i.m AND pb.customer_id = i.c) b ON true
  ), numbered AS MATERIALIZED (
    SELECT l.*,
           l.version + count(*) FILTER (WHERE l.fresh) OVER w AS seq,
           sum(l.p) FILTER (WHERE l.fresh) OVER w AS run,
           (l.balance + sum(l.p) FILTER (WHERE l.fresh) OVER w)::bigint AS after
    FROM looked l
    WINDOW w AS (PARTITION BY l.m, l.c ORDER BY l.n)
  ), entries AS (
    INSERT INTO points_transactions (
      merchant_id, transaction_id, customer_id, type, points, sequence, balance_after, idempotency_key, source, reason,
      order_id, currency, expiry_date, actor, metadata, occurred_at)
    SELECT f.m, f.id, f.c, f.ty, f.p, f.seq, f.after, f.k, f.src, f.why, f.o, f.cur, f.x, f.who,
           CASE WHEN f.debt > f.run - f.p
                THEN coalesce(f.meta, '{}') || jsonb_build_object('debt_repaid', least(f.p, f.debt - (f.run - f.p)))
                ELSE coalesce(f.meta, '{}') END,
           coalesce(f.at, now())
    FROM numbered f WHERE f.fresh
  ), lots AS (
    INSERT INTO point_lots (merchant_id, customer_id, sequence, points, remaining, expires_at, order_id)
    SELECT f.m, f.c, f.seq, f.p, greatest(0, least(f.p, f.run - f.debt)), f.x, f.o FROM numbered f WHERE f.fresh
  ), balances AS (
    UPDATE points_balances b
    SET balance = b.balance + s.total, version = b.version + s.entries, earned_total = b.earned_total + s.total,
        debt = greatest(0, b.debt - s.total), updated_at = now()
    FROM (SELECT f.m, f.c, sum(f.p) AS total, count(*) AS entries FROM numbered f WHERE f.fresh GROUP BY f.m, f.c) s
    WHERE b.merchant_id = s.m AND b.customer_id = s.c
  ), events AS (
    INSERT INTO outbox_events (merchant_id, kind, payload)
    SELECT f.m, 'points.changed',
           jsonb_build_object('customer_id', f.c, 'transaction_id', f.id, 'type', f.ty, 'points', f.p)
    FROM numbered f WHERE f.fresh
  ), answers AS (
    SELECT f.n, f.nth, f.c, f.p, f.fresh,
           first_value(f.fresh) OVER k AS first_fresh,
           first_value(coalesce(f.known_customer, f.c)) OVER k AS first_customer,
           first_value(coalesce(f.known_points, f.p)) OVER k AS first_points,
           first_value(CASE WHEN f.fresh THEN f.id ELSE f.known_id END) OVER k AS first_id,
           first_value(CASE WHEN f.fresh THEN f.seq ELSE f.known_seq END) OVER k AS first_seq,
           first_value(CASE WHEN f.fresh THEN f.after ELSE f.known_after END) OVER k AS first_after
    FROM numbered f
    WINDOW k AS (PARTITION BY f.m, f.k ORDER BY f.n)
  )
  SELECT a.n,
         CASE WHEN a.fresh THEN 'awarded'
              WHEN a.first_id IS NULL THEN 'unknown_customer'
              WHEN a.first_customer = a.c AND a.first_points = a.p THEN 'duplicate'
              ELSE 'conflict' END,
         a.first_id, a.first_seq, a.first_after
  FROM answers a
  ORDER BY a.n;
END $$;

CREATE FUNCTION ledger_credit_one(
  p_id uuid, p_merchant uuid, p_customer uuid, p_points bigint, p_key text, p_type text, p_source text, p_reason text,
  p_order text, p_currency text, p_expires timestamptz, p_occurred timestamptz, p_actor text, p_metadata jsonb
) RETURNS TABLE (status text, transaction_id uuid, sequence bigint, balance_after bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  b record;
  known record;
  repaid bigint;
BEGIN
  PERFORM require_tenant(p_merchant);
  SELECT pb.balance, pb.version, pb.debt INTO b FROM points_balances pb
  WHERE pb.merchant_id = p_merchant AND pb.customer_id = p_customer FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM ledger_lock_balances(ARRAY[p_merchant], ARRAY[p_customer]);
    SELECT pb.balance, pb.version, pb.debt INTO b FROM points_balances pb
    WHERE pb.merchant_id = p_merchant AND pb.customer_id = p_customer;
    IF NOT FOUND THEN
      RETURN QUERY SELECT 'unknown_customer', NULL::uuid, NULL::bigint, NULL::bigint; RETURN;
    END IF;
  END IF;
  SELECT t.transaction_id, t.sequence, t.balance_after, t.customer_id, t.points INTO known FROM points_transactions t
  WHERE t.merchant_id = p_merchant AND t.idempotency_key = p_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN known.customer_id = p_customer AND known.points = p_points THEN 'duplicate' ELSE 'conflict' END,
                        known.transaction_id, known.sequence, known.balance_after;
    RETURN;
  END IF;
  repaid := least(b.debt, p_points);
  INSERT INTO points_transactions (
    merchant_id, transaction_id, customer_id, type, points, sequence, balance_after, idempotency_key, source, reason,
    order_id, currency, expiry_date, actor, metadata, occurred_at)
  VALUES (p_merchant, p_id, p_customer, p_type, p_points, b.version + 1, b.balance + p_points, p_key, p_source, p_reason,
    p_order, p_currency, p_expires, p_actor,
    CASE WHEN repaid > 0 THEN coalesce(p_metadata, '{}') || jsonb_build_object('debt_repaid', repaid)
         ELSE coalesce(p_metadata, '{}') END,
    coalesce(p_occurred, now()));
  INSERT INTO point_lots (merchant_id, customer_id, sequence, points, remaining, expires_at, order_id)
  VALUES (p_merchant, p_customer, b.version + 1, p_points, p_points - repaid, p_expires, p_order);
  UPDATE points_balances SET balance = balance + p_points, version = version + 1, earned_total = earned_total + p_points,
    debt = debt - repaid, updated_at = now()
  WHERE merchant_id = p_merchant AND customer_id = p_customer;
  INSERT INTO outbox_events (merchant_id, kind, payload) VALUES (p_merchant, 'points.changed',
    jsonb_build_object('customer_id', p_customer, 'transaction_id', p_id, 'type', p_type, 'points', p_points));
  RETURN QUERY SELECT 'awarded', p_id, b.version + 1, b.balance + p_points;
END $$;

CREATE FUNCTION ledger_hold(
  p_hold uuid, p_merchant uuid, p_customer uuid, p_points bigint, p_key text, p_purpose text, p_expires timestamptz
) RETURNS TABLE (status text, hold_id uuid)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  b points_balances;
  known point_holds;
BEGIN
  PERFORM require_tenant(p_merchant);
  PERFORM ledger_lock_balances(ARRAY[p_merchant], ARRAY[p_customer]);
  SELECT * INTO b FROM points_balances WHERE merchant_id = p_merchant AND customer_id = p_customer;
  IF NOT FOUND THEN RETURN QUERY SELECT 'unknown_customer', NULL::uuid; RETURN; END IF;
  SELECT * INTO known FROM point_holds WHERE merchant_id = p_merchant AND idempotency_key = p_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN known.customer_id = p_customer AND known.points = p_points THEN 'duplicate' ELSE 'conflict' END,
                        known.hold_id;
    RETURN;
  END IF;
  IF b.balance - b.held < p_points THEN RETURN QUERY SELECT 'insufficient', NULL::uuid; RETURN; END IF;
  INSERT INTO point_holds (merchant_id, hold_id, customer_id, points, idempotency_key, purpose, expires_at)
  VALUES (p_merchant, p_hold, p_customer, p_points, p_key, p_purpose, p_expires);
  UPDATE points_balances SET held = held + p_points, updated_at = now()
  WHERE merchant_id = p_merchant AND customer_id = p_customer;
  RETURN QUERY SELECT 'held', p_hold;
END $$;

CREATE OR REPLACE FUNCTION ledger_debit(
  p_id uuid, p_merchant uuid, p_customer uuid, p_points bigint, p_key text, p_type text, p_source text, p_reason text,
  p_order text, p_actor text, p_metadata jsonb, p_when_short text, p_first_sequence bigint DEFAULT NULL,
  p_held bigint DEFAULT 0, p_reverses uuid DEFAULT NULL, p_expired_before timestamptz DEFAULT NULL,
  p_currency text DEFAULT NULL, p_occurred timestamptz DEFAULT NULL
) RETURNS TABLE (status text, transaction_id uuid, sequence bigint, balance_after bigint, points bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  b points_balances;
  known record;
  amount bigint := p_points;
  consumed jsonb;
  short bigint;
BEGIN
  PERFORM require_tenant(p_merchant);
  IF p_points <= 0 THEN RAISE EXCEPTION 'a debit takes a positive number of points' USING ERRCODE = '22023'; END IF;
  PERFORM ledger_lock_balances(ARRAY[p_merchant], ARRAY[p_customer]);
  SELECT * INTO b FROM points_balances WHERE merchant_id = p_merchant AND customer_id = p_customer;
  IF NOT FOUND THEN RETURN QUERY SELECT 'unknown_customer', NULL::uuid, NULL::bigint, NULL::bigint, NULL::bigint; RETURN; END IF;
  SELECT t.transaction_id, t.sequence, t.balance_after, t.points, t.customer_id INTO known
  FROM points_transactions t WHERE t.merchant_id = p_merchant AND t.idempotency_key = p_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN known.customer_id = p_customer AND (known.points = -p_points OR p_when_short = 'clip')
                             THEN 'duplicate' ELSE 'conflict' END,
                        known.transaction_id, known.sequence, known.balance_after, known.points;
    RETURN;
  END IF;
  IF b.balance - b.held + p_held < amount THEN
    IF p_when_short = 'refuse' THEN
      RETURN QUERY SELECT 'insufficient', NULL::uuid, NULL::bigint, b.balance, NULL::bigint; RETURN;
    ELSIF p_when_short = 'clip' THEN
      amount := least(amount, greatest(0, b.balance - b.held + p_held));
      IF amount = 0 THEN
        RETURN QUERY SELECT 'nothing', NULL::uuid, NULL::bigint, b.balance, NULL::bigint; RETURN;
      END IF;
    END IF;
  END IF;
  consumed := ledger_consume_lots(p_merchant, p_customer, amount, p_order, p_first_sequence, p_expired_before);
  SELECT amount - coalesce(sum((e->>1)::bigint), 0) INTO short FROM jsonb_array_elements(consumed) e;
  INSERT INTO points_transactions (
    merchant_id, transaction_id, customer_id, type, points, sequence, balance_after, idempotency_key, source, reason,
    order_id, currency, actor, metadata, consumed, reverses_transaction_id, occurred_at)
  VALUES (p_merchant, p_id, p_customer, p_type, -amount, b.version + 1, b.balance - amount, p_key, p_source, p_reason,
    p_order, p_currency, p_actor,
    coalesce(p_metadata, '{}') || CASE WHEN short > 0 THEN jsonb_build_object('debt_incurred', short) ELSE '{}' END,
    consumed, p_reverses, coalesce(p_occurred, now()));
  UPDATE points_balances SET balance = balance - amount, debt = debt + short, version = version + 1,
    spent_total = spent_total + CASE WHEN p_type = 'redeem' THEN amount ELSE 0 END, updated_at = now()
  WHERE merchant_id = p_merchant AND customer_id = p_customer;
  INSERT INTO outbox_events (merchant_id, kind, payload) VALUES (p_merchant, 'points.changed',
    jsonb_build_object('customer_id', p_customer, 'transaction_id', p_id, 'type', p_type, 'points', -amount));
  RETURN QUERY SELECT 'posted', p_id, b.version + 1, b.balance - amount, -amount;
END $$;

CREATE OR REPLACE FUNCTION ledger_expire(p_merchant uuid, p_now timestamptz, p_limit integer)
RETURNS TABLE (members bigint, points bigint, more boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  due record;
  b points_balances;
  expired bigint;
  amount bigint;
  seen integer := 0;
BEGIN
  PERFORM require_tenant(p_merchant);
  members := 0; points := 0;
  PERFORM ledger_settle_hold(gen_random_uuid(), p_merchant, h.hold_id, 'expired', 'expiry', 'system', '{}')
  FROM (SELECT hold_id FROM point_holds
        WHERE merchant_id = p_merchant AND status = 'active' AND expires_at <= p_now
        ORDER BY customer_id LIMIT p_limit) h;
  FOR due IN
    SELECT l.customer_id FROM point_lots l
    JOIN points_balances pb ON pb.merchant_id = l.merchant_id AND pb.customer_id = l.customer_id
    WHERE l.merchant_id = p_merchant AND l.remaining > 0 AND l.expires_at <= p_now AND pb.balance > pb.held
    GROUP BY l.customer_id ORDER BY l.customer_id LIMIT p_limit
  LOOP
    seen := seen + 1;
    PERFORM ledger_lock_balances(ARRAY[p_merchant], ARRAY[due.customer_id]);
    SELECT * INTO b FROM points_balances WHERE merchant_id = p_merchant AND customer_id = due.customer_id;
    SELECT coalesce(sum(l.remaining), 0) INTO expired FROM point_lots l
    WHERE l.merchant_id = p_merchant AND l.customer_id = due.customer_id AND l.remaining > 0 AND l.expires_at <= p_now;
    amount := least(expired, greatest(0, b.balance - b.held));
    CONTINUE WHEN amount = 0;
    PERFORM ledger_debit(gen_random_uuid(), p_merchant, due.customer_id, amount,
      'expiry/' || due.customer_id || '/' || (b.version + 1), 'expire', 'expiry', NULL, NULL, 'system', '{}', 'refuse',
      NULL, 0, NULL, p_now);
    members := members + 1;
    points := points + amount;
  END LOOP;
  more := seen = p_limit AND members > 0;
  RETURN NEXT;
END $$;

CREATE OR REPLACE FUNCTION ledger_extend_lots(
  p_merchant uuid, p_extension uuid, p_key text, p_customer uuid, p_before timestamptz, p_days integer,
  p_now timestamptz, p_actor text
) RETURNS TABLE (status text, extension_id uuid, members bigint, points bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  known expiry_extensions;
  persons uuid[];
  moved record;
BEGIN
  PERFORM require_tenant(p_merchant);
  SELECT * INTO known FROM expiry_extensions x WHERE x.merchant_id = p_merchant AND x.idempotency_key = p_key;
  IF FOUND THEN RETURN QUERY SELECT 'duplicate', known.extension_id, known.members, known.points; RETURN; END IF;
  SELECT array_agg(DISTINCT l.customer_id) INTO persons FROM point_lots l
  WHERE l.merchant_id = p_merchant AND l.remaining > 0 AND l.expires_at < p_before
    AND (p_customer IS NULL OR l.customer_id = p_customer);
  IF persons IS NULL THEN RETURN QUERY SELECT 'nothing', NULL::uuid, 0::bigint, 0::bigint; RETURN; END IF;
  PERFORM ledger_lock_balances(array_fill(p_merchant, ARRAY[cardinality(persons)]), persons);
  INSERT INTO expiry_extensions (merchant_id, extension_id, idempotency_key, customer_id, lapsing_before, days, actor)
  VALUES (p_merchant, p_extension, p_key, p_customer, p_before, p_days, p_actor);
  WITH before AS MATERIALIZED (
    SELECT l.customer_id, l.sequence, l.remaining, l.expires_at FROM point_lots l
    WHERE l.merchant_id = p_merchant AND l.customer_id = ANY (persons) AND l.remaining > 0 AND l.expires_at < p_before
  ), lots AS (
    UPDATE point_lots l SET expires_at = greatest(b.expires_at, p_now) + make_interval(days => p_days)
    FROM before b WHERE l.merchant_id = p_merchant AND l.customer_id = b.customer_id AND l.sequence = b.sequence
    RETURNING l.customer_id, l.sequence, b.remaining, b.expires_at AS was, l.expires_at AS is_now
  ), kept AS (
    INSERT INTO expiry_extension_lots (merchant_id, extension_id, customer_id, sequence, expires_before, expires_after)
    SELECT p_merchant, p_extension, m.customer_id, m.sequence, m.was, m.is_now FROM lots m
  )
  SELECT count(DISTINCT m.customer_id) AS members, coalesce(sum(m.remaining), 0)::bigint AS points INTO moved FROM lots m;
  UPDATE expiry_extensions x SET members = moved.members, points = moved.points
  WHERE x.merchant_id = p_merchant AND x.extension_id = p_extension;
  RETURN QUERY SELECT 'extended', p_extension, moved.members, moved.points;
END $$;

CREATE OR REPLACE FUNCTION ledger_extend_by_earning(
  p_merchant uuid, p_customers uuid[], p_before timestamptz, p_days integer
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  persons uuid[] := p_customers;
  changed bigint;
BEGIN
  PERFORM require_tenant(p_merchant);
  IF persons IS NULL THEN
    SELECT array_agg(DISTINCT l.customer_id) INTO persons FROM point_lots l
    WHERE l.merchant_id = p_merchant AND l.remaining > 0 AND l.expires_at < p_before;
  END IF;
  IF persons IS NULL OR cardinality(persons) = 0 THEN RETURN 0; END IF;
  PERFORM ledger_lock_balances(array_fill(p_merchant, ARRAY[cardinality(persons)]), persons);
  UPDATE point_lots l SET expires_at = a.until
  FROM (SELECT t.customer_id, max(t.created_at) + make_interval(days => p_days) AS until FROM points_transactions t
        WHERE t.merchant_id = p_merchant AND t.customer_id = ANY (persons) AND t.type IN ('earn', 'referral', 'campaign')
        GROUP BY t.customer_id) a
  WHERE l.merchant_id = p_merchant AND l.customer_id = a.customer_id AND l.remaining > 0 AND l.expires_at < a.until;
  GET DIAGNOSTICS changed = ROW_COUNT;
  RETURN changed;
END $$;

DROP FUNCTION ledger_expire_member(uuid, uuid, timestamptz);
DROP FUNCTION ledger_expiry_of(uuid, text, timestamptz);
DO $$
DECLARE
  target regprocedure;
BEGIN
  FOREACH target IN ARRAY ARRAY[
    'ledger_credit_many(uuid[], uuid[], uuid[], bigint[], text[], text[], text[], text[], text[], text[], timestamptz[], timestamptz[], text[], jsonb[])',
    'ledger_credit_one(uuid, uuid, uuid, bigint, text, text, text, text, text, text, timestamptz, timestamptz, text, jsonb)',
    'ledger_hold(uuid, uuid, uuid, bigint, text, text, timestamptz)']::regprocedure[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO loyalnest_ledger', target);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', target);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO loyalnest_app', target);
  END LOOP;
END $$;
CALL step_back_from_ledger();
DROP FUNCTION shop_day_end(timestamptz, integer, text);
