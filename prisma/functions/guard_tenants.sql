-- Guards every function of the ledger's role that takes a tenant and does not say so itself, by the name of the argument
-- that names the tenant. A migration that replaces such a function without the line calls this after it.
CREATE OR REPLACE PROCEDURE guard_tenants()
LANGUAGE plpgsql
AS $$
DECLARE
  target record;
BEGIN
  FOR target IN
    SELECT p.oid::regprocedure AS name,
           CASE p.proname
             WHEN 'ledger_complete_entry' THEN 'require_tenant(NEW.merchant_id)'
             WHEN 'orders_merge_many' THEN 'require_tenant(ARRAY(SELECT (e->>''merchant_id'')::uuid FROM jsonb_array_elements(p_orders) e))'
             WHEN 'orders_ensure_customers' THEN 'require_tenant(ARRAY(SELECT (e->>''merchant_id'')::uuid FROM jsonb_array_elements(p_customers) e))'
             WHEN 'merchant_by_shop' THEN 'require_shop(ARRAY[p_shop_domain])'
             WHEN 'find_sessions_by_shop' THEN 'require_shop(ARRAY[p_shop])'
             WHEN 'store_session' THEN 'require_shop(p_shop || ARRAY(SELECT k.shop FROM shopify_sessions k WHERE k.session_id = p_session_id))'
             WHEN 'load_session' THEN 'require_shop(ARRAY(SELECT k.shop FROM shopify_sessions k WHERE k.session_id = p_session_id))'
             WHEN 'delete_sessions' THEN 'require_shop(ARRAY(SELECT k.shop FROM shopify_sessions k WHERE k.session_id = ANY (p_session_ids)))'
             WHEN 'inbox_store' THEN 'require_shop(p_shop)'
             ELSE 'require_tenant(p_merchant)' END AS guard
    FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND p.proowner = 'loyalnest_ledger'::regrole
      AND p.prosrc !~ '\mrequire_(tenant|shop|own_tenant)\('
      AND ('p_merchant' = ANY (p.proargnames)
           OR p.proname IN ('ledger_complete_entry', 'orders_merge_many', 'orders_ensure_customers', 'merchant_by_shop',
                            'find_sessions_by_shop', 'store_session', 'load_session', 'delete_sessions', 'inbox_store'))
  LOOP
    CALL guard_tenant(target.name, target.guard);
  END LOOP;
END $$;
