-- The member who has what this one had: themselves, or the one they were finally merged into.
CREATE OR REPLACE FUNCTION member_heir(p_merchant uuid, p_customer uuid) RETURNS uuid
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  here uuid := p_customer;
  heir uuid;
BEGIN
  FOR hop IN 1..100 LOOP
    SELECT c.merged_into_customer_id INTO heir FROM customers c
    WHERE c.merchant_id = p_merchant AND c.customer_id = here;
    EXIT WHEN heir IS NULL;
    here := heir;
  END LOOP;
  RETURN here;
END $$;
