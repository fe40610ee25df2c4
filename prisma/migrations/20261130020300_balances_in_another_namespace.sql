-- The balance metafields move to the namespace that shopify.app.toml can define: all are written there once more.

-- migrate:up

-- Row security is forced upon the owner as well; for this one statement it stands aside.
ALTER TABLE customers NO FORCE ROW LEVEL SECURITY;
UPDATE customers SET metafield_version = 0 WHERE metafield_version > 0;
ALTER TABLE customers FORCE ROW LEVEL SECURITY;

-- migrate:down

SELECT 1;
