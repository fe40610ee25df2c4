-- Shopify's sessions of one shop, at most a hundred.
CREATE OR REPLACE FUNCTION find_sessions_by_shop(p_shop text)
RETURNS TABLE (session_id text, shop text, state text, is_online boolean, scope text, access_token bytea,
               refresh_token bytea, expires_at timestamptz, refresh_expires_at timestamptz, user_id text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_shop(ARRAY[p_shop]);
  SELECT s.session_id, s.shop, s.state, s.is_online, s.scope, s.access_token, s.refresh_token, s.expires_at,
         s.refresh_expires_at, s.user_id
  FROM shopify_sessions s WHERE s.shop = p_shop ORDER BY s.session_id LIMIT 100
$$;
