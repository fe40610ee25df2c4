-- Expiry that nobody is surprised by: notices ahead, extensions by hand that can be taken back, and points that are
-- kept alive by earning. Only dates of lots move here, never points.

-- migrate:up

-- Which lots were told of, and for which date: a lot that lives longer is told of again.
CREATE TABLE expiry_notices (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  customer_id uuid NOT NULL,
  sequence bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  points bigint NOT NULL CHECK (points > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, customer_id, sequence, expires_at),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
);
CALL isolate_tenants('expiry_notices');

CREATE TABLE expiry_extensions (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  extension_id uuid NOT NULL,
  idempotency_key text NOT NULL,
  -- Null: every member's.
  customer_id uuid,
  -- The lots that would have lapsed before this moment.
  lapsing_before timestamptz NOT NULL,
  days integer NOT NULL CHECK (days BETWEEN 1 AND 3650),
  members bigint NOT NULL DEFAULT 0,
  points bigint NOT NULL DEFAULT 0,
  actor text,
  created_at timestamptz NOT NULL DEFAULT now(),
  undone_at timestamptz,
  undone_by text,
  PRIMARY KEY (merchant_id, extension_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_expiry_extensions_idempotency ON expiry_extensions (merchant_id, idempotency_key);
CREATE INDEX idx_expiry_extensions_created_at ON expiry_extensions (merchant_id, created_at, extension_id);
CALL isolate_tenants('expiry_extensions');

CREATE TABLE expiry_extension_lots (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  extension_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  sequence bigint NOT NULL,
  expires_before timestamptz NOT NULL,
  expires_after timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, extension_id, customer_id, sequence),
  FOREIGN KEY (merchant_id, extension_id) REFERENCES expiry_extensions (merchant_id, extension_id) ON DELETE CASCADE,
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
);
CALL isolate_tenants('expiry_extension_lots');

-- Erasing a shop takes its members first, and theirs would go through these keys row by row.
CREATE INDEX idx_expiry_extension_lots_customer ON expiry_extension_lots (merchant_id, customer_id);

GRANT SELECT, INSERT ON expiry_notices TO loyalnest_app;
GRANT SELECT ON expiry_extensions, expiry_extension_lots TO loyalnest_app;
GRANT SELECT, INSERT, UPDATE ON expiry_extensions, expiry_extension_lots TO loyalnest_ledger;
DO $$
DECLARE
  target regclass;
BEGIN
  FOREACH target IN ARRAY ARRAY['expiry_notices', 'expiry_extensions', 'expiry_extension_lots']::regclass[] LOOP
    EXECUTE format('CREATE POLICY every_tenant_redactor ON %s TO loyalnest_redactor
                    USING (current_user = ''loyalnest_redactor'') WITH CHECK (current_user = ''loyalnest_redactor'')', target);
    EXECUTE format('GRANT SELECT, DELETE ON %s TO loyalnest_redactor', target);
  END LOOP;
  FOREACH target IN ARRAY ARRAY['expiry_extensions', 'expiry_extension_lots']::regclass[] LOOP
    EXECUTE format('CREATE POLICY every_tenant_ledger ON %s TO loyalnest_ledger USING (true) WITH CHECK (true)', target);
  END LOOP;
END $$;

-- Lets lots that would lapse before p_before live p_days longer, of one member or of all, and keeps what they had.
-- status: extended | duplicate (same key: the first answer again) | nothing (no such lot)
CREATE FUNCTION ledger_extend_lots(
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

-- Gives lots back the date they had, unless something has changed it since. status: undone | duplicate | unknown
CREATE FUNCTION ledger_undo_extension(p_merchant uuid, p_extension uuid, p_now timestamptz, p_actor text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  persons uuid[];
  known expiry_extensions;
BEGIN
  SELECT array_agg(DISTINCT k.customer_id) INTO persons FROM expiry_extension_lots k
  WHERE k.merchant_id = p_merchant AND k.extension_id = p_extension;
  IF persons IS NOT NULL THEN
    PERFORM ledger_lock_balances(array_fill(p_merchant, ARRAY[cardinality(persons)]), persons);
  END IF;
  SELECT * INTO known FROM expiry_extensions x
  WHERE x.merchant_id = p_merchant AND x.extension_id = p_extension FOR UPDATE;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  IF known.undone_at IS NOT NULL THEN RETURN 'duplicate'; END IF;
  UPDATE point_lots l SET expires_at = k.expires_before
  FROM expiry_extension_lots k
  WHERE k.merchant_id = p_merchant AND k.extension_id = p_extension
    AND l.merchant_id = p_merchant AND l.customer_id = k.customer_id AND l.sequence = k.sequence
    AND l.expires_at = k.expires_after;
  UPDATE expiry_extensions x SET undone_at = p_now, undone_by = p_actor
  WHERE x.merchant_id = p_merchant AND x.extension_id = p_extension;
  RETURN 'undone';
END $$;

-- Where points live on by earning: every lot of a member that lapses lives p_days from what they earned last.
-- p_customers: whose; null for all with lots that lapse before p_before. Answers how many lots live longer.
CREATE FUNCTION ledger_extend_by_earning(
  p_merchant uuid, p_customers uuid[], p_before timestamptz, p_days integer
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  persons uuid[] := p_customers;
  changed bigint;
BEGIN
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

CALL become_ledger();
DO $$
DECLARE
  door regprocedure;
BEGIN
  FOREACH door IN ARRAY ARRAY[
    'ledger_extend_lots(uuid, uuid, text, uuid, timestamptz, integer, timestamptz, text)',
    'ledger_undo_extension(uuid, uuid, timestamptz, text)',
    'ledger_extend_by_earning(uuid, uuid[], timestamptz, integer)']::regprocedure[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO loyalnest_ledger', door);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', door);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO loyalnest_app', door);
  END LOOP;
END $$;
CALL step_back_from_ledger();

-- migrate:down
DROP FUNCTION ledger_extend_by_earning(uuid, uuid[], timestamptz, integer);
DROP FUNCTION ledger_undo_extension(uuid, uuid, timestamptz, text);
DROP FUNCTION ledger_extend_lots(uuid, uuid, text, uuid, timestamptz, integer, timestamptz, text);
DROP TABLE expiry_extension_lots;
DROP TABLE expiry_extensions;
DROP TABLE expiry_notices;
