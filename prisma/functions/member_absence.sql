-- Why a member takes no part in the shop's program: `tag` or `company`, by what the merchant excludes. Null: they do take
-- part. The caller's own rights and row security apply.
CREATE OR REPLACE FUNCTION member_absence(p_merchant uuid, p_customer uuid) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
  RETURN (
    SELECT CASE
      WHEN EXISTS (SELECT 1 FROM jsonb_array_elements_text(s.participation->'tags') t
                   WHERE c.metadata #> ARRAY['tags', t, 'isSet'] = 'true') THEN 'tag'
      WHEN c.is_company AND s.participation->'companies' = 'true' THEN 'company' END
    FROM program_settings s JOIN customers c ON c.merchant_id = p_merchant AND c.customer_id = p_customer
    WHERE s.merchant_id = p_merchant AND s.participation <> '{}');
END $$;
