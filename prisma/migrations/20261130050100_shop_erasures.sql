-- Erasing a shop begins 48 hours after Shopify asked for it, and can be stopped until then. The row outlives the shop,
-- so it stands beside the tenants and not in one, and forgets the shop's name once it is erased.

-- migrate:up

CREATE TABLE shop_erasures (
  erasure_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  target_merchant uuid NOT NULL,
  shop_domain text,
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'stopped', 'cancelled', 'erased')),
  requested_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 300),
  alarmed_at timestamptz,
  ended_at timestamptz,
  CHECK ((status IN ('cancelled', 'erased')) = (ended_at IS NOT NULL)),
  CHECK ((status = 'erased') = (shop_domain IS NULL)),
  -- One request of Shopify's is one row, however often its delivery is worked on.
  UNIQUE (target_merchant, requested_at)
);
CREATE INDEX idx_shop_erasures_open ON shop_erasures (due_at) WHERE ended_at IS NULL;
CREATE INDEX idx_shop_erasures_requested_at ON shop_erasures (requested_at, erasure_id);
GRANT SELECT, INSERT, UPDATE ON shop_erasures TO loyalnest_app;

-- migrate:down

DROP TABLE shop_erasures;
