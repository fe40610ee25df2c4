-- Deletes sessions by their ids, after logging out or uninstalling.
CREATE OR REPLACE FUNCTION delete_sessions(p_session_ids text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_shop(ARRAY(SELECT k.shop FROM shopify_sessions k WHERE k.session_id = ANY (p_session_ids)));
  DELETE FROM shopify_sessions s WHERE s.session_id = ANY (p_session_ids)
$$;
