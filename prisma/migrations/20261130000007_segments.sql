-- Who is in which segment, with what score, and how that changed.

-- migrate:up

CREATE TABLE customer_segments (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  -- The first of the member's segments; all of them stand in segment_ids.
  segment_id text NOT NULL,
  name jsonb NOT NULL DEFAULT '{}',
  rules jsonb NOT NULL DEFAULT '{}',
  segment_ids jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(segment_ids) = 'array'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
) PARTITION BY HASH (merchant_id);
CREATE UNIQUE INDEX uq_customer_segments_customer ON customer_segments (merchant_id, customer_id);
CREATE INDEX idx_customer_segments_segment_id ON customer_segments (merchant_id, segment_id);
CALL create_partitions('customer_segments', 'fillfactor = 85');
CALL maintain_updated_at('customer_segments');
CALL isolate_tenants('customer_segments');

CREATE TABLE rfm_score_history (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  history_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  rfm_score jsonb NOT NULL,
  segment_ids jsonb NOT NULL DEFAULT '[]',
  lifecycle_stage text CHECK (lifecycle_stage IN ('new_lead', 'repeat_buyer', 'churned', 'vip')),
  churn_score bytea,
  trigger text NOT NULL DEFAULT 'order' CHECK (trigger IN ('order', 'schedule', 'config', 'import', 'manual')),
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, history_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
) PARTITION BY HASH (merchant_id);
CREATE INDEX idx_rfm_score_history_merchant_id_customer_id
  ON rfm_score_history (merchant_id, customer_id, created_at);
CALL create_partitions('rfm_score_history');
CALL isolate_tenants('rfm_score_history');

CREATE TABLE rfm_segment_deltas (
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  delta_id uuid NOT NULL DEFAULT gen_random_uuid(),
  customer_id uuid NOT NULL,
  segment_change jsonb NOT NULL,
  rfm_score jsonb,
  operation text NOT NULL DEFAULT 'update' CHECK (operation IN ('insert', 'update', 'delete')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, delta_id),
  FOREIGN KEY (merchant_id, customer_id) REFERENCES customers (merchant_id, customer_id) ON DELETE CASCADE
);
CREATE INDEX idx_rfm_segment_deltas_merchant_id ON rfm_segment_deltas (merchant_id, updated_at);
CREATE INDEX idx_rfm_segment_deltas_customer_id ON rfm_segment_deltas (merchant_id, customer_id);
CALL maintain_updated_at('rfm_segment_deltas');
CALL isolate_tenants('rfm_segment_deltas');

-- How many members each segment has. A materialized view has no row security, so the application reads it through a view
-- that shows a tenant its own rows; it is filled by a role that sees all of them.
CREATE MATERIALIZED VIEW rfm_segment_counts AS
  SELECT s.merchant_id, seg AS segment_name, count(*) AS customer_count, now() AS last_refreshed
  FROM customer_segments s, jsonb_array_elements_text(s.segment_ids) seg
  GROUP BY s.merchant_id, seg;
CREATE UNIQUE INDEX idx_rfm_segment_counts_merchant_id_segment_name ON rfm_segment_counts (merchant_id, segment_name);
GRANT SELECT ON customer_segments TO loyalnest_refresher;
CREATE POLICY every_tenant_refresher ON customer_segments FOR SELECT TO loyalnest_refresher
  USING (current_user = 'loyalnest_refresher');
ALTER MATERIALIZED VIEW rfm_segment_counts OWNER TO loyalnest_refresher;

CREATE VIEW merchant_rfm_segment_counts WITH (security_barrier) AS
  SELECT c.merchant_id, c.segment_name, c.customer_count, c.last_refreshed
  FROM rfm_segment_counts c WHERE c.merchant_id = current_merchant_id();
ALTER VIEW merchant_rfm_segment_counts OWNER TO loyalnest_refresher;
GRANT SELECT ON merchant_rfm_segment_counts TO loyalnest_app;

-- Recounts the members of each segment, for every tenant. Runs as the role that may see all of them.
CREATE OR REPLACE FUNCTION refresh_rfm_segment_counts() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF (SELECT c.relispopulated FROM pg_class c WHERE c.oid = 'rfm_segment_counts'::regclass) THEN
    REFRESH MATERIALIZED VIEW CONCURRENTLY rfm_segment_counts;
  ELSE
    -- Restored from a dump of its definition alone: what was never filled cannot be refreshed concurrently.
    REFRESH MATERIALIZED VIEW rfm_segment_counts;
  END IF;
END $$;
ALTER FUNCTION refresh_rfm_segment_counts() OWNER TO loyalnest_refresher;
REVOKE ALL ON FUNCTION refresh_rfm_segment_counts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_rfm_segment_counts() TO loyalnest_app;

-- migrate:down

DROP FUNCTION refresh_rfm_segment_counts();
DROP VIEW merchant_rfm_segment_counts;
DROP MATERIALIZED VIEW rfm_segment_counts;
DROP POLICY every_tenant_refresher ON customer_segments;
DROP TABLE rfm_segment_deltas, rfm_score_history, customer_segments;
