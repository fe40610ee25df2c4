-- Moves everything of one member to another: a debit on one side, on the other a credit per lot with its old expiration
-- date, so that nothing is won or lost by merging. A debt moves as a debt.
CREATE OR REPLACE FUNCTION ledger_merge(p_merchant uuid, p_from uuid, p_to uuid, p_key text, p_actor text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  b points_balances;
  lot record;
  moved bigint := 0;
BEGIN
  PERFORM require_tenant(p_merchant);
  PERFORM ledger_lock_balances(ARRAY[p_merchant, p_merchant], ARRAY[p_from, p_to]);
  IF EXISTS (SELECT 1 FROM points_transactions t WHERE t.merchant_id = p_merchant AND t.idempotency_key = p_key || '/from') THEN
    RETURN 0;
  END IF;
  PERFORM ledger_settle_hold(gen_random_uuid(), p_merchant, h.hold_id, 'released', 'merge', p_actor, '{}')
  FROM point_holds h WHERE h.merchant_id = p_merchant AND h.customer_id = p_from AND h.status = 'active';
  SELECT * INTO b FROM points_balances WHERE merchant_id = p_merchant AND customer_id = p_from;
  IF NOT FOUND OR (b.balance = 0 AND b.debt = 0) THEN RETURN 0; END IF;
  FOR lot IN
    SELECT l.* FROM point_lots l
    WHERE l.merchant_id = p_merchant AND l.customer_id = p_from AND l.remaining > 0 ORDER BY l.sequence
  LOOP
    PERFORM ledger_credit_many(ARRAY[gen_random_uuid()], ARRAY[p_merchant], ARRAY[p_to], ARRAY[lot.remaining],
      ARRAY[p_key || '/lot/' || lot.sequence], ARRAY['adjust'], ARRAY['merge'], ARRAY[NULL::text], ARRAY[lot.order_id],
      ARRAY[NULL::text], ARRAY[lot.expires_at], ARRAY[NULL::timestamptz], ARRAY[p_actor], ARRAY['{}'::jsonb]);
    moved := moved + lot.remaining;
  END LOOP;
  IF moved > 0 THEN
    PERFORM ledger_debit(gen_random_uuid(), p_merchant, p_from, moved, p_key || '/from', 'adjust', 'merge', NULL, NULL,
      p_actor, '{}', 'debt');
  END IF;
  IF b.debt > 0 THEN
    PERFORM ledger_credit_many(ARRAY[gen_random_uuid()], ARRAY[p_merchant], ARRAY[p_from], ARRAY[b.debt],
      ARRAY[p_key || '/debt/from'], ARRAY['adjust'], ARRAY['merge'], ARRAY[NULL::text], ARRAY[NULL::text],
      ARRAY[NULL::text], ARRAY[NULL::timestamptz], ARRAY[NULL::timestamptz], ARRAY[p_actor], ARRAY['{}'::jsonb]);
    PERFORM ledger_debit(gen_random_uuid(), p_merchant, p_to, b.debt, p_key || '/debt/to', 'adjust', 'merge', NULL, NULL,
      p_actor, '{}', 'debt');
  END IF;
  RETURN moved - b.debt;
END $$;
