-- Extends lots that would expire before p_before by p_days, of one member or of all, and keeps the dates they had.
-- status: extended | duplicate (same key: the first answer again) | nothing (no such lot)
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
