-- Marks events as sent. Answers how many of them were not yet.
CREATE OR REPLACE FUNCTION outbox_acknowledge(p_event_ids bigint[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  acknowledged integer;
BEGIN
  UPDATE outbox_events e SET acknowledged_at = now()
  FROM (SELECT o.event_id FROM outbox_events o
        WHERE o.event_id = ANY (p_event_ids) AND o.acknowledged_at IS NULL ORDER BY o.event_id FOR UPDATE) mine
  WHERE e.event_id = mine.event_id;
  GET DIAGNOSTICS acknowledged = ROW_COUNT;
  RETURN acknowledged;
END $$;
