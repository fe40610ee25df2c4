-- ledger_credit_many() for a single credit: several small statements, each reaching one partition, cost a third of the
-- set-based one, which opens them all. Both say the same of every credit (a test plays the same histories through both).
CREATE OR REPLACE FUNCTION ledger_credit_one(
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
