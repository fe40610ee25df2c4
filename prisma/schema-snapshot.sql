TABLE admin_sessions (owner loyalnest_owner)
  session_id uuid NOT NULL DEFAULT gen_random_uuid()
  admin_id uuid NOT NULL
  token bytea NOT NULL
  impersonated_merchant_id uuid
  expires_at timestamp with time zone NOT NULL
  created_at timestamp with time zone NOT NULL DEFAULT now()
  stage text NOT NULL
  last_seen_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT admin_sessions_admin_id_fkey FOREIGN KEY (admin_id) REFERENCES admin_users(admin_id) ON DELETE CASCADE
  CONSTRAINT admin_sessions_impersonated_merchant_id_fkey FOREIGN KEY (impersonated_merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT admin_sessions_pkey PRIMARY KEY (session_id)
  CONSTRAINT admin_sessions_stage_check CHECK ((stage = ANY (ARRAY['second_factor'::text, 'new_password'::text, 'enrolment'::text, 'signed_in'::text])))
  CREATE INDEX idx_admin_sessions_admin_id ON public.admin_sessions USING btree (admin_id)
  CREATE INDEX idx_admin_sessions_expires_at ON public.admin_sessions USING btree (expires_at)
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE admin_sign_in_tries (owner loyalnest_owner)
  key_hash bytea NOT NULL
  tries integer NOT NULL
  since timestamp with time zone NOT NULL
  locked_until timestamp with time zone
  CONSTRAINT admin_sign_in_tries_pkey PRIMARY KEY (key_hash)
  CONSTRAINT admin_sign_in_tries_tries_check CHECK ((tries > 0))
  CREATE INDEX idx_admin_sign_in_tries_since ON public.admin_sign_in_tries USING btree (since)
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE admin_users (owner loyalnest_owner)
  admin_id uuid NOT NULL DEFAULT gen_random_uuid()
  username text NOT NULL
  email bytea NOT NULL
  email_hash bytea NOT NULL
  password_hash text NOT NULL
  metadata bytea NOT NULL
  mfa_enabled boolean NOT NULL DEFAULT false
  mfa_secret bytea
  status text NOT NULL DEFAULT 'active'::text
  last_login_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  must_change_password boolean NOT NULL DEFAULT false
  password_expires_at timestamp with time zone
  mfa_last_step bigint
  recovery_code_hashes bytea[] NOT NULL DEFAULT '{}'::bytea[]
  CONSTRAINT admin_users_check CHECK (((mfa_secret IS NOT NULL) OR (NOT mfa_enabled)))
  CONSTRAINT admin_users_mfa_last_step_check CHECK ((mfa_last_step >= 0))
  CONSTRAINT admin_users_pkey PRIMARY KEY (admin_id)
  CONSTRAINT admin_users_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
  CREATE UNIQUE INDEX uq_admin_users_email_hash ON public.admin_users USING btree (email_hash)
  CREATE UNIQUE INDEX uq_admin_users_username ON public.admin_users USING btree (username)
  TRIGGER touch_updated_at BEFORE UPDATE ON public.admin_users FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT (admin_id), SELECT (email), SELECT (metadata), SELECT (mfa_secret), UPDATE (email), UPDATE (metadata), UPDATE (mfa_secret) TO loyalnest_ledger
  GRANT SELECT TO loyalnest_backup

TABLE analytics_report_schedules (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  schedule_id uuid NOT NULL DEFAULT gen_random_uuid()
  report_type text NOT NULL
  frequency text NOT NULL DEFAULT 'weekly'::text
  time_of_day text NOT NULL DEFAULT '06:00'::text
  timezone text NOT NULL DEFAULT 'UTC'::text
  format text NOT NULL DEFAULT 'csv'::text
  recipients bytea
  filters jsonb NOT NULL DEFAULT '{}'::jsonb
  is_enabled boolean NOT NULL DEFAULT true
  next_run_at timestamp with time zone
  last_run_at timestamp with time zone
  last_status text
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT analytics_report_schedules_format_check CHECK ((format = ANY (ARRAY['csv'::text, 'json'::text])))
  CONSTRAINT analytics_report_schedules_frequency_check CHECK ((frequency = ANY (ARRAY['daily'::text, 'weekly'::text, 'monthly'::text])))
  CONSTRAINT analytics_report_schedules_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT analytics_report_schedules_pkey PRIMARY KEY (merchant_id, schedule_id)
  CONSTRAINT analytics_report_schedules_time_of_day_check CHECK ((time_of_day ~ '^([01]\d|2[0-3]):[0-5]\d$'::text))
  CREATE INDEX idx_analytics_report_schedules_next_run ON ONLY public.analytics_report_schedules USING btree (is_enabled, next_run_at)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_encrypted FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.analytics_report_schedules FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT (merchant_id), SELECT (recipients), SELECT (schedule_id), UPDATE (recipients) TO loyalnest_ledger
  GRANT SELECT TO loyalnest_backup

TABLE analytics_reports (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  report_id uuid NOT NULL DEFAULT gen_random_uuid()
  report_type text NOT NULL
  parameters jsonb NOT NULL DEFAULT '{}'::jsonb
  format text NOT NULL DEFAULT 'csv'::text
  status text NOT NULL DEFAULT 'pending'::text
  schedule_id uuid
  requested_by text
  row_count integer NOT NULL DEFAULT 0
  summary jsonb
  file_url text
  error jsonb
  started_at timestamp with time zone
  completed_at timestamp with time zone
  expires_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT analytics_reports_format_check CHECK ((format = ANY (ARRAY['csv'::text, 'json'::text, 'png'::text])))
  CONSTRAINT analytics_reports_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT analytics_reports_merchant_id_schedule_id_fkey FOREIGN KEY (merchant_id, schedule_id) REFERENCES analytics_report_schedules(merchant_id, schedule_id) ON DELETE SET NULL (schedule_id)
  CONSTRAINT analytics_reports_pkey PRIMARY KEY (merchant_id, report_id)
  CONSTRAINT analytics_reports_row_count_check CHECK ((row_count >= 0))
  CONSTRAINT analytics_reports_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'failed'::text])))
  CREATE INDEX idx_analytics_reports_merchant_id_type ON ONLY public.analytics_reports USING btree (merchant_id, report_type, created_at)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE api_logs (owner loyalnest_owner, row security, forced)
  log_id uuid NOT NULL DEFAULT gen_random_uuid()
  merchant_id uuid
  endpoint text NOT NULL
  method text
  status_code integer
  payload jsonb
  retry_count integer NOT NULL DEFAULT 0
  status text NOT NULL DEFAULT 'pending'::text
  duration_ms integer
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT api_logs_duration_ms_check CHECK ((duration_ms >= 0))
  CONSTRAINT api_logs_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT api_logs_pkey PRIMARY KEY (log_id)
  CONSTRAINT api_logs_retry_count_check CHECK ((retry_count >= 0))
  CONSTRAINT api_logs_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'success'::text, 'failed'::text])))
  CONSTRAINT api_logs_status_code_check CHECK (((status_code >= 100) AND (status_code <= 599)))
  CREATE INDEX idx_api_logs_merchant_id_endpoint ON public.api_logs USING btree (merchant_id, endpoint)
  CREATE INDEX idx_api_logs_status_code ON public.api_logs USING btree (status_code)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  POLICY platform_rows FOR ALL TO public USING (((merchant_id IS NULL) AND (current_setting('app.platform'::text, true) = 'on'::text))) WITH CHECK (((merchant_id IS NULL) AND (current_setting('app.platform'::text, true) = 'on'::text)))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_ledger
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE audit_logs (owner loyalnest_owner, row security, forced)
  log_id uuid NOT NULL DEFAULT gen_random_uuid()
  merchant_id uuid
  sequence bigint NOT NULL
  actor_id uuid
  action text NOT NULL
  target_table text
  target_id text
  severity text NOT NULL DEFAULT 'info'::text
  reverts_log_id uuid
  query_duration_ms integer
  metadata jsonb NOT NULL DEFAULT '{}'::jsonb
  prev_hash bytea
  hash bytea NOT NULL
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT audit_logs_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES admin_users(admin_id)
  CONSTRAINT audit_logs_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id)
  CONSTRAINT audit_logs_metadata_check CHECK ((jsonb_typeof(metadata) = 'object'::text))
  CONSTRAINT audit_logs_pkey PRIMARY KEY (log_id)
  CONSTRAINT audit_logs_query_duration_ms_check CHECK ((query_duration_ms >= 0))
  CONSTRAINT audit_logs_reverts_log_id_fkey FOREIGN KEY (reverts_log_id) REFERENCES audit_logs(log_id)
  CONSTRAINT audit_logs_sequence_check CHECK ((sequence > 0))
  CONSTRAINT audit_logs_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'critical'::text])))
  CREATE INDEX idx_audit_logs_action ON public.audit_logs USING btree (action, created_at)
  CREATE INDEX idx_audit_logs_actor_id ON public.audit_logs USING btree (actor_id)
  CREATE INDEX idx_audit_logs_changes ON public.audit_logs USING btree (merchant_id, created_at, log_id) WHERE (action <> ALL ('{points_adjusted,adjustment_undone}'::text[]))
  CREATE INDEX idx_audit_logs_merchant_id ON public.audit_logs USING btree (merchant_id, created_at)
  CREATE UNIQUE INDEX uq_audit_logs_sequence ON public.audit_logs USING btree (merchant_id, sequence) NULLS NOT DISTINCT
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  POLICY platform_rows FOR ALL TO public USING (((merchant_id IS NULL) AND (current_setting('app.platform'::text, true) = 'on'::text))) WITH CHECK (((merchant_id IS NULL) AND (current_setting('app.platform'::text, true) = 'on'::text)))
  TRIGGER append_only BEFORE DELETE OR UPDATE ON public.audit_logs FOR EACH ROW EXECUTE FUNCTION refuse_change()
  TRIGGER chain BEFORE INSERT ON public.audit_logs FOR EACH ROW EXECUTE FUNCTION chain_audit_log()
  TRIGGER never_emptied BEFORE TRUNCATE ON public.audit_logs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
  GRANT DELETE, INSERT, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT TO loyalnest_ledger

TABLE bonus_campaigns (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  campaign_id uuid NOT NULL DEFAULT gen_random_uuid()
  name text NOT NULL
  type text NOT NULL
  multiplier numeric(10,2) NOT NULL DEFAULT 1
  start_date timestamp with time zone
  end_date timestamp with time zone
  conditions jsonb NOT NULL DEFAULT '{}'::jsonb
  reward jsonb NOT NULL DEFAULT '{}'::jsonb
  status text NOT NULL DEFAULT 'draft'::text
  flow_template_id text
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  translations jsonb NOT NULL DEFAULT '{}'::jsonb
  CONSTRAINT bonus_campaigns_check CHECK ((start_date < end_date))
  CONSTRAINT bonus_campaigns_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT bonus_campaigns_multiplier_check CHECK ((multiplier >= (1)::numeric))
  CONSTRAINT bonus_campaigns_pkey PRIMARY KEY (merchant_id, campaign_id)
  CONSTRAINT bonus_campaigns_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'scheduled'::text, 'active'::text, 'ended'::text, 'cancelled'::text])))
  CONSTRAINT bonus_campaigns_type_check CHECK ((type = ANY (ARRAY['discount'::text, 'double_points'::text, 'goal_spend'::text, 'lifecycle'::text])))
  CREATE INDEX idx_bonus_campaigns_dates ON ONLY public.bonus_campaigns USING btree (merchant_id, status, start_date, end_date)
  CREATE INDEX idx_bonus_campaigns_ending ON ONLY public.bonus_campaigns USING btree (end_date) WHERE (status = ANY (ARRAY['scheduled'::text, 'active'::text]))
  CREATE INDEX idx_bonus_campaigns_merchant_id_type ON ONLY public.bonus_campaigns USING btree (merchant_id, type)
  CREATE INDEX idx_bonus_campaigns_starting ON ONLY public.bonus_campaigns USING btree (start_date) WHERE (status = 'scheduled'::text)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_clock FOR SELECT TO loyalnest_ledger USING (true) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.bonus_campaigns FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT, SELECT (end_date), SELECT (merchant_id), SELECT (start_date), SELECT (status) TO loyalnest_ledger

