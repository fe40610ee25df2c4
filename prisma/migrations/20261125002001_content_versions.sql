-- Every version of what a shop shows in its storefront, so that a past one can be taken up again and two editors do not
-- overwrite each other.

-- migrate:up

CREATE TABLE content_versions (
  -- Goes with its merchant, whoever erases that.
  merchant_id uuid NOT NULL REFERENCES merchants ON DELETE CASCADE,
  version bigint NOT NULL CHECK (version > 0),
  -- Of program_settings.branding the parts that the content editor writes, and `points_display` of the checkout.
  content jsonb NOT NULL CHECK (jsonb_typeof(content) = 'object'),
  actor text NOT NULL,
  restored_version bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, version)
);
CALL isolate_tenants('content_versions');
GRANT SELECT, INSERT ON content_versions TO loyalnest_app;
CREATE POLICY every_tenant_redactor ON content_versions TO loyalnest_redactor
  USING (current_user = 'loyalnest_redactor') WITH CHECK (current_user = 'loyalnest_redactor');
GRANT SELECT, DELETE ON content_versions TO loyalnest_redactor;

-- migrate:down
DROP TABLE content_versions;
