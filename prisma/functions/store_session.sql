-- Stores one of Shopify's sessions, tokens encrypted. A session stays with the shop that has it.
CREATE OR REPLACE FUNCTION store_session(
  p_session_id text, p_shop text, p_state text, p_is_online boolean, p_scope text, p_access_token bytea,
  p_refresh_token bytea, p_expires_at timestamptz, p_refresh_expires_at timestamptz, p_user_id text
) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT require_shop(p_shop || ARRAY(SELECT k.shop FROM shopify_sessions k WHERE k.session_id = p_session_id));
  INSERT INTO shopify_sessions AS s (session_id, merchant_id, shop, state, is_online, scope, access_token, refresh_token,
                                     expires_at, refresh_expires_at, user_id)
  VALUES (p_session_id, (SELECT m.merchant_id FROM merchants m WHERE m.shopify_domain = lower(p_shop)), p_shop, p_state,
          p_is_online, p_scope, p_access_token, p_refresh_token, p_expires_at, p_refresh_expires_at, p_user_id)
  ON CONFLICT (session_id) DO UPDATE SET
    merchant_id = coalesce(EXCLUDED.merchant_id, s.merchant_id), state = EXCLUDED.state, is_online = EXCLUDED.is_online,
    scope = EXCLUDED.scope, access_token = EXCLUDED.access_token, refresh_token = EXCLUDED.refresh_token,
    expires_at = EXCLUDED.expires_at, refresh_expires_at = EXCLUDED.refresh_expires_at, user_id = EXCLUDED.user_id
  -- An id belongs to the shop that it was first stored for.
  WHERE s.shop = EXCLUDED.shop
$$;
