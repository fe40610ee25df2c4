-- Rows of no tenant (platform events) are for a transaction that says it acts for the platform, and for no other.
CREATE OR REPLACE PROCEDURE isolate_platform_rows(target regclass)
LANGUAGE plpgsql
AS $$
BEGIN
  EXECUTE format($policy$
    CREATE POLICY platform_rows ON %s
    USING (merchant_id IS NULL AND current_setting('app.platform', true) = 'on')
    WITH CHECK (merchant_id IS NULL AND current_setting('app.platform', true) = 'on')
  $policy$, target);
END $$;
