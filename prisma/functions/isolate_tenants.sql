-- Shows each tenant its own rows only, the owner of the table included. A policy on the parent does not
-- guard a partition that is read by its name, so the partitions have it too.
CREATE OR REPLACE PROCEDURE isolate_tenants(target regclass)
LANGUAGE plpgsql
AS $$
DECLARE
  member regclass;
BEGIN
  FOR member IN
    SELECT target UNION ALL SELECT i.inhrelid::regclass FROM pg_inherits i WHERE i.inhparent = target
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', member);
    EXECUTE format($policy$
      CREATE POLICY merchant_isolation ON %s
      USING (merchant_id = NULLIF(current_setting('app.merchant_id', true), '')::uuid)
      WITH CHECK (merchant_id = NULLIF(current_setting('app.merchant_id', true), '')::uuid)
    $policy$, member);
    -- A dump by a role that sees nothing ends without an error and without a row.
    EXECUTE format($policy$
      CREATE POLICY every_row_backup ON %s FOR SELECT TO loyalnest_backup USING (current_user = 'loyalnest_backup')
    $policy$, member);
  END LOOP;
END $$;
