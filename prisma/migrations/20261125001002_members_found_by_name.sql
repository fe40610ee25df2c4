-- Whether an array holds another is asked by an operator that is not leakproof, so that under row security it is asked
-- last, row by row, and never of an index. Behind this door there is no row security to be asked first; the tenant is the
-- transaction's, as it would be there. Hand-written: Prisma knows nothing of doors.

-- migrate:up

CREATE FUNCTION members_by_name(p_tokens bytea[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER ROWS 100
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT c.customer_id FROM customers c
  WHERE c.merchant_id = NULLIF(current_setting('app.merchant_id', true), '')::uuid AND c.name_tokens @> p_tokens
$$;
CALL become_ledger();
ALTER FUNCTION members_by_name(bytea[]) OWNER TO loyalnest_ledger;
REVOKE ALL ON FUNCTION members_by_name(bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION members_by_name(bytea[]) TO loyalnest_app;
CALL step_back_from_ledger();

-- migrate:down

DROP FUNCTION members_by_name(bytea[]);
