-- Undoes one entry by its opposite, once. A credit is taken from its own lot first (and may leave a debt); a debit returns
-- its points to the same lots it took them from, with their old expiration date, after paying any debt.
-- p_points: how many of a credit to take (null: all that earlier reversals left).
-- status: posted | duplicate | nothing | unknown_entry | not_reversible.
CREATE OR REPLACE FUNCTION ledger_reverse(
  p_id uuid, p_merchant uuid, p_transaction uuid, p_points bigint, p_key text, p_type text, p_source text,
  p_reason text, p_actor text, p_metadata jsonb, p_when_short text
) RETURNS TABLE (status text, transaction_id uuid, sequence bigint, balance_after bigint, points bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  original points_transactions;
  b points_balances;
  known record;
  amount bigint;
  already bigint;
  rest bigint;
  part bigint;
  given jsonb := '[]';
  lot record;
  new_sequence bigint;
  repaid bigint;
BEGIN
  PERFORM require_tenant(p_merchant);
  SELECT * INTO original FROM points_transactions t WHERE t.merchant_id = p_merchant AND t.transaction_id = p_transaction;
  IF NOT FOUND THEN RETURN QUERY SELECT 'unknown_entry', NULL::uuid, NULL::bigint, NULL::bigint, NULL::bigint; RETURN; END IF;
  PERFORM ledger_lock_balances(ARRAY[p_merchant], ARRAY[original.customer_id]);
  SELECT t.transaction_id, t.sequence, t.balance_after, t.points INTO known
  FROM points_transactions t WHERE t.merchant_id = p_merchant AND t.idempotency_key = p_key;
  IF FOUND THEN RETURN QUERY SELECT 'duplicate', known.transaction_id, known.sequence, known.balance_after, known.points; RETURN; END IF;
  IF original.reverses_transaction_id IS NOT NULL THEN
    RETURN QUERY SELECT 'not_reversible', NULL::uuid, NULL::bigint, NULL::bigint, NULL::bigint; RETURN;
  END IF;
  SELECT coalesce(sum(t.points), 0) INTO already FROM points_transactions t
  WHERE t.merchant_id = p_merchant AND t.customer_id = original.customer_id AND t.reverses_transaction_id = p_transaction;
  amount := least(coalesce(p_points, abs(original.points)), abs(original.points) - abs(already));
  IF amount <= 0 THEN RETURN QUERY SELECT 'nothing', NULL::uuid, NULL::bigint, NULL::bigint, NULL::bigint; RETURN; END IF;

  IF original.points > 0 THEN
    RETURN QUERY SELECT d.* FROM ledger_debit(p_id, p_merchant, original.customer_id, amount, p_key, p_type, p_source,
      p_reason, original.order_id, p_actor, p_metadata, p_when_short, original.sequence, 0, p_transaction, NULL,
      original.currency) d;
    RETURN;
  END IF;

  IF amount < abs(original.points) THEN
    RETURN QUERY SELECT 'not_reversible', NULL::uuid, NULL::bigint, NULL::bigint, NULL::bigint; RETURN;
  END IF;
  SELECT * INTO b FROM points_balances WHERE merchant_id = p_merchant AND customer_id = original.customer_id;
  new_sequence := b.version + 1;
  repaid := least(b.debt, amount);
  rest := amount - repaid;
  FOR lot IN
    SELECT (e->>0)::bigint AS sequence, (e->>1)::bigint AS taken FROM jsonb_array_elements(coalesce(original.consumed, '[]')) e
    ORDER BY 1 DESC
  LOOP
    part := least(rest, lot.taken);
    EXIT WHEN part <= 0;
    UPDATE point_lots SET remaining = remaining + part
    WHERE merchant_id = p_merchant AND customer_id = original.customer_id AND sequence = lot.sequence;
    given := given || jsonb_build_array(jsonb_build_array(lot.sequence, part));
    rest := rest - part;
  END LOOP;
  -- What had been debt and was repaid since comes back as a lot of its own.
  IF rest > 0 THEN
    INSERT INTO point_lots (merchant_id, customer_id, sequence, points, remaining, expires_at)
    VALUES (p_merchant, original.customer_id, new_sequence, rest, rest, NULL);
  END IF;
  INSERT INTO points_transactions (
    merchant_id, transaction_id, customer_id, type, points, sequence, balance_after, idempotency_key, source, reason,
    order_id, currency, actor, metadata, reverses_transaction_id)
  VALUES (p_merchant, p_id, original.customer_id, p_type, amount, new_sequence, b.balance + amount, p_key, p_source, p_reason,
    original.order_id, original.currency, p_actor,
    coalesce(p_metadata, '{}') || jsonb_build_object('restored', given)
      || CASE WHEN repaid > 0 THEN jsonb_build_object('debt_repaid', repaid) ELSE '{}' END,
    p_transaction);
  UPDATE points_balances SET balance = balance + amount, debt = debt - repaid, version = new_sequence,
    spent_total = spent_total - CASE WHEN original.type = 'redeem' THEN amount ELSE 0 END, updated_at = now()
  WHERE merchant_id = p_merchant AND customer_id = original.customer_id;
  INSERT INTO outbox_events (merchant_id, kind, payload) VALUES (p_merchant, 'points.changed',
    jsonb_build_object('customer_id', original.customer_id, 'transaction_id', p_id, 'type', p_type, 'points', amount));
  RETURN QUERY SELECT 'posted', p_id, new_sequence, b.balance + amount, amount;
END $$;
