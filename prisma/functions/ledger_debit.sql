-- Debits one member. when_short: refuse (status insufficient) | debt (the balance may go below zero) | clip (takes what
-- there is). p_held: points of a hold that this debit settles, so that they count as available. What is due expires
-- before a debit that asks for what is available.
-- status: posted | duplicate | conflict | insufficient | nothing (clipped to zero) | unknown_customer.
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
