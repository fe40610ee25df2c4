-- In the transaction of a tenant the policy of all tenants shows a row to the ledger too, closed or not. A restrictive
-- policy holds whatever others allow.

-- migrate:up

ALTER POLICY every_tenant_ledger ON points_balances USING (true) WITH CHECK (true);
CREATE POLICY closed_to_the_ledger ON points_balances AS RESTRICTIVE TO loyalnest_ledger
  USING (closed_at IS NULL) WITH CHECK (true);

-- migrate:down

DROP POLICY closed_to_the_ledger ON points_balances;
ALTER POLICY every_tenant_ledger ON points_balances USING (closed_at IS NULL) WITH CHECK (true);