TABLE campaign_grants (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  grant_id uuid NOT NULL DEFAULT gen_random_uuid()
  campaign_id uuid NOT NULL
  customer_id uuid NOT NULL
  kind text NOT NULL
  order_id text
  occurrence integer NOT NULL
  points bigint NOT NULL
  orders integer NOT NULL DEFAULT 0
  spend numeric(20,4) NOT NULL DEFAULT 0
  transaction_id uuid
  granted_at timestamp with time zone NOT NULL DEFAULT now()
  taken_back_at timestamp with time zone
  CONSTRAINT campaign_grants_merchant_id_campaign_id_fkey FOREIGN KEY (merchant_id, campaign_id) REFERENCES bonus_campaigns(merchant_id, campaign_id) ON DELETE CASCADE
  CONSTRAINT campaign_grants_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT campaign_grants_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT campaign_grants_occurrence_check CHECK ((occurrence > 0))
  CONSTRAINT campaign_grants_orders_check CHECK ((orders >= 0))
  CONSTRAINT campaign_grants_pkey PRIMARY KEY (merchant_id, grant_id)
  CONSTRAINT campaign_grants_points_check CHECK (((points >= 0) AND (points < '9007199254740992'::bigint)))
  CONSTRAINT campaign_grants_spend_check CHECK ((spend >= (0)::numeric))
  CREATE INDEX idx_campaign_grants_campaign_id ON public.campaign_grants USING btree (merchant_id, campaign_id)
  CREATE INDEX idx_campaign_grants_customer_id ON public.campaign_grants USING btree (merchant_id, customer_id)
  CREATE UNIQUE INDEX uq_campaign_grants_order ON public.campaign_grants USING btree (merchant_id, campaign_id, order_id, occurrence) WHERE (order_id IS NOT NULL)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE campaign_suggestions (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  suggestion_id uuid NOT NULL DEFAULT gen_random_uuid()
  type text NOT NULL
  conditions jsonb NOT NULL DEFAULT '{}'::jsonb
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT campaign_suggestions_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT campaign_suggestions_pkey PRIMARY KEY (merchant_id, suggestion_id)
  CONSTRAINT campaign_suggestions_type_check CHECK ((type = ANY (ARRAY['discount'::text, 'double_points'::text, 'goal_spend'::text])))
  CREATE INDEX idx_campaign_suggestions_merchant_id ON public.campaign_suggestions USING btree (merchant_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE consents (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  consent_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid NOT NULL
  type text NOT NULL
  status text NOT NULL
  created_at timestamp with time zone NOT NULL DEFAULT now()
  told_at timestamp with time zone
  CONSTRAINT consents_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT consents_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT consents_pkey PRIMARY KEY (merchant_id, consent_id)
  CONSTRAINT consents_status_check CHECK ((status = ANY (ARRAY['granted'::text, 'revoked'::text])))
  CONSTRAINT consents_type_check CHECK ((type = ANY (ARRAY['newsletter'::text, 'rfm_tracking'::text, 'referrals'::text, 'loyalty_email'::text, 'loyalty_sms'::text])))
  CREATE INDEX idx_consents_customer_id_type ON public.consents USING btree (customer_id, type)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE (told_at) TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE content_versions (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  version bigint NOT NULL
  content jsonb NOT NULL
  actor text NOT NULL
  restored_version bigint
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT content_versions_content_check CHECK ((jsonb_typeof(content) = 'object'::text))
  CONSTRAINT content_versions_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT content_versions_pkey PRIMARY KEY (merchant_id, version)
  CONSTRAINT content_versions_version_check CHECK ((version > 0))
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE customer_segments (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid NOT NULL
  segment_id text NOT NULL
  name jsonb NOT NULL DEFAULT '{}'::jsonb
  rules jsonb NOT NULL DEFAULT '{}'::jsonb
  segment_ids jsonb NOT NULL DEFAULT '[]'::jsonb
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT customer_segments_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT customer_segments_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT customer_segments_pkey PRIMARY KEY (merchant_id, id)
  CONSTRAINT customer_segments_segment_ids_check CHECK ((jsonb_typeof(segment_ids) = 'array'::text))
  CREATE INDEX idx_customer_segments_segment_id ON ONLY public.customer_segments USING btree (merchant_id, segment_id)
  CREATE UNIQUE INDEX uq_customer_segments_customer ON ONLY public.customer_segments USING btree (merchant_id, customer_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY every_tenant_refresher FOR SELECT TO loyalnest_refresher USING ((CURRENT_USER = 'loyalnest_refresher'::name)) WITH CHECK ()
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.customer_segments FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT TO loyalnest_ledger
  GRANT SELECT TO loyalnest_refresher

TABLE customers (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  customer_id uuid NOT NULL DEFAULT gen_random_uuid()
  shopify_customer_id text
  shared_customer_id text
  email bytea
  email_hash bytea
  first_name bytea
  last_name bytea
  name_tokens bytea[] NOT NULL DEFAULT '{}'::bytea[]
  locale text NOT NULL DEFAULT 'en'::text
  state text
  has_account boolean NOT NULL DEFAULT false
  rfm_score jsonb NOT NULL DEFAULT '{"score": 1, "recency": 1, "monetary": 1, "frequency": 1}'::jsonb
  churn_score bytea
  churn_band text
  lifecycle_stage text
  vip_tier_id uuid
  vip_progress jsonb NOT NULL DEFAULT '{}'::jsonb
  order_count integer NOT NULL DEFAULT 0
  total_spend numeric(20,4) NOT NULL DEFAULT 0
  last_order_at timestamp with time zone
  birthday_md text
  birthday_set_at timestamp with time zone
  location jsonb NOT NULL DEFAULT '{}'::jsonb
  metadata jsonb NOT NULL DEFAULT '{}'::jsonb
  metafield_version bigint NOT NULL DEFAULT 0
  source_updated_at timestamp with time zone
  merged_into_customer_id uuid
  redacted_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  review_due_at timestamp with time zone
  is_company boolean NOT NULL DEFAULT false
  CONSTRAINT customers_birthday_md_check CHECK ((birthday_md ~ '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'::text))
  CONSTRAINT customers_check CHECK ((merged_into_customer_id <> customer_id))
  CONSTRAINT customers_churn_band_check CHECK ((churn_band = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text])))
  CONSTRAINT customers_lifecycle_stage_check CHECK ((lifecycle_stage = ANY (ARRAY['new_lead'::text, 'repeat_buyer'::text, 'churned'::text, 'vip'::text])))
  CONSTRAINT customers_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id)
  CONSTRAINT customers_merchant_id_vip_tier_id_fkey FOREIGN KEY (merchant_id, vip_tier_id) REFERENCES vip_tiers(merchant_id, tier_id) ON DELETE SET NULL (vip_tier_id)
  CONSTRAINT customers_metafield_version_check CHECK ((metafield_version >= 0))
  CONSTRAINT customers_order_count_check CHECK ((order_count >= 0))
  CONSTRAINT customers_pkey PRIMARY KEY (merchant_id, customer_id)
  CONSTRAINT customers_state_check CHECK ((state = ANY (ARRAY['disabled'::text, 'invited'::text, 'enabled'::text, 'declined'::text])))
  CREATE INDEX idx_customers_birthday ON ONLY public.customers USING btree (merchant_id, birthday_md) WHERE (birthday_md IS NOT NULL)
  CREATE INDEX idx_customers_companies ON ONLY public.customers USING btree (merchant_id) WHERE is_company
  CREATE INDEX idx_customers_created_at ON ONLY public.customers USING btree (merchant_id, created_at, customer_id)
  CREATE INDEX idx_customers_email_hash ON ONLY public.customers USING btree (merchant_id, email_hash)
  CREATE INDEX idx_customers_last_order_at ON ONLY public.customers USING btree (merchant_id, last_order_at, customer_id)
  CREATE INDEX idx_customers_merged_into ON ONLY public.customers USING btree (merchant_id, merged_into_customer_id) WHERE (merged_into_customer_id IS NOT NULL)
  CREATE INDEX idx_customers_metadata ON ONLY public.customers USING gin (metadata)
  CREATE INDEX idx_customers_name_tokens ON ONLY public.customers USING gin (name_tokens)
  CREATE INDEX idx_customers_review_due_at ON ONLY public.customers USING btree (merchant_id, review_due_at) WHERE (review_due_at IS NOT NULL)
  CREATE INDEX idx_customers_rfm_score ON ONLY public.customers USING gin (rfm_score)
  CREATE INDEX idx_customers_rfm_score_at_risk ON ONLY public.customers USING btree (merchant_id) WHERE (((rfm_score ->> 'score'::text))::numeric < (2)::numeric)
  CREATE INDEX idx_customers_tags ON ONLY public.customers USING gin (member_tag_keys(merchant_id, metadata)) WHERE (metadata ? 'tags'::text)
  CREATE INDEX idx_customers_vip_tier_id ON ONLY public.customers USING btree (merchant_id, vip_tier_id) WHERE (vip_tier_id IS NOT NULL)
  CREATE UNIQUE INDEX uq_customers_shared ON ONLY public.customers USING btree (merchant_id, shared_customer_id)
  CREATE UNIQUE INDEX uq_customers_shopify ON ONLY public.customers USING btree (merchant_id, shopify_customer_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_encrypted FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.customers FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, SELECT, UPDATE TO loyalnest_redactor
  GRANT INSERT, SELECT, SELECT (churn_score), SELECT (customer_id), SELECT (email), SELECT (first_name), SELECT (last_name), SELECT (merchant_id), UPDATE, UPDATE (churn_score), UPDATE (email), UPDATE (first_name), UPDATE (last_name) TO loyalnest_ledger
  GRANT INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE data_export_requests (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  export_id uuid NOT NULL DEFAULT gen_random_uuid()
  kind text NOT NULL
  format text NOT NULL DEFAULT 'csv'::text
  status text NOT NULL DEFAULT 'pending'::text
  customer_id uuid
  requested_by text
  filters jsonb NOT NULL DEFAULT '{}'::jsonb
  row_count integer NOT NULL DEFAULT 0
  file_url text
  error jsonb
  expires_at timestamp with time zone
  completed_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT data_export_requests_format_check CHECK ((format = ANY (ARRAY['csv'::text, 'json'::text, 'png'::text])))
  CONSTRAINT data_export_requests_kind_check CHECK ((kind = ANY (ARRAY['gdpr_access'::text, 'rfm_segments'::text, 'analytics'::text, 'customers'::text, 'logs'::text])))
  CONSTRAINT data_export_requests_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT data_export_requests_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT data_export_requests_pkey PRIMARY KEY (merchant_id, export_id)
  CONSTRAINT data_export_requests_row_count_check CHECK ((row_count >= 0))
  CONSTRAINT data_export_requests_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'failed'::text])))
  CREATE INDEX idx_data_export_requests_merchant_id_status ON ONLY public.data_export_requests USING btree (merchant_id, status)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE data_imports (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  import_id uuid NOT NULL DEFAULT gen_random_uuid()
  source text NOT NULL
  status text NOT NULL DEFAULT 'pending'::text
  file_url text
  file_size_bytes bigint
  record_count integer NOT NULL DEFAULT 0
  processed_count integer NOT NULL DEFAULT 0
  error_log jsonb NOT NULL DEFAULT '[]'::jsonb
  requested_by text
  completed_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT data_imports_file_size_bytes_check CHECK ((file_size_bytes >= 0))
  CONSTRAINT data_imports_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT data_imports_pkey PRIMARY KEY (merchant_id, import_id)
  CONSTRAINT data_imports_processed_count_check CHECK ((processed_count >= 0))
  CONSTRAINT data_imports_record_count_check CHECK ((record_count >= 0))
  CONSTRAINT data_imports_source_check CHECK ((source = ANY (ARRAY['smile_io'::text, 'loyaltylion'::text, 'shopify'::text, 'custom'::text])))
  CONSTRAINT data_imports_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'failed'::text])))
  CREATE INDEX idx_data_imports_merchant_id_status ON ONLY public.data_imports USING btree (merchant_id, status)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE email_events (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  event_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid
  template_id uuid
  template_type text
  channel text NOT NULL DEFAULT 'email'::text
  provider text
  event_type text
  recipient_email bytea
  retry_count integer NOT NULL DEFAULT 0
  error jsonb
  next_attempt_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  status text NOT NULL DEFAULT 'queued'::text
  event_key text NOT NULL DEFAULT (gen_random_uuid())::text
  language text
  variables jsonb NOT NULL DEFAULT '{}'::jsonb
  provider_message_id text
  lease_id uuid
  asked_at timestamp with time zone
  sent_at timestamp with time zone
  reason text
  recipient_hash bytea
  CONSTRAINT email_events_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'whatsapp'::text])))
  CONSTRAINT email_events_event_type_check CHECK ((event_type = ANY (ARRAY['sent'::text, 'failed'::text])))
  CONSTRAINT email_events_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT email_events_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT email_events_merchant_id_template_id_fkey FOREIGN KEY (merchant_id, template_id) REFERENCES email_templates(merchant_id, template_id) ON DELETE SET NULL (template_id)
  CONSTRAINT email_events_pkey PRIMARY KEY (merchant_id, event_id)
  CONSTRAINT email_events_provider_check CHECK ((provider = ANY (ARRAY['klaviyo'::text, 'twilio'::text, 'postscript'::text, 'ses'::text])))
  CONSTRAINT email_events_retry_count_check CHECK ((retry_count >= 0))
  CONSTRAINT email_events_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'waiting'::text, 'sending'::text, 'sent'::text, 'parked'::text, 'unconfirmed'::text, 'failed'::text, 'withheld'::text])))
  CONSTRAINT email_events_variables_check CHECK ((jsonb_typeof(variables) = 'object'::text))
  CREATE INDEX idx_email_events_created_at ON ONLY public.email_events USING btree (merchant_id, created_at DESC, event_id DESC)
  CREATE INDEX idx_email_events_customer_id ON ONLY public.email_events USING btree (customer_id)
  CREATE INDEX idx_email_events_merchant_id ON ONLY public.email_events USING btree (merchant_id, created_at)
  CREATE INDEX idx_email_events_next_attempt_at ON ONLY public.email_events USING btree (next_attempt_at) WHERE (status = ANY (ARRAY['queued'::text, 'waiting'::text, 'sending'::text, 'parked'::text]))
  CREATE INDEX idx_email_events_provider_message_id ON ONLY public.email_events USING btree (merchant_id, provider_message_id) WHERE (provider_message_id IS NOT NULL)
  CREATE INDEX idx_email_events_recipient_hash ON ONLY public.email_events USING btree (merchant_id, recipient_hash) WHERE (recipient_hash IS NOT NULL)
  CREATE UNIQUE INDEX uq_email_events_event_key ON ONLY public.email_events USING btree (merchant_id, event_key, channel)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_encrypted FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT DELETE, SELECT, SELECT (event_id), SELECT (merchant_id), SELECT (recipient_email), UPDATE, UPDATE (recipient_email) TO loyalnest_ledger
  GRANT INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE email_templates (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  template_id uuid NOT NULL DEFAULT gen_random_uuid()
  type text NOT NULL
  subject jsonb NOT NULL DEFAULT '{}'::jsonb
  body jsonb NOT NULL DEFAULT '{}'::jsonb
  fallback_language text NOT NULL DEFAULT 'en'::text
  usage_count bigint NOT NULL DEFAULT 0
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  enabled boolean NOT NULL DEFAULT true
  version bigint NOT NULL DEFAULT 1
  CONSTRAINT email_templates_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT email_templates_pkey PRIMARY KEY (merchant_id, template_id)
  CONSTRAINT email_templates_type_check CHECK ((type = ANY (ARRAY['points_earned'::text, 'points_expiring'::text, 'birthday_reward'::text, 'reward_redeemed'::text, 'referral_invite'::text, 'referral_completed'::text, 'tier_upgraded'::text, 'tier_change'::text, 'nudge'::text, 'gdpr_request'::text, 'badge_earned'::text, 'onboarding_task_completed'::text])))
  CONSTRAINT email_templates_usage_count_check CHECK ((usage_count >= 0))
  CONSTRAINT email_templates_version_check CHECK ((version > 0))
  CREATE UNIQUE INDEX idx_email_templates_merchant_id_type ON public.email_templates USING btree (merchant_id, type)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.email_templates FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE event_deliveries (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  delivery_id uuid NOT NULL DEFAULT gen_random_uuid()
  endpoint_id uuid NOT NULL
  event_type text NOT NULL
  event_key text NOT NULL
  body text NOT NULL
  is_test boolean NOT NULL DEFAULT false
  customer_id uuid
  other_customer_id uuid
  status text NOT NULL DEFAULT 'queued'::text
  attempts integer NOT NULL DEFAULT 0
  next_attempt_at timestamp with time zone
  lease_id uuid
  attempted_at timestamp with time zone
  delivered_at timestamp with time zone
  failure text
  answer_status integer
  answer_excerpt text
  duration_ms integer
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT event_deliveries_answer_excerpt_check CHECK ((char_length(answer_excerpt) <= 500))
  CONSTRAINT event_deliveries_attempts_check CHECK ((attempts >= 0))
  CONSTRAINT event_deliveries_body_check CHECK ((octet_length(body) <= 20000))
  CONSTRAINT event_deliveries_duration_ms_check CHECK ((duration_ms >= 0))
  CONSTRAINT event_deliveries_failure_check CHECK ((failure = ANY (ARRAY['answer'::text, 'gone'::text, 'redirect'::text, 'timeout'::text, 'connection'::text, 'certificate'::text, 'unresolved'::text, 'address_refused'::text, 'flow_refused'::text, 'flow_unavailable'::text])))
  CONSTRAINT event_deliveries_merchant_id_endpoint_id_fkey FOREIGN KEY (merchant_id, endpoint_id) REFERENCES event_endpoints(merchant_id, endpoint_id) ON DELETE CASCADE
  CONSTRAINT event_deliveries_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT event_deliveries_pkey PRIMARY KEY (merchant_id, delivery_id)
  CONSTRAINT event_deliveries_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sending'::text, 'delivered'::text, 'failed'::text])))
  CREATE INDEX idx_event_deliveries_created_at ON public.event_deliveries USING btree (created_at)
  CREATE INDEX idx_event_deliveries_customer ON public.event_deliveries USING btree (merchant_id, customer_id)
  CREATE INDEX idx_event_deliveries_due ON public.event_deliveries USING btree (merchant_id, endpoint_id, next_attempt_at) WHERE (status = ANY (ARRAY['queued'::text, 'sending'::text]))
  CREATE INDEX idx_event_deliveries_log ON public.event_deliveries USING btree (merchant_id, endpoint_id, created_at DESC, delivery_id DESC)
  CREATE INDEX idx_event_deliveries_other_customer ON public.event_deliveries USING btree (merchant_id, other_customer_id) WHERE (other_customer_id IS NOT NULL)
  CREATE INDEX idx_event_deliveries_status ON public.event_deliveries USING btree (merchant_id, endpoint_id, status, created_at DESC, delivery_id DESC)
  CREATE UNIQUE INDEX uq_event_deliveries_event ON public.event_deliveries USING btree (merchant_id, endpoint_id, event_key)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT DELETE, SELECT, UPDATE TO loyalnest_ledger
  GRANT SELECT TO loyalnest_backup

TABLE event_endpoints (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  endpoint_id uuid NOT NULL DEFAULT gen_random_uuid()
  kind text NOT NULL DEFAULT 'webhook'::text
  url text
  description text NOT NULL DEFAULT ''::text
  events text[] NOT NULL DEFAULT '{}'::text[]
  secret bytea
  previous_secret bytea
  previous_secret_until timestamp with time zone
  secret_version integer NOT NULL DEFAULT 1
  status text NOT NULL DEFAULT 'active'::text
  disabled_reason text
  failures integer NOT NULL DEFAULT 0
  failing_since timestamp with time zone
  rest_until timestamp with time zone
  delivered_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT event_endpoints_check CHECK (((kind = 'webhook'::text) = (url IS NOT NULL)))
  CONSTRAINT event_endpoints_check1 CHECK (((kind = 'webhook'::text) = (secret IS NOT NULL)))
  CONSTRAINT event_endpoints_check2 CHECK (((status = 'disabled'::text) = (disabled_reason IS NOT NULL)))
  CONSTRAINT event_endpoints_description_check CHECK ((char_length(description) <= 200))
  CONSTRAINT event_endpoints_disabled_reason_check CHECK ((disabled_reason = ANY (ARRAY['failing'::text, 'gone'::text])))
  CONSTRAINT event_endpoints_failures_check CHECK ((failures >= 0))
  CONSTRAINT event_endpoints_kind_check CHECK ((kind = ANY (ARRAY['webhook'::text, 'flow'::text])))
  CONSTRAINT event_endpoints_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT event_endpoints_pkey PRIMARY KEY (merchant_id, endpoint_id)
  CONSTRAINT event_endpoints_secret_version_check CHECK ((secret_version > 0))
  CONSTRAINT event_endpoints_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'disabled'::text])))
  CONSTRAINT event_endpoints_url_check CHECK ((char_length(url) <= 2000))
  CREATE UNIQUE INDEX uq_event_endpoints_flow ON public.event_endpoints USING btree (merchant_id) WHERE (kind = 'flow'::text)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_encrypted FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.event_endpoints FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT, UPDATE (previous_secret), UPDATE (secret) TO loyalnest_ledger

