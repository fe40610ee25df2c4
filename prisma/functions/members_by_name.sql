-- Members of the transaction's tenant whose names begin with what these keyed hashes stand for. Whether an array holds
-- another is asked by an operator that is not leakproof, so under row security it would be asked last, row by row, and
-- never of an index; here no row security is asked first.
CREATE OR REPLACE FUNCTION members_by_name(p_tokens bytea[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER ROWS 100
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT c.customer_id FROM customers c
  WHERE c.merchant_id = NULLIF(current_setting('app.merchant_id', true), '')::uuid AND c.name_tokens @> p_tokens
$$;
