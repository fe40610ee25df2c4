-- Every encrypted column: whom a value is bound to, and which row. `keyed_by_tenant`: the primary key begins with the
-- tenant. A new one is added here; a test compares with the catalog.
CREATE OR REPLACE FUNCTION encrypted_columns()
RETURNS TABLE (table_name text, column_name text, tenant_column text, row_column text, keyed_by_tenant boolean)
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
  VALUES
    ('customers', 'email', 'merchant_id', 'customer_id', true),
    ('customers', 'first_name', 'merchant_id', 'customer_id', true),
    ('customers', 'last_name', 'merchant_id', 'customer_id', true),
    ('customers', 'churn_score', 'merchant_id', 'customer_id', true),
    ('rfm_score_history', 'churn_score', 'merchant_id', 'history_id', true),
    ('reward_redemptions', 'discount_code', 'merchant_id', 'redemption_id', true),
    ('email_events', 'recipient_email', 'merchant_id', 'event_id', true),
    ('event_endpoints', 'secret', 'merchant_id', 'endpoint_id', true),
    ('event_endpoints', 'previous_secret', 'merchant_id', 'endpoint_id', true),
    ('wallet_passes', 'pass_data', 'merchant_id', 'pass_id', true),
    ('integrations', 'api_key', 'merchant_id', 'integration_id', true),
    ('analytics_report_schedules', 'recipients', 'merchant_id', 'schedule_id', true),
    ('merchants', 'api_token', 'merchant_id', 'merchant_id', false),
    ('webhook_inbox', 'payload', 'shop_domain', 'delivery_id', false),
    ('shopify_sessions', 'access_token', 'shop', 'session_id', false),
    ('shopify_sessions', 'refresh_token', 'shop', 'session_id', false),
    -- Of no tenant: bound to the person twice.
    ('admin_users', 'email', 'admin_id', 'admin_id', false),
    ('admin_users', 'metadata', 'admin_id', 'admin_id', false),
    ('admin_users', 'mfa_secret', 'admin_id', 'admin_id', false)
$$;
