-- One of Shopify's sessions, by the id that Shopify's library makes.
CREATE OR REPLACE FUNCTION load_session(p_session_id text)
RETURNS TABLE (session_id text, shop text, state text, is_online boolean, scope text, access_token bytea,
               refresh_token bytea, expires_at timestamptz, refresh_expires_at timestamptz, user_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_shop(ARRAY(SELECT k.shop FROM shopify_sessions k WHERE k.session_id = p_session_id));
  SELECT s.session_id, s.shop, s.state, s.is_online, s.scope, s.access_token, s.refresh_token, s.expires_at,
         s.refresh_expires_at, s.user_id
  FROM shopify_sessions s WHERE s.session_id = p_session_id
$$;
