-- Credits many members at once: one entry, one lot, one outbox event each, one update per balance.
-- status: awarded | duplicate (same key, same content: the first answer again) | conflict (same key, other content) |
-- unknown_customer.
-- A credit first pays back the debt, and only the rest becomes a lot that can be spent. p_expiry says what p_expires is:
-- null, the moment itself; else the moment that the rule of that name counts from (ledger_expiry_of).
CREATE OR REPLACE FUNCTION ledger_credit_many(
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
  -- of its neighbors comes by window.
  RETURN QUERY
  WITH asked AS MATERIALIZED (
    SELECT i.*,
           row_number() OVER (PARTITION BY i.m, i.k ORDER BY i.n) AS nth,
           row_number() OVER (PARTITION BY i.m, i.rule, date_trunc('minute', i.counts_from) ORDER BY i.n) AS nth_of_minute
    FROM unnest(p_id, p_merchant, p_customer, p_points, p_key, p_type, p_source, p_reason, p_order, p_currency,
                p_expires, p_occurred, p_actor, p_metadata, p_expiry)
         WITH ORDINALITY AS i(id, m, c, p, k, ty, src, why, o, cur, counts_from, at, who, meta, rule, n)
  ), input AS MATERIALIZED (
    -- Reading the shop's rule is dear beside the rest of a credit. No day of any clock begins within a minute, so one
    -- reading serves all credits of a shop's minute.
    SELECT a.*,
           CASE WHEN a.rule IS NULL THEN a.counts_from
                -- An aggregate, since first_value() would evaluate its argument anew for every row.
                ELSE max(CASE WHEN a.rule IS NOT NULL AND a.nth_of_minute = 1
                              THEN ledger_expiry_of(a.m, a.rule, a.counts_from) END)
                     OVER (PARTITION BY a.m, a.rule, date_trunc('minute', a.counts_from)) END AS x
    FROM asked a
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
