-- How likely an order is a fraud, as Shopify rates it: one of the signs that a referral is made up.

-- migrate:up

ALTER TABLE orders
  ADD COLUMN risk text CHECK (risk IN ('low', 'medium', 'high')),
  ADD COLUMN risk_rated_at timestamptz;
GRANT UPDATE (risk, risk_rated_at) ON orders TO loyalnest_app;

-- migrate:down

ALTER TABLE orders DROP COLUMN risk, DROP COLUMN risk_rated_at;
