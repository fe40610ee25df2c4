-- Every version of a shop's earning rules, so that a past one can be looked at and taken up again; and a way to find
-- whose birthday it is.

-- migrate:up

CREATE TABLE program_versions (
  -- Goes with its merchant, whoever erases that.
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  version bigint NOT NULL CHECK (version > 0),
  -- As in program_settings, of the programme alone.
  config jsonb NOT NULL CHECK (jsonb_typeof(config) = 'object'),
  dynamic_multipliers jsonb NOT NULL CHECK (jsonb_typeof(dynamic_multipliers) = 'object'),
  actor text NOT NULL,
  restored_version bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, version)
);
CALL isolate_tenants('program_versions');
GRANT SELECT, INSERT ON program_versions TO loyalnest_app;
CREATE POLICY every_tenant_redactor ON program_versions TO loyalnest_redactor
  USING (current_user = 'loyalnest_redactor') WITH CHECK (current_user = 'loyalnest_redactor');
GRANT SELECT, DELETE ON program_versions TO loyalnest_redactor;

CREATE INDEX idx_customers_birthday ON customers (merchant_id, birthday_md) WHERE birthday_md IS NOT NULL;

-- migrate:down
DROP INDEX idx_customers_birthday;
DROP TABLE program_versions;
