-- Ends what become_ledger() began.
CREATE OR REPLACE PROCEDURE step_back_from_ledger()
LANGUAGE plpgsql
AS $$
BEGIN
  REVOKE loyalnest_ledger FROM CURRENT_USER;
END $$;