TABLE expiry_extension_lots (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  extension_id uuid NOT NULL
  customer_id uuid NOT NULL
  sequence bigint NOT NULL
  expires_before timestamp with time zone NOT NULL
  expires_after timestamp with time zone NOT NULL
  CONSTRAINT expiry_extension_lots_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT expiry_extension_lots_merchant_id_extension_id_fkey FOREIGN KEY (merchant_id, extension_id) REFERENCES expiry_extensions(merchant_id, extension_id) ON DELETE CASCADE
  CONSTRAINT expiry_extension_lots_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT expiry_extension_lots_pkey PRIMARY KEY (merchant_id, extension_id, customer_id, sequence)
  CREATE INDEX idx_expiry_extension_lots_customer ON public.expiry_extension_lots USING btree (merchant_id, customer_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_ledger
  GRANT SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE expiry_extensions (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  extension_id uuid NOT NULL
  idempotency_key text NOT NULL
  customer_id uuid
  lapsing_before timestamp with time zone NOT NULL
  days integer NOT NULL
  members bigint NOT NULL DEFAULT 0
  points bigint NOT NULL DEFAULT 0
  actor text
  created_at timestamp with time zone NOT NULL DEFAULT now()
  undone_at timestamp with time zone
  undone_by text
  CONSTRAINT expiry_extensions_days_check CHECK (((days >= 1) AND (days <= 3650)))
  CONSTRAINT expiry_extensions_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT expiry_extensions_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT expiry_extensions_pkey PRIMARY KEY (merchant_id, extension_id)
  CREATE INDEX idx_expiry_extensions_created_at ON public.expiry_extensions USING btree (merchant_id, created_at, extension_id)
  CREATE UNIQUE INDEX uq_expiry_extensions_idempotency ON public.expiry_extensions USING btree (merchant_id, idempotency_key)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_ledger
  GRANT SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE expiry_notices (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  customer_id uuid NOT NULL
  sequence bigint NOT NULL
  expires_at timestamp with time zone NOT NULL
  points bigint NOT NULL
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT expiry_notices_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT expiry_notices_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT expiry_notices_pkey PRIMARY KEY (merchant_id, customer_id, sequence, expires_at)
  CONSTRAINT expiry_notices_points_check CHECK ((points > 0))
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE flow_triggers (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  event_type text NOT NULL
  enabled boolean NOT NULL
  told_at timestamp with time zone NOT NULL
  CONSTRAINT flow_triggers_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT flow_triggers_pkey PRIMARY KEY (merchant_id, event_type)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE gamification_achievements (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  achievement_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid NOT NULL
  badge_code text NOT NULL
  badge jsonb NOT NULL DEFAULT '{}'::jsonb
  action_type text
  streak_count integer NOT NULL DEFAULT 0
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT gamification_achievements_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT gamification_achievements_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT gamification_achievements_pkey PRIMARY KEY (merchant_id, achievement_id)
  CONSTRAINT gamification_achievements_streak_count_check CHECK ((streak_count >= 0))
  CREATE INDEX idx_gamification_achievements_customer_id ON ONLY public.gamification_achievements USING btree (customer_id, created_at)
  CREATE UNIQUE INDEX uq_gamification_achievements_badge ON ONLY public.gamification_achievements USING btree (merchant_id, customer_id, badge_code)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE gdpr_requests (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  request_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid
  shopify_customer_id text
  request_type text NOT NULL
  request_source text NOT NULL DEFAULT 'webhook'::text
  status text NOT NULL DEFAULT 'pending'::text
  idempotency_key text
  retention_expires_at timestamp with time zone NOT NULL DEFAULT (now() + '90 days'::interval)
  metadata jsonb NOT NULL DEFAULT '{}'::jsonb
  completed_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  touched_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT gdpr_requests_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT gdpr_requests_pkey PRIMARY KEY (merchant_id, request_id)
  CONSTRAINT gdpr_requests_request_source_check CHECK ((request_source = ANY (ARRAY['customer'::text, 'admin'::text, 'webhook'::text])))
  CONSTRAINT gdpr_requests_request_type_check CHECK ((request_type = ANY (ARRAY['data_request'::text, 'redact'::text])))
  CONSTRAINT gdpr_requests_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'completed'::text, 'failed'::text])))
  CREATE INDEX idx_gdpr_requests_merchant_id_created_at ON public.gdpr_requests USING btree (merchant_id, created_at, request_id)
  CREATE INDEX idx_gdpr_requests_merchant_id_request_type ON public.gdpr_requests USING btree (merchant_id, request_type)
  CREATE INDEX idx_gdpr_requests_retention_expires_at ON public.gdpr_requests USING btree (retention_expires_at)
  CREATE INDEX idx_gdpr_requests_touched_at ON public.gdpr_requests USING btree (touched_at) WHERE (status = 'pending'::text)
  CREATE UNIQUE INDEX uq_gdpr_requests_idempotency ON public.gdpr_requests USING btree (merchant_id, idempotency_key)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT, UPDATE TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT, UPDATE TO loyalnest_ledger

TABLE integrations (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  integration_id uuid NOT NULL DEFAULT gen_random_uuid()
  platform text NOT NULL
  api_key bytea
  settings jsonb NOT NULL DEFAULT '{}'::jsonb
  status text NOT NULL DEFAULT 'ok'::text
  error_details jsonb
  last_checked_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT integrations_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT integrations_pkey PRIMARY KEY (merchant_id, integration_id)
  CONSTRAINT integrations_platform_check CHECK ((platform = ANY (ARRAY['shopify'::text, 'klaviyo'::text, 'twilio'::text, 'postscript'::text, 'ses'::text, 'mailchimp'::text, 'yotpo'::text, 'judgeme'::text, 'square'::text, 'lightspeed'::text, 'recharge'::text, 'gorgias'::text, 'shopify_flow'::text, 'zapier'::text, 'slack'::text])))
  CONSTRAINT integrations_status_check CHECK ((status = ANY (ARRAY['ok'::text, 'error'::text, 'disabled'::text])))
  CREATE UNIQUE INDEX idx_integrations_merchant_id_platform ON public.integrations USING btree (merchant_id, platform)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_encrypted FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.integrations FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT (api_key), SELECT (integration_id), SELECT (merchant_id), UPDATE (api_key) TO loyalnest_ledger
  GRANT SELECT TO loyalnest_backup

TABLE leaderboards (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  leaderboard_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid NOT NULL
  score bigint NOT NULL DEFAULT 0
  cycle text NOT NULL
  final_rank integer
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT leaderboards_cycle_check CHECK ((cycle ~ '^\d{4}-(0[1-9]|1[0-2])$'::text))
  CONSTRAINT leaderboards_final_rank_check CHECK ((final_rank > 0))
  CONSTRAINT leaderboards_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT leaderboards_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT leaderboards_pkey PRIMARY KEY (merchant_id, leaderboard_id)
  CREATE INDEX idx_leaderboards_merchant_id_cycle ON ONLY public.leaderboards USING btree (merchant_id, cycle, score)
  CREATE UNIQUE INDEX uq_leaderboards_entry ON ONLY public.leaderboards USING btree (merchant_id, cycle, customer_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.leaderboards FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE merchant_referrals (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  merchant_referral_id uuid NOT NULL DEFAULT gen_random_uuid()
  referred_merchant_id uuid
  referral_code text NOT NULL
  reward_id text NOT NULL DEFAULT 'credit_50'::text
  status text NOT NULL DEFAULT 'pending'::text
  click_count bigint NOT NULL DEFAULT 0
  credited_at timestamp with time zone
  expires_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT merchant_referrals_check CHECK ((referred_merchant_id <> merchant_id))
  CONSTRAINT merchant_referrals_click_count_check CHECK ((click_count >= 0))
  CONSTRAINT merchant_referrals_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT merchant_referrals_pkey PRIMARY KEY (merchant_id, merchant_referral_id)
  CONSTRAINT merchant_referrals_referred_merchant_id_fkey FOREIGN KEY (referred_merchant_id) REFERENCES merchants(merchant_id) ON DELETE SET NULL
  CONSTRAINT merchant_referrals_reward_id_check CHECK ((reward_id = ANY (ARRAY['credit_50'::text, '1_month_free'::text])))
  CONSTRAINT merchant_referrals_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'completed'::text, 'expired'::text])))
  CREATE INDEX idx_merchant_referrals_advocate_merchant_id ON ONLY public.merchant_referrals USING btree (merchant_id)
  CREATE UNIQUE INDEX uq_merchant_referrals_code ON ONLY public.merchant_referrals USING btree (merchant_id, referral_code)
  CREATE UNIQUE INDEX uq_merchant_referrals_referred ON ONLY public.merchant_referrals USING btree (merchant_id, referred_merchant_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE merchants (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL DEFAULT gen_random_uuid()
  shopify_domain text NOT NULL
  name text
  plan_id text NOT NULL DEFAULT 'free'::text
  status text NOT NULL DEFAULT 'active'::text
  api_token bytea
  staff_roles jsonb NOT NULL DEFAULT '{}'::jsonb
  language jsonb NOT NULL DEFAULT '{"rtl": ["ar", "he"], "default": "en", "supported": ["en", "es", "fr"]}'::jsonb
  onboarding_status jsonb NOT NULL DEFAULT '{}'::jsonb
  ip_whitelist jsonb NOT NULL DEFAULT '[]'::jsonb
  plan_usage jsonb NOT NULL DEFAULT '{}'::jsonb
  multi_tenant_group_id uuid
  currency text NOT NULL DEFAULT 'USD'::text
  timezone text NOT NULL DEFAULT 'UTC'::text
  referral_credit_cents bigint NOT NULL DEFAULT 0
  uninstalled_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  is_development boolean NOT NULL DEFAULT false
  CONSTRAINT merchants_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
  CONSTRAINT merchants_pkey PRIMARY KEY (merchant_id)
  CONSTRAINT merchants_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(plan_id)
  CONSTRAINT merchants_referral_credit_cents_check CHECK ((referral_credit_cents >= 0))
  CONSTRAINT merchants_shopify_domain_check CHECK ((shopify_domain = lower(shopify_domain)))
  CONSTRAINT merchants_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'trial'::text])))
  CREATE INDEX idx_merchants_language ON public.merchants USING gin (language)
  CREATE INDEX idx_merchants_multi_tenant_group_id ON public.merchants USING btree (multi_tenant_group_id)
  CREATE UNIQUE INDEX uq_merchants_shopify_domain ON public.merchants USING btree (shopify_domain)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_encrypted FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.merchants FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT, SELECT (api_token), SELECT (merchant_id), UPDATE (api_token) TO loyalnest_ledger

TABLE nudge_events (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  event_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid NOT NULL
  nudge_id uuid NOT NULL
  variant text
  action text NOT NULL
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT nudge_events_action_check CHECK ((action = ANY (ARRAY['view'::text, 'click'::text, 'dismiss'::text])))
  CONSTRAINT nudge_events_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT nudge_events_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT nudge_events_merchant_id_nudge_id_fkey FOREIGN KEY (merchant_id, nudge_id) REFERENCES nudges(merchant_id, nudge_id) ON DELETE CASCADE
  CONSTRAINT nudge_events_pkey PRIMARY KEY (merchant_id, event_id)
  CREATE INDEX idx_nudge_events_customer_id ON ONLY public.nudge_events USING btree (customer_id, created_at)
  CREATE INDEX idx_nudge_events_nudge_id ON ONLY public.nudge_events USING btree (nudge_id, action)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE nudges (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  nudge_id uuid NOT NULL DEFAULT gen_random_uuid()
  type text NOT NULL
  title jsonb NOT NULL DEFAULT '{}'::jsonb
  description jsonb NOT NULL DEFAULT '{}'::jsonb
  personalized_content jsonb NOT NULL DEFAULT '{}'::jsonb
  conditions jsonb NOT NULL DEFAULT '{}'::jsonb
  variants jsonb NOT NULL DEFAULT '{}'::jsonb
  is_enabled boolean NOT NULL DEFAULT true
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT nudges_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT nudges_pkey PRIMARY KEY (merchant_id, nudge_id)
  CONSTRAINT nudges_type_check CHECK ((type = ANY (ARRAY['at-risk'::text, 'loyal'::text, 'new'::text, 'inactive'::text, 'tier_dropped'::text, 'vip'::text, 'churned'::text])))
  CREATE INDEX idx_nudges_merchant_id ON public.nudges USING btree (merchant_id, type)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.nudges FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE onboarding_tasks (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  task_id uuid NOT NULL DEFAULT gen_random_uuid()
  task_name text NOT NULL
  position integer NOT NULL DEFAULT 0
  status text NOT NULL DEFAULT 'pending'::text
  badge text
  completed_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT onboarding_tasks_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT onboarding_tasks_pkey PRIMARY KEY (merchant_id, task_id)
  CONSTRAINT onboarding_tasks_position_check CHECK (("position" >= 0))
  CONSTRAINT onboarding_tasks_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'completed'::text, 'skipped'::text])))
  CREATE INDEX idx_onboarding_tasks_merchant_id ON ONLY public.onboarding_tasks USING btree (merchant_id, status)
  CREATE UNIQUE INDEX uq_onboarding_tasks_name ON ONLY public.onboarding_tasks USING btree (merchant_id, task_name)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.onboarding_tasks FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE orders (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  order_row_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid
  shopify_order_id text NOT NULL
  name text
  subtotal numeric(20,4) NOT NULL DEFAULT 0
  gross_subtotal numeric(20,4) NOT NULL DEFAULT 0
  total numeric(20,4) NOT NULL DEFAULT 0
  refunded numeric(20,4) NOT NULL DEFAULT 0
  currency text
  presentment_currency text
  financial_status text
  channel text NOT NULL DEFAULT 'online'::text
  ordered_at timestamp with time zone NOT NULL
  paid_at timestamp with time zone
  cancelled_at timestamp with time zone
  source_updated_at timestamp with time zone
  refunds jsonb NOT NULL DEFAULT '{}'::jsonb
  line_items jsonb NOT NULL DEFAULT '[]'::jsonb
  is_historical boolean NOT NULL DEFAULT false
  redemption_id uuid
  referral_link_id uuid
  awarded_points bigint NOT NULL DEFAULT 0
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  country text
  observed_at timestamp with time zone
  source text NOT NULL DEFAULT 'webhook'::text
  reading_due boolean NOT NULL DEFAULT false
  customer_updated_at timestamp with time zone
  customer_observed_at timestamp with time zone
  prior_customer_id uuid
  current_total numeric(20,4)
  tax numeric(20,4)
  taxes_included boolean NOT NULL DEFAULT false
  is_test boolean NOT NULL DEFAULT false
  paid_told_at timestamp with time zone
  edits jsonb NOT NULL DEFAULT '[]'::jsonb
  account_points bigint
  waived_points bigint NOT NULL DEFAULT 0
  first_given boolean
  counts boolean NOT NULL DEFAULT true
  risk text
  risk_rated_at timestamp with time zone
  is_company boolean NOT NULL DEFAULT false
  absence text
  pending_points bigint
  points_count_at timestamp with time zone
  pending_award jsonb
  CONSTRAINT orders_absence_check CHECK ((absence = ANY (ARRAY['tag'::text, 'company'::text])))
  CONSTRAINT orders_awarded_points_check CHECK ((awarded_points >= 0))
  CONSTRAINT orders_channel_check CHECK ((channel = ANY (ARRAY['online'::text, 'pos'::text, 'square'::text, 'lightspeed'::text])))
  CONSTRAINT orders_country_check CHECK ((country ~ '^[A-Z]{2}$'::text))
  CONSTRAINT orders_currency_check CHECK ((currency ~ '^[A-Z][A-Z0-9]{2,7}$'::text))
  CONSTRAINT orders_edits_check CHECK ((jsonb_typeof(edits) = 'array'::text))
  CONSTRAINT orders_gross_subtotal_check CHECK ((gross_subtotal >= (0)::numeric))
  CONSTRAINT orders_line_items_check CHECK ((jsonb_typeof(line_items) = 'array'::text))
  CONSTRAINT orders_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id)
  CONSTRAINT orders_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id)
  CONSTRAINT orders_pending_points_check CHECK ((pending_points >= 0))
  CONSTRAINT orders_pkey PRIMARY KEY (merchant_id, order_row_id)
  CONSTRAINT orders_presentment_currency_check CHECK ((presentment_currency ~ '^[A-Z][A-Z0-9]{2,7}$'::text))
  CONSTRAINT orders_refunded_check CHECK ((refunded >= (0)::numeric))
  CONSTRAINT orders_refunds_check CHECK ((jsonb_typeof(refunds) = 'object'::text))
  CONSTRAINT orders_risk_check CHECK ((risk = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text])))
  CONSTRAINT orders_source_check CHECK ((source = ANY (ARRAY['webhook'::text, 'reading'::text, 'partial'::text])))
  CONSTRAINT orders_subtotal_check CHECK ((subtotal >= (0)::numeric))
  CONSTRAINT orders_total_check CHECK ((total >= (0)::numeric))
  CONSTRAINT orders_waived_points_check CHECK ((waived_points >= 0))
  CREATE INDEX idx_orders_customer ON ONLY public.orders USING btree (merchant_id, customer_id, ordered_at)
  CREATE INDEX idx_orders_ordered_at ON ONLY public.orders USING btree (merchant_id, ordered_at)
  CREATE INDEX idx_orders_pending ON ONLY public.orders USING btree (merchant_id, customer_id) WHERE (pending_points > 0)
  CREATE INDEX idx_orders_points_count_at ON ONLY public.orders USING btree (merchant_id, points_count_at, shopify_order_id) WHERE ((pending_points > 0) AND (customer_id IS NOT NULL))
  CREATE UNIQUE INDEX uq_orders_shopify ON ONLY public.orders USING btree (merchant_id, shopify_order_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, SELECT, UPDATE TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_ledger
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT, UPDATE (customer_id), UPDATE (redemption_id), UPDATE (referral_link_id), UPDATE (risk), UPDATE (risk_rated_at) TO loyalnest_app

TABLE outbox_events (owner loyalnest_owner, row security, forced)
  event_id bigint NOT NULL IDENTITY
  merchant_id uuid NOT NULL
  kind text NOT NULL
  payload jsonb NOT NULL DEFAULT '{}'::jsonb
  traceparent text DEFAULT NULLIF(current_setting('app.traceparent'::text, true), ''::text)
  attempts integer NOT NULL DEFAULT 0
  created_at timestamp with time zone NOT NULL DEFAULT now()
  claimed_at timestamp with time zone
  claim_expires_at timestamp with time zone
  acknowledged_at timestamp with time zone
  CONSTRAINT outbox_events_attempts_check CHECK ((attempts >= 0))
  CONSTRAINT outbox_events_payload_check CHECK ((jsonb_typeof(payload) = 'object'::text))
  CONSTRAINT outbox_events_pkey PRIMARY KEY (event_id)
  CREATE INDEX idx_outbox_events_acknowledged_at ON public.outbox_events USING btree (acknowledged_at) WHERE (acknowledged_at IS NOT NULL)
  CREATE INDEX idx_outbox_events_unacknowledged ON public.outbox_events USING btree (event_id) WHERE (acknowledged_at IS NULL)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_ledger
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE plans (owner loyalnest_owner)
  plan_id text NOT NULL
  name text NOT NULL
  price_cents integer
  orders_limit integer
  sms_referrals_limit integer
  features jsonb NOT NULL DEFAULT '{}'::jsonb
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT plans_features_check CHECK ((jsonb_typeof(features) = 'object'::text))
  CONSTRAINT plans_orders_limit_check CHECK ((orders_limit >= 0))
  CONSTRAINT plans_pkey PRIMARY KEY (plan_id)
  CONSTRAINT plans_price_cents_check CHECK ((price_cents >= 0))
  CONSTRAINT plans_sms_referrals_limit_check CHECK ((sms_referrals_limit >= 0))
  GRANT SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE point_holds (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  hold_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid NOT NULL
  points bigint NOT NULL
  status text NOT NULL DEFAULT 'active'::text
  purpose text
  idempotency_key text NOT NULL
  transaction_id uuid
  expires_at timestamp with time zone NOT NULL
  created_at timestamp with time zone NOT NULL DEFAULT now()
  settled_at timestamp with time zone
  CONSTRAINT point_holds_check CHECK (((status = 'active'::text) = (settled_at IS NULL)))
  CONSTRAINT point_holds_check1 CHECK (((transaction_id IS NULL) OR (status = 'confirmed'::text)))
  CONSTRAINT point_holds_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES points_balances(merchant_id, customer_id)
  CONSTRAINT point_holds_pkey PRIMARY KEY (merchant_id, hold_id)
  CONSTRAINT point_holds_points_check CHECK ((points > 0))
  CONSTRAINT point_holds_status_check CHECK ((status = ANY (ARRAY['active'::text, 'confirmed'::text, 'released'::text, 'expired'::text])))
  CREATE INDEX idx_point_holds_customer_id ON ONLY public.point_holds USING btree (merchant_id, customer_id) WHERE (status = 'active'::text)
  CREATE INDEX idx_point_holds_expires_at ON ONLY public.point_holds USING btree (merchant_id, expires_at) WHERE (status = 'active'::text)
  CREATE UNIQUE INDEX uq_point_holds_idempotency ON ONLY public.point_holds USING btree (merchant_id, idempotency_key)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_ledger
  GRANT SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE point_lots (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  customer_id uuid NOT NULL
  sequence bigint NOT NULL
  points bigint NOT NULL
  remaining bigint NOT NULL
  expires_at timestamp with time zone
  order_id text
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT point_lots_check CHECK (((remaining >= 0) AND (remaining <= points)))
  CONSTRAINT point_lots_pkey PRIMARY KEY (merchant_id, customer_id, sequence)
  CONSTRAINT point_lots_points_check CHECK ((points > 0))
  CONSTRAINT point_lots_sequence_check CHECK ((sequence > 0))
  CREATE INDEX idx_point_lots_expires_at ON ONLY public.point_lots USING btree (merchant_id, expires_at) WHERE ((remaining > 0) AND (expires_at IS NOT NULL))
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_ledger
  GRANT SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE points_balances (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  customer_id uuid NOT NULL
  balance bigint NOT NULL DEFAULT 0
  held bigint NOT NULL DEFAULT 0
  debt bigint NOT NULL DEFAULT 0
  earned_total bigint NOT NULL DEFAULT 0
  spent_total bigint NOT NULL DEFAULT 0
  version bigint NOT NULL DEFAULT 0
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  closed_at timestamp with time zone
  CONSTRAINT points_balances_balance_check CHECK ((abs(balance) < '9007199254740992'::bigint))
  CONSTRAINT points_balances_debt_check CHECK ((debt >= 0))
  CONSTRAINT points_balances_held_check CHECK ((held >= 0))
  CONSTRAINT points_balances_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id)
  CONSTRAINT points_balances_pkey PRIMARY KEY (merchant_id, customer_id)
  CONSTRAINT points_balances_version_check CHECK ((version >= 0))
  POLICY closed_to_the_ledger FOR ALL TO loyalnest_ledger USING ((closed_at IS NULL)) WITH CHECK (true)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_ledger
  GRANT SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE points_transactions (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  transaction_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid NOT NULL
  type text NOT NULL DEFAULT 'earn'::text
  points bigint NOT NULL
  sequence bigint NOT NULL
  balance_after bigint NOT NULL
  idempotency_key text
  source text
  reason text
  order_id text
  reverses_transaction_id uuid
  currency text
  expiry_date timestamp with time zone
  campaign_id uuid
  actor text
  consumed jsonb
  metadata jsonb NOT NULL DEFAULT '{}'::jsonb
  occurred_at timestamp with time zone NOT NULL DEFAULT now()
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT points_transactions_balance_after_check CHECK ((abs(balance_after) < '9007199254740992'::bigint))
  CONSTRAINT points_transactions_check CHECK (
CASE
    WHEN (type = ANY (ARRAY['earn'::text, 'import'::text, 'referral'::text, 'campaign'::text])) THEN (points > 0)
    WHEN (type = ANY (ARRAY['redeem'::text, 'expire'::text])) THEN (points < 0)
    ELSE (type = ANY (ARRAY['adjust'::text, 'reversal'::text, 'writeoff'::text]))
END)
  CONSTRAINT points_transactions_pkey PRIMARY KEY (merchant_id, transaction_id)
  CONSTRAINT points_transactions_points_check CHECK (((points <> 0) AND (abs(points) < '9007199254740992'::bigint)))
  CONSTRAINT points_transactions_sequence_check CHECK ((sequence > 0))
  CREATE INDEX idx_points_transactions_created_at ON ONLY public.points_transactions USING btree (merchant_id, created_at)
  CREATE INDEX idx_points_transactions_customer_id ON ONLY public.points_transactions USING btree (customer_id, created_at)
  CREATE INDEX idx_points_transactions_not_earned ON ONLY public.points_transactions USING btree (merchant_id, type, created_at, transaction_id) WHERE (type <> 'earn'::text)
  CREATE INDEX idx_points_transactions_order_id ON ONLY public.points_transactions USING btree (merchant_id, order_id) WHERE (order_id IS NOT NULL)
  CREATE UNIQUE INDEX uq_points_transactions_idempotency ON ONLY public.points_transactions USING btree (merchant_id, idempotency_key)
  CREATE UNIQUE INDEX uq_points_transactions_sequence ON ONLY public.points_transactions USING btree (merchant_id, customer_id, sequence)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER append_only BEFORE DELETE OR UPDATE ON public.points_transactions FOR EACH ROW EXECUTE FUNCTION refuse_change()
  TRIGGER complete_three_column_entry BEFORE INSERT ON public.points_transactions FOR EACH ROW WHEN ((new.sequence IS NULL)) EXECUTE FUNCTION ledger_complete_entry()
  TRIGGER never_emptied BEFORE TRUNCATE ON public.points_transactions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
  GRANT DELETE, SELECT, UPDATE (actor), UPDATE (reason) TO loyalnest_redactor
  GRANT INSERT (customer_id), INSERT (merchant_id), INSERT (points), SELECT TO loyalnest_app
  GRANT INSERT, SELECT TO loyalnest_ledger
  GRANT SELECT TO loyalnest_backup

TABLE pos_offline_queue (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  queue_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid NOT NULL
  transaction_type text NOT NULL
  points bigint NOT NULL
  idempotency_token text NOT NULL
  status text NOT NULL DEFAULT 'pending'::text
  sync_attempt_count integer NOT NULL DEFAULT 0
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT pos_offline_queue_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT pos_offline_queue_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT pos_offline_queue_pkey PRIMARY KEY (merchant_id, queue_id)
  CONSTRAINT pos_offline_queue_points_check CHECK (((points > 0) AND (points < '9007199254740992'::bigint)))
  CONSTRAINT pos_offline_queue_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'synced'::text, 'failed'::text])))
  CONSTRAINT pos_offline_queue_sync_attempt_count_check CHECK ((sync_attempt_count >= 0))
  CONSTRAINT pos_offline_queue_transaction_type_check CHECK ((transaction_type = ANY (ARRAY['earn'::text, 'redeem'::text])))
  CREATE INDEX idx_pos_offline_queue_customer_id ON public.pos_offline_queue USING btree (merchant_id, customer_id)
  CREATE UNIQUE INDEX uq_pos_offline_queue_token ON public.pos_offline_queue USING btree (merchant_id, idempotency_token)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE program_settings (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  config jsonb NOT NULL DEFAULT '{}'::jsonb
  rfm_thresholds jsonb NOT NULL DEFAULT '{}'::jsonb
  branding jsonb NOT NULL DEFAULT '{}'::jsonb
  sticky_bar jsonb NOT NULL DEFAULT '{}'::jsonb
  ab_tests jsonb NOT NULL DEFAULT '{}'::jsonb
  dynamic_multipliers jsonb NOT NULL DEFAULT '{"rfm_champion": 1.5, "first_purchase_24h": 2.0}'::jsonb
  referral_config jsonb NOT NULL DEFAULT '{}'::jsonb
  setup_progress jsonb NOT NULL DEFAULT '{}'::jsonb
  multi_store_config jsonb NOT NULL DEFAULT '{}'::jsonb
  multi_currency_config jsonb NOT NULL DEFAULT '{}'::jsonb
  theme_extension_config jsonb NOT NULL DEFAULT '{}'::jsonb
  accessibility_settings jsonb NOT NULL DEFAULT '{}'::jsonb
  shopify_flow_config jsonb NOT NULL DEFAULT '{}'::jsonb
  custom_rewards jsonb NOT NULL DEFAULT '{}'::jsonb
  simulation_params jsonb NOT NULL DEFAULT '{}'::jsonb
  slack_invite text
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  rfm_state jsonb NOT NULL DEFAULT '{}'::jsonb
  message_settings jsonb NOT NULL DEFAULT '{}'::jsonb
  participation jsonb NOT NULL DEFAULT '{}'::jsonb
  CONSTRAINT program_settings_branding_check CHECK ((jsonb_typeof(branding) = 'object'::text))
  CONSTRAINT program_settings_config_check CHECK ((jsonb_typeof(config) = 'object'::text))
  CONSTRAINT program_settings_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT program_settings_message_settings_check CHECK ((jsonb_typeof(message_settings) = 'object'::text))
  CONSTRAINT program_settings_pkey PRIMARY KEY (merchant_id)
  CONSTRAINT program_settings_rfm_state_check CHECK ((jsonb_typeof(rfm_state) = 'object'::text))
  CREATE INDEX idx_program_settings_branding ON public.program_settings USING gin (branding)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.program_settings FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT TO loyalnest_ledger

TABLE program_versions (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  version bigint NOT NULL
  config jsonb NOT NULL
  dynamic_multipliers jsonb NOT NULL
  actor text NOT NULL
  restored_version bigint
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT program_versions_config_check CHECK ((jsonb_typeof(config) = 'object'::text))
  CONSTRAINT program_versions_dynamic_multipliers_check CHECK ((jsonb_typeof(dynamic_multipliers) = 'object'::text))
  CONSTRAINT program_versions_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT program_versions_pkey PRIMARY KEY (merchant_id, version)
  CONSTRAINT program_versions_version_check CHECK ((version > 0))
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT TO loyalnest_ledger

TABLE referral_events (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  event_id uuid NOT NULL DEFAULT gen_random_uuid()
  referral_link_id uuid NOT NULL
  referral_id uuid
  action text NOT NULL
  event_type text
  variants jsonb NOT NULL DEFAULT '{}'::jsonb
  metadata jsonb NOT NULL DEFAULT '{}'::jsonb
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT referral_events_action_check CHECK ((action = ANY (ARRAY['view'::text, 'click'::text, 'conversion'::text])))
  CONSTRAINT referral_events_event_type_check CHECK ((event_type = ANY (ARRAY['signup'::text, 'purchase'::text])))
  CONSTRAINT referral_events_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT referral_events_merchant_id_referral_id_fkey FOREIGN KEY (merchant_id, referral_id) REFERENCES referrals(merchant_id, referral_id) ON DELETE CASCADE
  CONSTRAINT referral_events_merchant_id_referral_link_id_fkey FOREIGN KEY (merchant_id, referral_link_id) REFERENCES referral_links(merchant_id, referral_link_id) ON DELETE CASCADE
  CONSTRAINT referral_events_pkey PRIMARY KEY (merchant_id, event_id)
  CREATE INDEX idx_referral_events_clicks ON public.referral_events USING btree (merchant_id, created_at) WHERE (action = 'click'::text)
  CREATE INDEX idx_referral_events_referral_id ON public.referral_events USING btree (merchant_id, referral_id) WHERE (referral_id IS NOT NULL)
  CREATE INDEX idx_referral_events_referral_link_id ON public.referral_events USING btree (referral_link_id, created_at)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE referral_links (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  referral_link_id uuid NOT NULL DEFAULT gen_random_uuid()
  advocate_customer_id uuid NOT NULL
  referral_code text NOT NULL
  click_count bigint NOT NULL DEFAULT 0
  merchant_referral_id uuid
  last_viewed_at timestamp with time zone
  status text NOT NULL DEFAULT 'active'::text
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT referral_links_click_count_check CHECK ((click_count >= 0))
  CONSTRAINT referral_links_merchant_id_advocate_customer_id_fkey FOREIGN KEY (merchant_id, advocate_customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT referral_links_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT referral_links_merchant_id_merchant_referral_id_fkey FOREIGN KEY (merchant_id, merchant_referral_id) REFERENCES merchant_referrals(merchant_id, merchant_referral_id) ON DELETE SET NULL (merchant_referral_id)
  CONSTRAINT referral_links_pkey PRIMARY KEY (merchant_id, referral_link_id)
  CONSTRAINT referral_links_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
  CREATE INDEX idx_referral_links_advocate ON public.referral_links USING btree (merchant_id, advocate_customer_id)
  CREATE UNIQUE INDEX idx_referral_links_referral_code ON public.referral_links USING btree (referral_code)
  CREATE UNIQUE INDEX uq_referral_links_active ON public.referral_links USING btree (merchant_id, advocate_customer_id) WHERE (status = 'active'::text)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT, UPDATE TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT TO loyalnest_ledger

TABLE referral_traces (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  customer_id uuid NOT NULL
  kind text NOT NULL
  trace_hash bytea NOT NULL
  seen_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT referral_traces_kind_check CHECK ((kind = ANY (ARRAY['email'::text, 'mailbox'::text, 'phone'::text, 'address'::text, 'device'::text, 'network'::text])))
  CONSTRAINT referral_traces_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT referral_traces_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT referral_traces_pkey PRIMARY KEY (merchant_id, customer_id, kind, trace_hash)
  CONSTRAINT referral_traces_trace_hash_check CHECK ((octet_length(trace_hash) = 16))
  CREATE INDEX idx_referral_traces_hash ON public.referral_traces USING btree (merchant_id, kind, trace_hash)
  CREATE INDEX idx_referral_traces_seen_at ON public.referral_traces USING btree (seen_at)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_ledger
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE referrals (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  referral_id uuid NOT NULL DEFAULT gen_random_uuid()
  referral_link_id uuid NOT NULL
  advocate_customer_id uuid NOT NULL
  friend_customer_id uuid
  type text NOT NULL DEFAULT 'sms'::text
  status text NOT NULL DEFAULT 'pending'::text
  tier_level integer NOT NULL DEFAULT 1
  reward_id uuid
  spoof_detection jsonb NOT NULL DEFAULT '{}'::jsonb
  notification_status text NOT NULL DEFAULT 'pending'::text
  locale text NOT NULL DEFAULT 'en'::text
  expires_at timestamp with time zone
  completed_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  terms jsonb NOT NULL DEFAULT '{}'::jsonb
  clicked_at timestamp with time zone
  click_id uuid
  goal_at timestamp with time zone
  goal_order_id text
  undone_at timestamp with time zone
  reversed_at timestamp with time zone
  refusal text
  decision text
  decided_by text
  decided_at timestamp with time zone
  score integer NOT NULL DEFAULT 0
  advocate_transaction_id uuid
  friend_transaction_id uuid
  advocate_points bigint NOT NULL DEFAULT 0
  friend_points bigint NOT NULL DEFAULT 0
  CONSTRAINT referrals_advocate_points_check CHECK ((advocate_points >= 0))
  CONSTRAINT referrals_check CHECK ((friend_customer_id <> advocate_customer_id))
  CONSTRAINT referrals_decision_check CHECK ((decision = ANY (ARRAY['approved'::text, 'denied'::text])))
  CONSTRAINT referrals_friend_points_check CHECK ((friend_points >= 0))
  CONSTRAINT referrals_merchant_id_advocate_customer_id_fkey FOREIGN KEY (merchant_id, advocate_customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT referrals_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT referrals_merchant_id_friend_customer_id_fkey FOREIGN KEY (merchant_id, friend_customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT referrals_merchant_id_referral_link_id_fkey FOREIGN KEY (merchant_id, referral_link_id) REFERENCES referral_links(merchant_id, referral_link_id) ON DELETE CASCADE
  CONSTRAINT referrals_merchant_id_reward_id_fkey FOREIGN KEY (merchant_id, reward_id) REFERENCES rewards(merchant_id, reward_id)
  CONSTRAINT referrals_notification_status_check CHECK ((notification_status = ANY (ARRAY['pending'::text, 'sent'::text, 'failed'::text])))
  CONSTRAINT referrals_pkey PRIMARY KEY (merchant_id, referral_id)
  CONSTRAINT referrals_refusal_check CHECK ((refusal = ANY (ARRAY['suspicious'::text, 'denied'::text, 'existing_customer'::text, 'goal_undone'::text, 'limit_reached'::text])))
  CONSTRAINT referrals_refusal_has_status CHECK (((status = 'refused'::text) = (refusal IS NOT NULL)))
  CONSTRAINT referrals_score_check CHECK (((score >= 0) AND (score <= 100)))
  CONSTRAINT referrals_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'held'::text, 'completed'::text, 'refused'::text, 'expired'::text, 'reversed'::text])))
  CONSTRAINT referrals_tier_level_check CHECK ((tier_level >= 1))
  CONSTRAINT referrals_type_check CHECK ((type = ANY (ARRAY['copy'::text, 'email'::text, 'sms'::text, 'whatsapp'::text, 'social'::text, 'merchant'::text])))
  CREATE INDEX idx_referrals_advocate_customer_id ON ONLY public.referrals USING btree (advocate_customer_id, created_at)
  CREATE INDEX idx_referrals_created_at ON ONLY public.referrals USING btree (merchant_id, created_at DESC, referral_id DESC)
  CREATE INDEX idx_referrals_expires_at ON ONLY public.referrals USING btree (merchant_id, expires_at) WHERE (status = 'pending'::text)
  CREATE INDEX idx_referrals_merchant_id ON ONLY public.referrals USING btree (merchant_id, status)
  CREATE INDEX idx_referrals_notification_status ON ONLY public.referrals USING btree (notification_status)
  CREATE INDEX idx_referrals_referral_link_id ON ONLY public.referrals USING btree (referral_link_id)
  CREATE INDEX idx_referrals_status_created_at ON ONLY public.referrals USING btree (merchant_id, status, created_at DESC, referral_id DESC)
  CREATE UNIQUE INDEX uq_referrals_friend ON ONLY public.referrals USING btree (merchant_id, friend_customer_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.referrals FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, SELECT, UPDATE TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE reward_redemptions (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  redemption_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid NOT NULL
  reward_id uuid
  campaign_id uuid
  hold_id uuid
  points_spent bigint NOT NULL DEFAULT 0
  discount_code bytea
  discount_code_hash bytea
  shopify_discount_id text
  status text NOT NULL DEFAULT 'pending'::text
  currency text
  value numeric(20,4)
  expires_at timestamp with time zone
  used_order_id text
  idempotency_key text
  created_at timestamp with time zone NOT NULL DEFAULT now()
  terms jsonb NOT NULL DEFAULT '{}'::jsonb
  transaction_id uuid
  failure_code text
  completed_at timestamp with time zone
  used_at timestamp with time zone
  returned_at timestamp with time zone
  return_requested_at timestamp with time zone
  sent_at timestamp with time zone
  claimed_at timestamp with time zone
  gift text
  tier_id uuid
  CONSTRAINT reward_redemptions_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
  CONSTRAINT reward_redemptions_gift_check CHECK ((gift = ANY (ARRAY['campaign'::text, 'tier_entry'::text, 'tier_shipping'::text, 'referral'::text])))
  CONSTRAINT reward_redemptions_gift_is_free CHECK (((gift IS NULL) OR (points_spent = 0)))
  CONSTRAINT reward_redemptions_merchant_id_campaign_id_fkey FOREIGN KEY (merchant_id, campaign_id) REFERENCES bonus_campaigns(merchant_id, campaign_id)
  CONSTRAINT reward_redemptions_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id)
  CONSTRAINT reward_redemptions_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id)
  CONSTRAINT reward_redemptions_merchant_id_hold_id_fkey FOREIGN KEY (merchant_id, hold_id) REFERENCES point_holds(merchant_id, hold_id)
  CONSTRAINT reward_redemptions_merchant_id_reward_id_fkey FOREIGN KEY (merchant_id, reward_id) REFERENCES rewards(merchant_id, reward_id)
  CONSTRAINT reward_redemptions_pkey PRIMARY KEY (merchant_id, redemption_id)
  CONSTRAINT reward_redemptions_points_spent_check CHECK ((points_spent >= 0))
  CONSTRAINT reward_redemptions_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'completed'::text, 'failed'::text, 'returned'::text])))
  CONSTRAINT reward_redemptions_terms_check CHECK ((jsonb_typeof(terms) = 'object'::text))
  CONSTRAINT reward_redemptions_tier_id_fkey FOREIGN KEY (merchant_id, tier_id) REFERENCES vip_tiers(merchant_id, tier_id)
  CONSTRAINT reward_redemptions_value_check CHECK ((value >= (0)::numeric))
  CREATE INDEX idx_reward_redemptions_campaign_id ON ONLY public.reward_redemptions USING btree (campaign_id)
  CREATE INDEX idx_reward_redemptions_created_at ON ONLY public.reward_redemptions USING btree (merchant_id, created_at, redemption_id)
  CREATE INDEX idx_reward_redemptions_customer_id ON ONLY public.reward_redemptions USING btree (customer_id, created_at)
  CREATE INDEX idx_reward_redemptions_discount_code_hash ON ONLY public.reward_redemptions USING btree (merchant_id, discount_code_hash)
  CREATE INDEX idx_reward_redemptions_gifts ON ONLY public.reward_redemptions USING btree (merchant_id, customer_id) WHERE (gift IS NOT NULL)
  CREATE INDEX idx_reward_redemptions_reward ON ONLY public.reward_redemptions USING btree (merchant_id, reward_id)
  CREATE INDEX idx_reward_redemptions_unsettled ON ONLY public.reward_redemptions USING btree (created_at) WHERE ((status = 'pending'::text) OR (return_requested_at IS NOT NULL))
  CREATE UNIQUE INDEX uq_reward_redemptions_idempotency ON ONLY public.reward_redemptions USING btree (merchant_id, idempotency_key)
  CREATE UNIQUE INDEX uq_reward_redemptions_shopify ON ONLY public.reward_redemptions USING btree (merchant_id, shopify_discount_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_encrypted FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT, UPDATE TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT, SELECT (discount_code), SELECT (merchant_id), SELECT (redemption_id), UPDATE, UPDATE (discount_code) TO loyalnest_ledger

TABLE rewards (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  reward_id uuid NOT NULL DEFAULT gen_random_uuid()
  type text NOT NULL
  title jsonb NOT NULL DEFAULT '{}'::jsonb
  points_cost bigint NOT NULL
  value numeric(20,4)
  currency text
  channel text NOT NULL DEFAULT 'online'::text
  config jsonb NOT NULL DEFAULT '{}'::jsonb
  status text NOT NULL DEFAULT 'active'::text
  icon_url text
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT rewards_channel_check CHECK ((channel = ANY (ARRAY['online'::text, 'pos'::text])))
  CONSTRAINT rewards_check CHECK (((value >= (0)::numeric) AND ((type <> 'percent_off'::text) OR (value <= (100)::numeric))))
  CONSTRAINT rewards_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
  CONSTRAINT rewards_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT rewards_pkey PRIMARY KEY (merchant_id, reward_id)
  CONSTRAINT rewards_points_cost_check CHECK (((points_cost > 0) AND (points_cost < '9007199254740992'::bigint)))
  CONSTRAINT rewards_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text, 'deleted'::text])))
  CONSTRAINT rewards_type_check CHECK ((type = ANY (ARRAY['amount_off'::text, 'percent_off'::text, 'free_shipping'::text, 'free_product'::text, 'coupon'::text, 'cashback'::text, 'store_credit'::text, 'gift_card'::text, 'custom'::text])))
  CREATE INDEX idx_rewards_merchant_id ON public.rewards USING btree (merchant_id, status)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.rewards FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE rfm_benchmarks (owner loyalnest_owner, row security, forced)
  benchmark_id uuid NOT NULL DEFAULT gen_random_uuid()
  merchant_id uuid
  industry text NOT NULL
  merchant_size text
  aov_range text
  segment_name text NOT NULL
  thresholds jsonb NOT NULL DEFAULT '{}'::jsonb
  customer_percentage numeric(10,2)
  avg_rfm_score numeric(10,2)
  last_updated timestamp with time zone NOT NULL DEFAULT now()
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT rfm_benchmarks_avg_rfm_score_check CHECK (((avg_rfm_score >= (1)::numeric) AND (avg_rfm_score <= (5)::numeric)))
  CONSTRAINT rfm_benchmarks_customer_percentage_check CHECK (((customer_percentage >= (0)::numeric) AND (customer_percentage <= (100)::numeric)))
  CONSTRAINT rfm_benchmarks_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT rfm_benchmarks_merchant_size_check CHECK ((merchant_size = ANY (ARRAY['small'::text, 'medium'::text, 'plus'::text])))
  CONSTRAINT rfm_benchmarks_pkey PRIMARY KEY (benchmark_id)
  CREATE INDEX idx_rfm_benchmarks_industry ON public.rfm_benchmarks USING btree (industry, merchant_size, segment_name)
  CREATE INDEX idx_rfm_benchmarks_merchant_id ON public.rfm_benchmarks USING btree (merchant_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  POLICY peer_groups FOR SELECT TO public USING ((merchant_id IS NULL)) WITH CHECK ()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE rfm_score_history (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  history_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid NOT NULL
  rfm_score jsonb NOT NULL
  segment_ids jsonb NOT NULL DEFAULT '[]'::jsonb
  lifecycle_stage text
  churn_score bytea
  trigger text NOT NULL DEFAULT 'order'::text
  metadata jsonb NOT NULL DEFAULT '{}'::jsonb
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT rfm_score_history_lifecycle_stage_check CHECK ((lifecycle_stage = ANY (ARRAY['new_lead'::text, 'repeat_buyer'::text, 'churned'::text, 'vip'::text])))
  CONSTRAINT rfm_score_history_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT rfm_score_history_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT rfm_score_history_pkey PRIMARY KEY (merchant_id, history_id)
  CONSTRAINT rfm_score_history_trigger_check CHECK ((trigger = ANY (ARRAY['order'::text, 'schedule'::text, 'config'::text, 'import'::text, 'manual'::text])))
  CREATE INDEX idx_rfm_score_history_merchant_id_customer_id ON ONLY public.rfm_score_history USING btree (merchant_id, customer_id, created_at)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_encrypted FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT TO loyalnest_app
  GRANT SELECT (churn_score), SELECT (history_id), SELECT (merchant_id), UPDATE (churn_score) TO loyalnest_ledger
  GRANT SELECT TO loyalnest_backup

TABLE rfm_segment_deltas (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  delta_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid NOT NULL
  segment_change jsonb NOT NULL
  rfm_score jsonb
  operation text NOT NULL DEFAULT 'update'::text
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT rfm_segment_deltas_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT rfm_segment_deltas_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT rfm_segment_deltas_operation_check CHECK ((operation = ANY (ARRAY['insert'::text, 'update'::text, 'delete'::text])))
  CONSTRAINT rfm_segment_deltas_pkey PRIMARY KEY (merchant_id, delta_id)
  CREATE INDEX idx_rfm_segment_deltas_customer_id ON public.rfm_segment_deltas USING btree (merchant_id, customer_id)
  CREATE INDEX idx_rfm_segment_deltas_merchant_id ON public.rfm_segment_deltas USING btree (merchant_id, updated_at)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.rfm_segment_deltas FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE roi_metrics (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  metric_id uuid NOT NULL DEFAULT gen_random_uuid()
  revenue_influenced numeric(20,4) NOT NULL DEFAULT 0
  currency text
  referral_contribution numeric(10,2) NOT NULL DEFAULT 0
  vip_purchase_share numeric(10,2) NOT NULL DEFAULT 0
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT roi_metrics_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
  CONSTRAINT roi_metrics_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT roi_metrics_pkey PRIMARY KEY (merchant_id, metric_id)
  CONSTRAINT roi_metrics_referral_contribution_check CHECK (((referral_contribution >= (0)::numeric) AND (referral_contribution <= (100)::numeric)))
  CONSTRAINT roi_metrics_vip_purchase_share_check CHECK (((vip_purchase_share >= (0)::numeric) AND (vip_purchase_share <= (100)::numeric)))
  CREATE INDEX idx_roi_metrics_merchant_id ON public.roi_metrics USING btree (merchant_id, created_at)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE schema_settings (owner loyalnest_owner)
  only_row boolean NOT NULL DEFAULT true
  partitions integer NOT NULL
  CONSTRAINT schema_settings_only_row_check CHECK (only_row)
  CONSTRAINT schema_settings_partitions_check CHECK (((partitions >= 1) AND (partitions <= 1024)))
  CONSTRAINT schema_settings_pkey PRIMARY KEY (only_row)
  GRANT SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE shop_erasures (owner loyalnest_owner)
  erasure_id uuid NOT NULL DEFAULT gen_random_uuid()
  target_merchant uuid NOT NULL
  shop_domain text
  status text NOT NULL DEFAULT 'waiting'::text
  requested_at timestamp with time zone NOT NULL
  due_at timestamp with time zone NOT NULL
  reason text NOT NULL DEFAULT ''::text
  alarmed_at timestamp with time zone
  ended_at timestamp with time zone
  CONSTRAINT shop_erasures_check CHECK (((status = ANY (ARRAY['cancelled'::text, 'erased'::text])) = (ended_at IS NOT NULL)))
  CONSTRAINT shop_erasures_check1 CHECK (((status = 'erased'::text) = (shop_domain IS NULL)))
  CONSTRAINT shop_erasures_pkey PRIMARY KEY (erasure_id)
  CONSTRAINT shop_erasures_reason_check CHECK ((length(reason) <= 300))
  CONSTRAINT shop_erasures_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'stopped'::text, 'cancelled'::text, 'erased'::text])))
  CONSTRAINT shop_erasures_target_merchant_requested_at_key UNIQUE (target_merchant, requested_at)
  CREATE INDEX idx_shop_erasures_open ON public.shop_erasures USING btree (due_at) WHERE (ended_at IS NULL)
  CREATE INDEX idx_shop_erasures_requested_at ON public.shop_erasures USING btree (requested_at, erasure_id)
  CREATE UNIQUE INDEX shop_erasures_target_merchant_requested_at_key ON public.shop_erasures USING btree (target_merchant, requested_at)
  GRANT INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE shop_health (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  reconciled_at timestamp with time zone
  reconcile_failed_at timestamp with time zone
  orders_read bigint NOT NULL DEFAULT 0
  orders_drifted bigint NOT NULL DEFAULT 0
  orders_set_aside bigint NOT NULL DEFAULT 0
  ledger_checked_at timestamp with time zone
  balances_checked bigint NOT NULL DEFAULT 0
  balances_broken bigint NOT NULL DEFAULT 0
  access_checked_at timestamp with time zone
  access text
  missing_scopes text[] NOT NULL DEFAULT '{}'::text[]
  missing_topics text[] NOT NULL DEFAULT '{}'::text[]
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT shop_health_access_check CHECK ((access = ANY (ARRAY['connected'::text, 'frozen'::text, 'not_connected'::text])))
  CONSTRAINT shop_health_balances_broken_check CHECK ((balances_broken >= 0))
  CONSTRAINT shop_health_balances_checked_check CHECK ((balances_checked >= 0))
  CONSTRAINT shop_health_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT shop_health_orders_drifted_check CHECK ((orders_drifted >= 0))
  CONSTRAINT shop_health_orders_read_check CHECK ((orders_read >= 0))
  CONSTRAINT shop_health_orders_set_aside_check CHECK ((orders_set_aside >= 0))
  CONSTRAINT shop_health_pkey PRIMARY KEY (merchant_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR SELECT TO loyalnest_ledger USING (true) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.shop_health FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT TO loyalnest_ledger

TABLE shopify_sessions (owner loyalnest_owner, row security, forced)
  session_id text NOT NULL
  merchant_id uuid
  shop text NOT NULL
  state text
  is_online boolean NOT NULL DEFAULT false
  scope text
  access_token bytea
  refresh_token bytea
  user_id text
  expires_at timestamp with time zone
  refresh_expires_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT shopify_sessions_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT shopify_sessions_pkey PRIMARY KEY (session_id)
  CREATE INDEX idx_shopify_sessions_merchant_id ON public.shopify_sessions USING btree (merchant_id)
  CREATE INDEX idx_shopify_sessions_shop ON public.shopify_sessions USING btree (shop)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_encrypted FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.shopify_sessions FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, SELECT (access_token), SELECT (refresh_token), SELECT (session_id), SELECT (shop), UPDATE, UPDATE (access_token), UPDATE (refresh_token) TO loyalnest_ledger
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE slack_community (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  community_id uuid NOT NULL DEFAULT gen_random_uuid()
  audience text NOT NULL DEFAULT 'merchant'::text
  customer_id uuid
  slack_user_id text NOT NULL
  status text NOT NULL DEFAULT 'invited'::text
  beta_features jsonb NOT NULL DEFAULT '{}'::jsonb
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT slack_community_audience_check CHECK ((audience = ANY (ARRAY['merchant'::text, 'customer'::text])))
  CONSTRAINT slack_community_check CHECK (((customer_id IS NULL) OR (audience = 'customer'::text)))
  CONSTRAINT slack_community_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT slack_community_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT slack_community_pkey PRIMARY KEY (merchant_id, community_id)
  CONSTRAINT slack_community_status_check CHECK ((status = ANY (ARRAY['active'::text, 'invited'::text, 'inactive'::text])))
  CREATE INDEX idx_slack_community_merchant_id ON ONLY public.slack_community USING btree (merchant_id)
  CREATE UNIQUE INDEX uq_slack_community_user ON ONLY public.slack_community USING btree (merchant_id, slack_user_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.slack_community FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE sync_runs (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  sync_id uuid NOT NULL DEFAULT gen_random_uuid()
  status text NOT NULL DEFAULT 'queued'::text
  phase text NOT NULL DEFAULT 'customers'::text
  shopify_operation_id text
  customers_total bigint NOT NULL DEFAULT 0
  customers_processed bigint NOT NULL DEFAULT 0
  orders_total bigint NOT NULL DEFAULT 0
  orders_processed bigint NOT NULL DEFAULT 0
  problem_code text
  problem_message text
  started_at timestamp with time zone
  finished_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  touched_at timestamp with time zone NOT NULL DEFAULT now()
  customers_set_aside bigint NOT NULL DEFAULT 0
  orders_set_aside bigint NOT NULL DEFAULT 0
  set_aside jsonb NOT NULL DEFAULT '[]'::jsonb
  CONSTRAINT sync_runs_customers_processed_check CHECK ((customers_processed >= 0))
  CONSTRAINT sync_runs_customers_set_aside_check CHECK ((customers_set_aside >= 0))
  CONSTRAINT sync_runs_customers_total_check CHECK ((customers_total >= 0))
  CONSTRAINT sync_runs_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT sync_runs_orders_processed_check CHECK ((orders_processed >= 0))
  CONSTRAINT sync_runs_orders_set_aside_check CHECK ((orders_set_aside >= 0))
  CONSTRAINT sync_runs_orders_total_check CHECK ((orders_total >= 0))
  CONSTRAINT sync_runs_phase_check CHECK ((phase = ANY (ARRAY['customers'::text, 'orders'::text, 'done'::text])))
  CONSTRAINT sync_runs_pkey PRIMARY KEY (merchant_id, sync_id)
  CONSTRAINT sync_runs_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'completed'::text, 'failed'::text])))
  CREATE INDEX idx_sync_runs_created_at ON public.sync_runs USING btree (merchant_id, created_at)
  CREATE INDEX idx_sync_runs_touched_at ON public.sync_runs USING btree (touched_at) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text]))
  CREATE UNIQUE INDEX uq_sync_runs_under_way ON public.sync_runs USING btree (merchant_id) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text]))
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT, UPDATE TO loyalnest_ledger

