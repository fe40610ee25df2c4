-- Makes the owner a member of loyalnest_ledger, so that a migration can give it functions. With the membership the owner
-- sees every tenant, so step_back_from_ledger() ends it in the same migration; two databases of one server that migrate at
-- once wait for each other here.
CREATE OR REPLACE PROCEDURE become_ledger()
LANGUAGE plpgsql
AS $$
BEGIN
  GRANT loyalnest_ledger TO CURRENT_USER;
END $$;
