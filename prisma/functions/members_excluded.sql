-- Members of the transaction's tenant who have one of these tags (in lower case), or who buy for a company where those
-- are asked for, too; merged and erased ones are left out. Whether arrays overlap is asked by an operator that is not
-- leakproof, so under row security no index would answer it; here no row security is asked first.
CREATE OR REPLACE FUNCTION members_excluded(p_tags text[], p_companies boolean) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1000
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  tenant uuid := NULLIF(current_setting('app.merchant_id', true), '')::uuid;
BEGIN
  RETURN QUERY
  SELECT c.customer_id FROM customers c
  WHERE c.merchant_id = tenant AND c.metadata ? 'tags'
    AND member_tag_keys(c.merchant_id, c.metadata) && ARRAY(SELECT tenant || '/' || t FROM unnest(p_tags) t)
    AND c.redacted_at IS NULL AND c.merged_into_customer_id IS NULL
  UNION
  SELECT c.customer_id FROM customers c
  WHERE p_companies AND c.merchant_id = tenant AND c.is_company
    AND c.redacted_at IS NULL AND c.merged_into_customer_id IS NULL;
END $$;