TABLE team_leaderboards (owner loyalnest_owner, partitioned by HASH (merchant_id), row security, forced)
  merchant_id uuid NOT NULL
  leaderboard_id uuid NOT NULL DEFAULT gen_random_uuid()
  team_id text NOT NULL
  team_name jsonb NOT NULL DEFAULT '{}'::jsonb
  score bigint NOT NULL DEFAULT 0
  cycle text NOT NULL
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT team_leaderboards_cycle_check CHECK ((cycle ~ '^\d{4}-(0[1-9]|1[0-2])$'::text))
  CONSTRAINT team_leaderboards_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT team_leaderboards_pkey PRIMARY KEY (merchant_id, leaderboard_id)
  CREATE INDEX idx_team_leaderboards_merchant_id_cycle ON ONLY public.team_leaderboards USING btree (merchant_id, cycle, score)
  CREATE UNIQUE INDEX uq_team_leaderboards_entry ON ONLY public.team_leaderboards USING btree (merchant_id, cycle, team_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.team_leaderboards FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE team_members (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  id uuid NOT NULL DEFAULT gen_random_uuid()
  team_id text NOT NULL
  customer_id uuid NOT NULL
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT team_members_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT team_members_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT team_members_pkey PRIMARY KEY (merchant_id, id)
  CREATE INDEX idx_team_members_customer_id ON public.team_members USING btree (merchant_id, customer_id)
  CREATE UNIQUE INDEX uq_team_members ON public.team_members USING btree (merchant_id, team_id, customer_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE vip_tier_changes (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  change_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid NOT NULL
  from_tier_id uuid
  to_tier_id uuid
  direction text NOT NULL
  reason text NOT NULL
  tier_set_version integer NOT NULL
  spend numeric(20,4)
  points bigint
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT vip_tier_changes_direction_check CHECK ((direction = ANY (ARRAY['up'::text, 'down'::text])))
  CONSTRAINT vip_tier_changes_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT vip_tier_changes_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT vip_tier_changes_merchant_id_from_tier_id_fkey FOREIGN KEY (merchant_id, from_tier_id) REFERENCES vip_tiers(merchant_id, tier_id)
  CONSTRAINT vip_tier_changes_merchant_id_to_tier_id_fkey FOREIGN KEY (merchant_id, to_tier_id) REFERENCES vip_tiers(merchant_id, tier_id)
  CONSTRAINT vip_tier_changes_pkey PRIMARY KEY (merchant_id, change_id)
  CONSTRAINT vip_tier_changes_reason_check CHECK ((reason = ANY (ARRAY['reached'::text, 'tiers_changed'::text, 'grace_over'::text, 'no_grace'::text])))
  CREATE INDEX idx_vip_tier_changes_created_at ON public.vip_tier_changes USING btree (merchant_id, created_at, change_id)
  CREATE INDEX idx_vip_tier_changes_customer ON public.vip_tier_changes USING btree (merchant_id, customer_id, created_at, change_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT INSERT, SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE vip_tier_sets (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  version integer NOT NULL
  status text NOT NULL
  basis text NOT NULL
  period text NOT NULL
  grace_days integer NOT NULL DEFAULT 30
  tiers jsonb NOT NULL DEFAULT '[]'::jsonb
  restores_version integer
  actor text
  published_at timestamp with time zone
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT vip_tier_sets_basis_check CHECK ((basis = ANY (ARRAY['spend'::text, 'points'::text, 'any'::text, 'all'::text])))
  CONSTRAINT vip_tier_sets_check CHECK (((status = 'draft'::text) = (published_at IS NULL)))
  CONSTRAINT vip_tier_sets_grace_days_check CHECK (((grace_days >= 0) AND (grace_days <= 365)))
  CONSTRAINT vip_tier_sets_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT vip_tier_sets_period_check CHECK ((period = ANY (ARRAY['lifetime'::text, 'calendar_year'::text, 'rolling_365'::text])))
  CONSTRAINT vip_tier_sets_pkey PRIMARY KEY (merchant_id, version)
  CONSTRAINT vip_tier_sets_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text, 'superseded'::text])))
  CONSTRAINT vip_tier_sets_tiers_check CHECK ((jsonb_typeof(tiers) = 'array'::text))
  CONSTRAINT vip_tier_sets_version_check CHECK ((version > 0))
  CREATE UNIQUE INDEX uq_vip_tier_sets_draft ON public.vip_tier_sets USING btree (merchant_id) WHERE (status = 'draft'::text)
  CREATE UNIQUE INDEX uq_vip_tier_sets_published ON public.vip_tier_sets USING btree (merchant_id) WHERE (status = 'published'::text)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.vip_tier_sets FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup

TABLE vip_tiers (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  tier_id uuid NOT NULL DEFAULT gen_random_uuid()
  name jsonb NOT NULL DEFAULT '{}'::jsonb
  position integer NOT NULL DEFAULT 0
  spend_threshold numeric(20,4)
  points_threshold bigint
  rules jsonb NOT NULL DEFAULT '{}'::jsonb
  benefits jsonb NOT NULL DEFAULT '{}'::jsonb
  created_at timestamp with time zone NOT NULL DEFAULT now()
  updated_at timestamp with time zone NOT NULL DEFAULT now()
  retired_at timestamp with time zone
  CONSTRAINT vip_tiers_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT vip_tiers_pkey PRIMARY KEY (merchant_id, tier_id)
  CONSTRAINT vip_tiers_points_threshold_check CHECK ((points_threshold >= 0))
  CONSTRAINT vip_tiers_position_check CHECK (("position" >= 0))
  CONSTRAINT vip_tiers_spend_threshold_check CHECK ((spend_threshold >= (0)::numeric))
  CREATE INDEX idx_vip_tiers_merchant_id ON public.vip_tiers USING btree (merchant_id, "position")
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  TRIGGER touch_updated_at BEFORE UPDATE ON public.vip_tiers FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT TO loyalnest_ledger

TABLE wallet_passes (owner loyalnest_owner, row security, forced)
  merchant_id uuid NOT NULL
  pass_id uuid NOT NULL DEFAULT gen_random_uuid()
  customer_id uuid NOT NULL
  wallet_type text NOT NULL
  pass_data bytea
  created_at timestamp with time zone NOT NULL DEFAULT now()
  CONSTRAINT wallet_passes_merchant_id_customer_id_fkey FOREIGN KEY (merchant_id, customer_id) REFERENCES customers(merchant_id, customer_id) ON DELETE CASCADE
  CONSTRAINT wallet_passes_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT wallet_passes_pkey PRIMARY KEY (merchant_id, pass_id)
  CONSTRAINT wallet_passes_wallet_type_check CHECK ((wallet_type = ANY (ARRAY['apple'::text, 'google'::text])))
  CREATE INDEX idx_wallet_passes_customer_id ON public.wallet_passes USING btree (customer_id)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_encrypted FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_app
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT (merchant_id), SELECT (pass_data), SELECT (pass_id), UPDATE (pass_data) TO loyalnest_ledger
  GRANT SELECT TO loyalnest_backup

TABLE webhook_idempotency_keys (owner loyalnest_owner, row security, forced)
  merchant_id uuid
  webhook_id text NOT NULL
  event_type text NOT NULL
  expires_at timestamp with time zone NOT NULL DEFAULT (now() + '24:00:00'::interval)
  created_at timestamp with time zone NOT NULL DEFAULT now()
  shop_domain text NOT NULL
  delivery_id uuid NOT NULL
  CONSTRAINT uq_webhook_idempotency PRIMARY KEY (shop_domain, webhook_id, event_type)
  CREATE INDEX idx_webhook_idempotency_keys_expires_at ON public.webhook_idempotency_keys USING btree (expires_at)
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  POLICY platform_rows FOR ALL TO public USING (((merchant_id IS NULL) AND (current_setting('app.platform'::text, true) = 'on'::text))) WITH CHECK (((merchant_id IS NULL) AND (current_setting('app.platform'::text, true) = 'on'::text)))
  GRANT DELETE, INSERT, SELECT, UPDATE TO loyalnest_ledger
  GRANT DELETE, SELECT TO loyalnest_redactor
  GRANT SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

TABLE webhook_inbox (owner loyalnest_owner, row security, forced)
  delivery_id uuid NOT NULL DEFAULT gen_random_uuid()
  merchant_id uuid
  shop_domain text NOT NULL
  topic text NOT NULL
  webhook_id text NOT NULL
  event_id text
  api_version text
  triggered_at timestamp with time zone
  payload bytea
  subject_tokens bytea[]
  status text NOT NULL DEFAULT 'received'::text
  reason text
  problem_code text
  problem_field text
  problem_message text
  attempts integer NOT NULL DEFAULT 0
  claimed_at timestamp with time zone
  received_at timestamp with time zone NOT NULL DEFAULT now()
  processed_at timestamp with time zone
  points bigint
  CONSTRAINT webhook_inbox_attempts_check CHECK ((attempts >= 0))
  CONSTRAINT webhook_inbox_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchants(merchant_id) ON DELETE CASCADE
  CONSTRAINT webhook_inbox_pkey PRIMARY KEY (delivery_id)
  CONSTRAINT webhook_inbox_status_check CHECK ((status = ANY (ARRAY['received'::text, 'processing'::text, 'processed'::text, 'ignored'::text, 'refused'::text, 'failed'::text])))
  CREATE INDEX idx_webhook_inbox_merchant_id ON public.webhook_inbox USING btree (merchant_id, received_at, delivery_id)
  CREATE INDEX idx_webhook_inbox_received_at ON public.webhook_inbox USING btree (received_at)
  CREATE INDEX idx_webhook_inbox_subject_tokens ON public.webhook_inbox USING gin (subject_tokens)
  CREATE INDEX idx_webhook_inbox_unfinished ON public.webhook_inbox USING btree (COALESCE(claimed_at, received_at)) WHERE (status = ANY (ARRAY['received'::text, 'processing'::text]))
  CREATE INDEX idx_webhook_inbox_unknown_shop ON public.webhook_inbox USING btree (shop_domain) WHERE (merchant_id IS NULL)
  CREATE INDEX idx_webhook_inbox_unreadable ON public.webhook_inbox USING btree (merchant_id) WHERE ((subject_tokens IS NULL) AND (payload IS NOT NULL))
  CREATE INDEX idx_webhook_inbox_unsuccessful ON public.webhook_inbox USING btree (received_at, delivery_id) WHERE (status = ANY (ARRAY['failed'::text, 'refused'::text]))
  POLICY every_row_backup FOR SELECT TO loyalnest_backup USING ((CURRENT_USER = 'loyalnest_backup'::name)) WITH CHECK ()
  POLICY every_tenant_encrypted FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_ledger FOR ALL TO loyalnest_ledger USING (true) WITH CHECK (true)
  POLICY every_tenant_redactor FOR ALL TO loyalnest_redactor USING ((CURRENT_USER = 'loyalnest_redactor'::name)) WITH CHECK ((CURRENT_USER = 'loyalnest_redactor'::name))
  POLICY merchant_isolation FOR ALL TO public USING ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid)) WITH CHECK ((merchant_id = (NULLIF(current_setting('app.merchant_id'::text, true), ''::text))::uuid))
  POLICY platform_rows FOR ALL TO public USING (((merchant_id IS NULL) AND (current_setting('app.platform'::text, true) = 'on'::text))) WITH CHECK (((merchant_id IS NULL) AND (current_setting('app.platform'::text, true) = 'on'::text)))
  GRANT DELETE, INSERT, SELECT, SELECT (delivery_id), SELECT (payload), SELECT (shop_domain), UPDATE, UPDATE (payload) TO loyalnest_ledger
  GRANT DELETE, SELECT, UPDATE TO loyalnest_redactor
  GRANT SELECT TO loyalnest_backup
  GRANT SELECT, UPDATE TO loyalnest_app

VIEW merchant_rfm_segment_counts (owner loyalnest_refresher, security_barrier=true)
 SELECT c.merchant_id,
    c.segment_name,
    c.customer_count,
    c.last_refreshed
   FROM rfm_segment_counts c
  WHERE (c.merchant_id = current_merchant_id());
  GRANT SELECT TO loyalnest_app
  GRANT SELECT TO loyalnest_backup

MATERIALIZED VIEW rfm_segment_counts (owner loyalnest_refresher)
 SELECT s.merchant_id,
    seg.value AS segment_name,
    count(*) AS customer_count,
    now() AS last_refreshed
   FROM customer_segments s,
    LATERAL jsonb_array_elements_text(s.segment_ids) seg(value)
  GROUP BY s.merchant_id, seg.value;
  CREATE UNIQUE INDEX idx_rfm_segment_counts_merchant_id_segment_name ON public.rfm_segment_counts USING btree (merchant_id, segment_name)
  GRANT SELECT TO loyalnest_backup

FUNCTION audit_chain_breaks()
  returns TABLE(merchant_id uuid, sequence bigint, log_id uuid)
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app, loyalnest_owner

FUNCTION audit_log_hash(audit_logs)
  returns bytea
  owner loyalnest_owner, sql, stable
  SET TimeZone=UTC, search_path=pg_catalog, public, pg_temp
  EXECUTE to PUBLIC

PROCEDURE become_ledger()
  owner loyalnest_owner, plpgsql

FUNCTION campaigns_due(timestamp with time zone,integer)
  returns TABLE(merchant_id uuid)
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION chain_audit_log()
  returns trigger
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp

FUNCTION console_deliveries(text,text,text,timestamp with time zone,uuid,integer)
  returns TABLE(delivery_id uuid, merchant_id uuid, shop_domain text, topic text, webhook_id text, event_id text, api_version text, triggered_at timestamp with time zone, status text, reason text, problem_code text, problem_field text, problem_message text, attempts integer, received_at timestamp with time zone, processed_at timestamp with time zone, has_payload boolean)
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION console_overview()
  returns TABLE(shops bigint, shops_installed bigint, deliveries_failed bigint, deliveries_refused bigint, deliveries_waiting bigint, deliveries_waiting_since timestamp with time zone, events_waiting bigint, events_waiting_since timestamp with time zone)
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION console_replay_deliveries(uuid[])
  returns TABLE(delivery_id uuid, merchant_id uuid, shop_domain text)
  owner loyalnest_ledger, sql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION console_unwell_shops(timestamp with time zone,timestamp with time zone,timestamp with time zone,integer)
  returns TABLE(merchant_id uuid, shop_domain text, reconciled_at timestamp with time zone, reconcile_failed_at timestamp with time zone, orders_drifted bigint, ledger_checked_at timestamp with time zone, balances_broken bigint, access text, missing_scopes text[], missing_topics text[], failed bigint, waiting bigint, waiting_since timestamp with time zone)
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

PROCEDURE create_partitions(regclass,text)
  owner loyalnest_owner, plpgsql

FUNCTION current_merchant_id()
  returns uuid
  owner loyalnest_owner, sql, stable
  EXECUTE to PUBLIC

FUNCTION delete_sessions(text[])
  returns void
  owner loyalnest_ledger, sql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION encrypted_columns()
  returns TABLE(table_name text, column_name text, tenant_column text, row_column text, keyed_by_tenant boolean)
  owner loyalnest_owner, sql, immutable
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app, loyalnest_ledger

FUNCTION encrypted_replace(text,text,text[],text[],bytea[],bytea[])
  returns integer
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION encrypted_with_other_keys(text,text,bytea,text,text,integer)
  returns TABLE(tenant text, row_id text, value bytea)
  owner loyalnest_ledger, plpgsql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION event_deliveries_delete_old(integer)
  returns bigint
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION event_deliveries_due(timestamp with time zone,timestamp with time zone,integer,integer)
  returns TABLE(merchant_id uuid, shop_domain text, delivery_id uuid, lease_id uuid)
  owner loyalnest_ledger, sql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION find_sessions_by_shop(text)
  returns TABLE(session_id text, shop text, state text, is_online boolean, scope text, access_token bytea, refresh_token bytea, expires_at timestamp with time zone, refresh_expires_at timestamp with time zone, user_id text)
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION frontend_gifts(uuid,uuid)
  returns jsonb
  owner loyalnest_owner, plpgsql
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION frontend_version(uuid,text)
  returns TABLE(view_customer_id uuid, view_version bigint, view_balance bigint, view_tag text, content_version text, next_change_at timestamp with time zone)
  owner loyalnest_owner, plpgsql
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION frontend_widget(uuid,text,integer)
  returns TABLE(currency text, language jsonb, timezone text, config jsonb, program_updated_at timestamp with time zone, branding jsonb, sticky_bar jsonb, dynamic_multipliers jsonb, customer_id uuid, first_name bytea, has_account boolean, is_new boolean, total_spend text, tier_id uuid, tier_progress jsonb, tier_basis text, segments jsonb, birthday_md text, done_actions jsonb, balance jsonb, recent jsonb, expiries jsonb, rewards jsonb, redemptions jsonb, tiers jsonb, campaigns jsonb)
  owner loyalnest_owner, plpgsql
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

PROCEDURE guard_tenant(regprocedure,text)
  owner loyalnest_owner, plpgsql

PROCEDURE guard_tenants()
  owner loyalnest_owner, plpgsql

FUNCTION inbox_claim_stale(integer,integer)
  returns TABLE(delivery_id uuid)
  owner loyalnest_ledger, sql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION inbox_finish(uuid[],uuid[],text[],text[],text[],text[],text[],bigint[])
  returns integer
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION inbox_holding(uuid,bytea[])
  returns SETOF uuid
  owner loyalnest_ledger, plpgsql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp, enable_seqscan=off, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app, loyalnest_redactor

FUNCTION inbox_read(uuid[])
  returns TABLE(delivery_id uuid, shop_domain text, merchant_id uuid, topic text, webhook_id text, event_id text, api_version text, triggered_at timestamp with time zone, received_at timestamp with time zone, processed_at timestamp with time zone, status text, attempts integer, problem_code text, problem_field text, problem_message text, reason text, payload bytea)
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION inbox_store(uuid[],text[],text[],text[],text[],text[],timestamp with time zone[],bytea[],jsonb)
  returns TABLE(ord bigint, delivery_id uuid, merchant_id uuid, is_duplicate boolean)
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, enable_hashjoin=off, enable_mergejoin=off, enable_seqscan=off, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

PROCEDURE isolate_platform_rows(regclass)
  owner loyalnest_owner, plpgsql

PROCEDURE isolate_tenants(regclass)
  owner loyalnest_owner, plpgsql

FUNCTION ledger_broken_invariants(uuid)
  returns TABLE(invariant text, merchant_id uuid, customer_id uuid, detail text)
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION ledger_complete_entry()
  returns trigger
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION ledger_consume_lots(uuid,uuid,bigint,text,bigint,timestamp with time zone)
  returns jsonb
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan

FUNCTION ledger_credit_many(uuid[],uuid[],uuid[],bigint[],text[],text[],text[],text[],text[],text[],timestamp with time zone[],timestamp with time zone[],text[],jsonb[],text[])
  returns TABLE(ord bigint, status text, transaction_id uuid, sequence bigint, balance_after bigint, expires_at timestamp with time zone)
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, enable_hashjoin=off, enable_mergejoin=off, enable_seqscan=off, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION ledger_credit_one(uuid,uuid,uuid,bigint,text,text,text,text,text,text,timestamp with time zone,timestamp with time zone,text,jsonb,text)
  returns TABLE(status text, transaction_id uuid, sequence bigint, balance_after bigint, expires_at timestamp with time zone)
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION ledger_debit(uuid,uuid,uuid,bigint,text,text,text,text,text,text,jsonb,text,bigint,bigint,uuid,timestamp with time zone,text,timestamp with time zone)
  returns TABLE(status text, transaction_id uuid, sequence bigint, balance_after bigint, points bigint)
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION ledger_expire(uuid,timestamp with time zone,integer)
  returns TABLE(members bigint, points bigint, more boolean, left_out jsonb)
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION ledger_expire_member(uuid,uuid,timestamp with time zone)
  returns bigint
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan

FUNCTION ledger_expiry_of(uuid,text,timestamp with time zone)
  returns timestamp with time zone
  owner loyalnest_ledger, plpgsql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan

FUNCTION ledger_extend_by_earning(uuid,uuid[],timestamp with time zone,integer)
  returns bigint
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION ledger_extend_lots(uuid,uuid,text,uuid,timestamp with time zone,integer,timestamp with time zone,text)
  returns TABLE(status text, extension_id uuid, members bigint, points bigint)
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION ledger_hold(uuid,uuid,uuid,bigint,text,text,timestamp with time zone,timestamp with time zone)
  returns TABLE(status text, hold_id uuid)
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION ledger_lock_balances(uuid[],uuid[])
  returns void
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, enable_hashjoin=off, enable_mergejoin=off, enable_seqscan=off, plan_cache_mode=force_generic_plan

FUNCTION ledger_merge(uuid,uuid,uuid,text,text)
  returns bigint
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION ledger_reverse(uuid,uuid,uuid,bigint,text,text,text,text,text,jsonb,text)
  returns TABLE(status text, transaction_id uuid, sequence bigint, balance_after bigint, points bigint)
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION ledger_settle_hold(uuid,uuid,uuid,text,text,text,jsonb)
  returns TABLE(status text, transaction_id uuid)
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION ledger_undo_extension(uuid,uuid,timestamp with time zone,text)
  returns text
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION ledger_write_off(uuid,uuid,text,text)
  returns bigint
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION load_session(text)
  returns TABLE(session_id text, shop text, state text, is_online boolean, scope text, access_token bytea, refresh_token bytea, expires_at timestamp with time zone, refresh_expires_at timestamp with time zone, user_id text)
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

PROCEDURE maintain_updated_at(regclass)
  owner loyalnest_owner, plpgsql

FUNCTION member_absence(uuid,uuid)
  returns text
  owner loyalnest_owner, plpgsql, stable
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to PUBLIC

FUNCTION member_heir(uuid,uuid)
  returns uuid
  owner loyalnest_owner, plpgsql, stable
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app, loyalnest_ledger, loyalnest_redactor

FUNCTION member_in_force(uuid,text)
  returns text
  owner loyalnest_ledger, plpgsql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION member_pending(uuid,uuid)
  returns jsonb
  owner loyalnest_owner, plpgsql
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION member_tag_keys(uuid,jsonb)
  returns text[]
  owner loyalnest_owner, sql, immutable
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to PUBLIC

FUNCTION members_by_name(bytea[])
  returns SETOF uuid
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION members_close(uuid,uuid[])
  returns void
  owner loyalnest_redactor, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION members_excluded(text[],boolean)
  returns SETOF uuid
  owner loyalnest_ledger, plpgsql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION members_heirs(uuid[],uuid[])
  returns TABLE(ord bigint, customer_id uuid)
  owner loyalnest_ledger, plpgsql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION members_in_force(uuid[],text[])
  returns TABLE(ord bigint, shopify_customer_id text)
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION members_move_holds(uuid,uuid,uuid)
  returns void
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION merchant_by_shop(text)
  returns TABLE(merchant_id uuid, shopify_domain text, name text, currency text, timezone text, plan_id text, status text, created_at timestamp with time zone, uninstalled_at timestamp with time zone)
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION merchant_is_installed(uuid)
  returns boolean
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION merchants_after(uuid,integer)
  returns TABLE(merchant_id uuid, shopify_domain text, name text, currency text, timezone text, plan_id text, status text, created_at timestamp with time zone, uninstalled_at timestamp with time zone)
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION messages_delete_old(integer)
  returns bigint
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION messages_due(timestamp with time zone,integer,text[])
  returns TABLE(merchant_id uuid, shop_domain text, message_id uuid)
  owner loyalnest_ledger, sql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION order_refunds_united(jsonb,jsonb)
  returns jsonb
  owner loyalnest_owner, sql, immutable
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_ledger

FUNCTION orders_context(uuid[],text[],text[],timestamp with time zone[])
  returns TABLE(ord bigint, currency text, joined_at timestamp with time zone, config jsonb, customer_id uuid, is_redacted boolean, campaigns jsonb, member jsonb, pauses jsonb)
  owner loyalnest_ledger, plpgsql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION orders_ensure_customers(jsonb)
  returns TABLE(customer_id uuid)
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION orders_heirs(uuid[],uuid[])
  returns TABLE(merchant_id uuid, member uuid, heir uuid, is_erased boolean)
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION orders_lots(uuid[],text[],uuid[])
  returns TABLE(merchant_id uuid, order_id text, member uuid, points bigint, expired bigint, expires_at timestamp with time zone, at_expiry bigint)
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, enable_hashjoin=off, enable_mergejoin=off, enable_seqscan=off, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION orders_merge_many(jsonb)
  returns TABLE(ord bigint, merchant_id uuid, order_id text, facts jsonb, refunds jsonb, lines jsonb, edits jsonb, entries jsonb)
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, enable_hashjoin=off, enable_mergejoin=off, enable_seqscan=off, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION orders_pending_due(timestamp with time zone,uuid,integer)
  returns TABLE(merchant_id uuid)
  owner loyalnest_ledger, plpgsql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION orders_restate(jsonb)
  returns void
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, enable_hashjoin=off, enable_mergejoin=off, enable_seqscan=off, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION orders_sum_up(uuid,uuid[])
  returns void
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, enable_hashjoin=off, enable_mergejoin=off, enable_seqscan=off, plan_cache_mode=force_generic_plan

FUNCTION orders_use_codes(uuid[],bytea[],text[],timestamp with time zone[])
  returns TABLE(merchant_id uuid, redemption_id uuid, customer_id uuid, order_id text, status text, points_spent bigint)
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to loyalnest_app

FUNCTION outbox_acknowledge(bigint[])
  returns integer
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION outbox_claim(integer,integer)
  returns TABLE(event_id text, merchant_id uuid, shop_domain text, kind text, payload jsonb, created_at timestamp with time zone, attempts integer, traceparent text)
  owner loyalnest_ledger, sql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION privacy_claim_open(integer,integer)
  returns TABLE(merchant_id uuid, request_id uuid)
  owner loyalnest_ledger, sql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION privacy_erase_customer(uuid,uuid,text)
  returns void
  owner loyalnest_redactor, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION privacy_erase_deliveries(uuid,bytea[])
  returns integer
  owner loyalnest_redactor, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION privacy_erase_orders(uuid,text[],text[])
  returns void
  owner loyalnest_redactor, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION privacy_erase_shop(uuid)
  returns boolean
  owner loyalnest_redactor, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION privacy_require_tenant(uuid)
  returns void
  owner loyalnest_owner, plpgsql, stable
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to PUBLIC

FUNCTION redemption_of(uuid,uuid,text,boolean)
  returns TABLE(redemption_id uuid, customer_id uuid, reward_id uuid, campaign_id uuid, hold_id uuid, points_spent bigint, discount_code bytea, shopify_discount_id text, status text, currency text, value text, expires_at timestamp with time zone, used_order_id text, idempotency_key text, created_at timestamp with time zone, terms jsonb, transaction_id uuid, failure_code text, completed_at timestamp with time zone, used_at timestamp with time zone, return_requested_at timestamp with time zone, sent_at timestamp with time zone, used_order_name text, shopify_customer_id text, redacted_at timestamp with time zone, first_name bytea, last_name bytea, gift text)
  owner loyalnest_owner, plpgsql
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to PUBLIC

FUNCTION redemptions_claim_stuck(integer,integer)
  returns TABLE(merchant_id uuid, shop_domain text, redemption_id uuid, status text)
  owner loyalnest_ledger, sql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION referral_link_by_code(text)
  returns TABLE(merchant_id uuid, shop_domain text, referral_link_id uuid, status text)
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION refresh_rfm_segment_counts()
  returns void
  owner loyalnest_refresher, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION refuse_change()
  returns trigger
  owner loyalnest_owner, plpgsql
  SET search_path=pg_catalog, public, pg_temp

FUNCTION require_own_tenant(uuid)
  returns void
  owner loyalnest_owner, plpgsql, stable
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app, loyalnest_ledger, loyalnest_redactor

FUNCTION require_shop(text[])
  returns void
  owner loyalnest_owner, plpgsql, stable
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app, loyalnest_ledger, loyalnest_redactor

FUNCTION require_tenant(uuid)
  returns void
  owner loyalnest_owner, plpgsql, stable
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app, loyalnest_ledger, loyalnest_redactor

FUNCTION require_tenant(uuid[])
  returns void
  owner loyalnest_owner, plpgsql, stable
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app, loyalnest_ledger, loyalnest_redactor

FUNCTION retention_delete(integer)
  returns bigint
  owner loyalnest_ledger, plpgsql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION reviews_due(uuid,integer)
  returns TABLE(merchant_id uuid)
  owner loyalnest_ledger, plpgsql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION rfm_segments(uuid)
  returns TABLE(rfm_thresholds jsonb, counts jsonb, counted_at timestamp with time zone)
  owner loyalnest_owner, plpgsql
  SET search_path=pg_catalog, public, pg_temp, plan_cache_mode=force_generic_plan
  EXECUTE to PUBLIC

FUNCTION shop_day_end(timestamp with time zone,integer,text)
  returns timestamp with time zone
  owner loyalnest_owner, plpgsql, stable
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app, loyalnest_ledger

FUNCTION shop_scopes(uuid)
  returns text
  owner loyalnest_ledger, plpgsql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

PROCEDURE step_back_from_ledger()
  owner loyalnest_owner, plpgsql

FUNCTION store_session(text,text,text,boolean,text,bytea,bytea,timestamp with time zone,timestamp with time zone,text)
  returns void
  owner loyalnest_ledger, sql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION syncs_claim_stalled(integer,integer)
  returns TABLE(merchant_id uuid, shopify_domain text, status text)
  owner loyalnest_ledger, sql, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app

FUNCTION touch_updated_at()
  returns trigger
  owner loyalnest_owner, plpgsql

FUNCTION waiting_work()
  returns TABLE(events integer, events_age_seconds double precision, deliveries integer, deliveries_age_seconds double precision, privacy_overdue integer)
  owner loyalnest_ledger, sql, stable, security definer
  SET search_path=pg_catalog, public, pg_temp
  EXECUTE to loyalnest_app
