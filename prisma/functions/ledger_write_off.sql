-- Brings the balance of a member who is being erased to zero by one entry, after releasing what was held.
CREATE OR REPLACE FUNCTION ledger_write_off(p_merchant uuid, p_customer uuid, p_key text, p_actor text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  b points_balances;
BEGIN
  PERFORM require_tenant(p_merchant);
  PERFORM ledger_lock_balances(ARRAY[p_merchant], ARRAY[p_customer]);
  PERFORM ledger_settle_hold(gen_random_uuid(), p_merchant, h.hold_id, 'released', 'redaction', p_actor, '{}')
  FROM point_holds h WHERE h.merchant_id = p_merchant AND h.customer_id = p_customer AND h.status = 'active';
  SELECT * INTO b FROM points_balances WHERE merchant_id = p_merchant AND customer_id = p_customer;
  IF NOT FOUND OR b.balance = 0 THEN RETURN 0; END IF;
  IF b.balance > 0 THEN
    PERFORM ledger_debit(gen_random_uuid(), p_merchant, p_customer, b.balance, p_key, 'writeoff', 'redaction', NULL, NULL,
      p_actor, '{}', 'debt');
  ELSE
    PERFORM ledger_credit_many(ARRAY[gen_random_uuid()], ARRAY[p_merchant], ARRAY[p_customer], ARRAY[-b.balance],
      ARRAY[p_key], ARRAY['writeoff'], ARRAY['redaction'], ARRAY[NULL::text], ARRAY[NULL::text], ARRAY[NULL::text],
      ARRAY[NULL::timestamptz], ARRAY[NULL::timestamptz], ARRAY[p_actor], ARRAY['{}'::jsonb]);
  END IF;
  RETURN -b.balance;
END $$;
