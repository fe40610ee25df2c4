-- What a first sync could not take in, with the reason, while it went on with the rest.

-- migrate:up

ALTER TABLE sync_runs
  ADD COLUMN customers_set_aside bigint NOT NULL DEFAULT 0 CHECK (customers_set_aside >= 0),
  ADD COLUMN orders_set_aside bigint NOT NULL DEFAULT 0 CHECK (orders_set_aside >= 0),
  -- The first of them: [{"kind": "order", "shopify_id": "1", "code": "invalid_input", "field": "order.subtotal"}]
  ADD COLUMN set_aside jsonb NOT NULL DEFAULT '[]';

-- migrate:down

ALTER TABLE sync_runs DROP COLUMN customers_set_aside, DROP COLUMN orders_set_aside, DROP COLUMN set_aside;
