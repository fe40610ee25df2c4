-- Deletes messages that ended half a year ago or longer, at most p_limit. Answers how many rows went.
CREATE OR REPLACE FUNCTION messages_delete_old(p_limit integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM email_events e USING (
    SELECT o.merchant_id, o.event_id FROM email_events o
    WHERE o.created_at < now() - interval '180 days' LIMIT p_limit) d
  WHERE e.merchant_id = d.merchant_id AND e.event_id = d.event_id;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
