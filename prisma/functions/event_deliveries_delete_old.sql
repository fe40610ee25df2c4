-- Deletes events to endpoints a month after they happened, at most p_limit. Answers how many rows went.
CREATE OR REPLACE FUNCTION event_deliveries_delete_old(p_limit integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM event_deliveries e USING (
    SELECT o.merchant_id, o.delivery_id FROM event_deliveries o
    WHERE o.created_at < now() - interval '30 days' LIMIT p_limit) d
  WHERE e.merchant_id = d.merchant_id AND e.delivery_id = d.delivery_id;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
