-- Rotating the encryption key: what is encrypted with another key than today's is read, re-encrypted by the application,
-- and put back where it still is what was read. Functions are copied from prisma/functions.

-- migrate:up

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
REVOKE ALL ON FUNCTION encrypted_columns() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION encrypted_columns() TO loyalnest_ledger, loyalnest_app;

DO $$
DECLARE
  c record;
BEGIN
  FOR c IN SELECT * FROM encrypted_columns() LOOP
    EXECUTE format('GRANT SELECT (%I, %I, %I), UPDATE (%3$I) ON %I TO loyalnest_ledger',
                   c.tenant_column, c.row_column, c.column_name, c.table_name);
  END LOOP;
  FOR c IN
    SELECT DISTINCT s.table_name FROM encrypted_columns() s JOIN pg_class k ON k.oid = s.table_name::regclass
    WHERE k.relrowsecurity
  LOOP
    EXECUTE format('CREATE POLICY every_tenant_encrypted ON %I TO loyalnest_ledger USING (true) WITH CHECK (true)', c.table_name);
  END LOOP;
END $$;

-- Values of one encrypted column whose first bytes (the key's id) are not these, in the order of their keys, from after
-- the given one: what key rotation has to re-encrypt.
CREATE OR REPLACE FUNCTION encrypted_with_other_keys(
  p_table text, p_column text, p_header bytea, p_after_tenant text, p_after_row text, p_limit integer
) RETURNS TABLE (tenant text, row_id text, value bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  c record;
BEGIN
  SELECT s.*, format_type(t.atttypid, NULL) AS tenant_type, format_type(r.atttypid, NULL) AS row_type INTO c
  FROM encrypted_columns() s
  JOIN pg_attribute t ON t.attrelid = s.table_name::regclass AND t.attname = s.tenant_column
  JOIN pg_attribute r ON r.attrelid = s.table_name::regclass AND r.attname = s.row_column
  WHERE s.table_name = p_table AND s.column_name = p_column;
  IF c IS NULL THEN RAISE EXCEPTION '%.% is not encrypted', p_table, p_column USING ERRCODE = 'invalid_parameter_value'; END IF;
  RETURN QUERY EXECUTE format(
    'SELECT t.%1$I::text, t.%2$I::text, t.%3$I FROM %4$I t
     WHERE t.%3$I IS NOT NULL AND substring(t.%3$I FROM 1 FOR length($1)) <> $1 %5$s
     ORDER BY %6$s LIMIT $4',
    c.tenant_column, c.row_column, c.column_name, c.table_name,
    CASE
      WHEN p_after_row = '' THEN ''
      WHEN c.keyed_by_tenant THEN format('AND (t.%I, t.%I) > ($2::%s, $3::%s)', c.tenant_column, c.row_column, c.tenant_type, c.row_type)
      ELSE format('AND t.%I > $3::%s', c.row_column, c.row_type)
    END,
    CASE WHEN c.keyed_by_tenant THEN format('t.%I, t.%I', c.tenant_column, c.row_column) ELSE format('t.%I', c.row_column) END)
  USING p_header, p_after_tenant, p_after_row, p_limit;
END $$;

-- Puts re-encrypted values in the place of those that are still there: what was changed or erased meanwhile stays so.
CREATE OR REPLACE FUNCTION encrypted_replace(
  p_table text, p_column text, p_tenant text[], p_row text[], p_old bytea[], p_new bytea[]
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  c record;
  replaced integer;
BEGIN
  SELECT s.*, format_type(t.atttypid, NULL) AS tenant_type, format_type(r.atttypid, NULL) AS row_type INTO c
  FROM encrypted_columns() s
  JOIN pg_attribute t ON t.attrelid = s.table_name::regclass AND t.attname = s.tenant_column
  JOIN pg_attribute r ON r.attrelid = s.table_name::regclass AND r.attname = s.row_column
  WHERE s.table_name = p_table AND s.column_name = p_column;
  IF c IS NULL THEN RAISE EXCEPTION '%.% is not encrypted', p_table, p_column USING ERRCODE = 'invalid_parameter_value'; END IF;
  EXECUTE format(
    'UPDATE %1$I t SET %2$I = u.new
     FROM unnest($1::%3$s[], $2::%4$s[], $3, $4) AS u(tenant, id, old, new)
     WHERE t.%5$I = u.tenant AND t.%6$I = u.id AND t.%2$I = u.old',
    c.table_name, c.column_name, c.tenant_type, c.row_type, c.tenant_column, c.row_column)
  USING p_tenant, p_row, p_old, p_new;
  GET DIAGNOSTICS replaced = ROW_COUNT;
  RETURN replaced;
END $$;

CALL become_ledger();
DO $$
DECLARE
  target regproc;
BEGIN
  FOREACH target IN ARRAY ARRAY[
    'encrypted_with_other_keys', 'encrypted_replace']::regproc[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO loyalnest_ledger', target);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', target);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO loyalnest_app', target);
  END LOOP;
END $$;
CALL step_back_from_ledger();

-- migrate:down

DROP FUNCTION encrypted_with_other_keys, encrypted_replace;
DO $$
DECLARE
  c record;
BEGIN
  FOR c IN SELECT * FROM encrypted_columns() LOOP
    EXECUTE format('REVOKE SELECT (%I, %I, %I), UPDATE (%3$I) ON %I FROM loyalnest_ledger',
                   c.tenant_column, c.row_column, c.column_name, c.table_name);
    EXECUTE format('DROP POLICY IF EXISTS every_tenant_encrypted ON %I', c.table_name);
  END LOOP;
END $$;
DROP FUNCTION encrypted_columns();
