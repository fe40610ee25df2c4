-- The tenant of this transaction, or null. After a transaction the setting is an empty string, not null.
CREATE OR REPLACE FUNCTION current_merchant_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('app.merchant_id', true), '')::uuid;
