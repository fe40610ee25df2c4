-- Expires what is due by p_now, for at most p_limit members of one tenant: holds that were never settled, then one entry per
-- member for the lots. Held points stay until their hold ends. What cannot be done for one member is left out with its
-- reason, and the others' points expire all the same. Answers how many members and points, and whether there may be more.
CREATE OR REPLACE FUNCTION ledger_expire(p_merchant uuid, p_now timestamptz, p_limit integer)
RETURNS TABLE (members bigint, points bigint, more boolean, left_out jsonb)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  due record;
  amount bigint;
BEGIN
  PERFORM require_tenant(p_merchant);
  members := 0; points := 0; left_out := '[]';
  FOR due IN
    SELECT h.hold_id, h.customer_id FROM point_holds h
    WHERE h.merchant_id = p_merchant AND h.status = 'active' AND h.expires_at <= p_now
    ORDER BY h.customer_id, h.hold_id LIMIT p_limit
  LOOP
    BEGIN
      PERFORM ledger_settle_hold(gen_random_uuid(), p_merchant, due.hold_id, 'expired', 'expiry', 'system', '{}');
    EXCEPTION
      -- Contention and a time that is up are no fault of this member: the call is tried again.
      WHEN transaction_rollback OR object_not_in_prerequisite_state OR operator_intervention OR insufficient_resources THEN RAISE;
      WHEN OTHERS THEN
        left_out := left_out || jsonb_build_object('customer_id', due.customer_id, 'code', SQLSTATE);
    END;
  END LOOP;
  FOR due IN
    SELECT l.customer_id FROM point_lots l
    JOIN points_balances pb ON pb.merchant_id = l.merchant_id AND pb.customer_id = l.customer_id
    WHERE l.merchant_id = p_merchant AND l.remaining > 0 AND l.expires_at <= p_now
    GROUP BY l.customer_id, pb.held HAVING sum(l.remaining) > pb.held
    ORDER BY l.customer_id
  LOOP
    EXIT WHEN members = p_limit;
    BEGIN
      PERFORM ledger_lock_balances(ARRAY[p_merchant], ARRAY[due.customer_id]);
      amount := ledger_expire_member(p_merchant, due.customer_id, p_now);
      IF amount > 0 THEN
        members := members + 1;
        points := points + amount;
      END IF;
    EXCEPTION
      WHEN transaction_rollback OR object_not_in_prerequisite_state OR operator_intervention OR insufficient_resources THEN RAISE;
      WHEN OTHERS THEN
        left_out := left_out || jsonb_build_object('customer_id', due.customer_id, 'code', SQLSTATE);
    END;
  END LOOP;
  more := members = p_limit;
  RETURN NEXT;
END $$;
