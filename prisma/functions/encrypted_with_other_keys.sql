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
