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
