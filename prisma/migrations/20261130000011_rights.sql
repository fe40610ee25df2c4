-- Who may do what on tables: the application on the tenants' tables under row security, the ledger and the redactor across
-- tenants through their functions alone.

-- migrate:up

-- ── The application. Nothing on partitions, nothing on sessions. ──
GRANT SELECT ON plans, schema_settings TO loyalnest_app;
GRANT SELECT, INSERT, UPDATE ON merchants, customers, shop_erasures, sync_runs, gdpr_requests TO loyalnest_app;
-- LoyalNest staff have no tenant. Passwords and recovery codes are hashed, all else that matters is encrypted.
GRANT SELECT, INSERT, UPDATE ON admin_users TO loyalnest_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON admin_sessions, admin_sign_in_tries TO loyalnest_app;
GRANT SELECT, UPDATE ON webhook_inbox TO loyalnest_app;
GRANT SELECT ON webhook_idempotency_keys TO loyalnest_app;
GRANT SELECT, INSERT ON audit_logs, outbox_events TO loyalnest_app;
-- The ledger is read here and written through its functions; the three columns are the guide's load test.
GRANT SELECT ON points_transactions, points_balances, point_lots, point_holds, expiry_extensions, expiry_extension_lots
  TO loyalnest_app;
GRANT INSERT (customer_id, merchant_id, points) ON points_transactions TO loyalnest_app;
GRANT SELECT, INSERT ON expiry_notices TO loyalnest_app;
-- Orders are recorded through functions; a merge of customers moves them, a redemption or a referral claims them.
GRANT SELECT, UPDATE (customer_id, redemption_id, referral_link_id) ON orders TO loyalnest_app;
-- Of a consent one column changes: the same status, told again later.
GRANT SELECT, INSERT, UPDATE (told_at) ON consents TO loyalnest_app;
GRANT SELECT, INSERT ON program_versions, content_versions, vip_tier_changes, rfm_score_history, rfm_segment_deltas
  TO loyalnest_app;
GRANT SELECT, INSERT, UPDATE ON reward_redemptions, campaign_grants TO loyalnest_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  program_settings, rewards, bonus_campaigns, vip_tiers, vip_tier_sets, customer_segments, onboarding_tasks
  TO loyalnest_app;
-- Planned.
GRANT SELECT, INSERT ON referral_events, nudge_events TO loyalnest_app;
GRANT SELECT, INSERT, UPDATE ON referrals, referral_links, email_events TO loyalnest_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  merchant_referrals, slack_community, email_templates, integrations, rfm_benchmarks, nudges, campaign_suggestions,
  analytics_report_schedules, analytics_reports, roi_metrics, api_logs, data_imports, data_export_requests,
  gamification_achievements, leaderboards, team_leaderboards, team_members, wallet_passes, pos_offline_queue
  TO loyalnest_app;

-- ── The ledger's functions, and those that work before the tenant is known: they see every tenant. ──
DO $$
DECLARE
  target regclass;
BEGIN
  FOREACH target IN ARRAY ARRAY[
    'merchants', 'audit_logs', 'webhook_inbox', 'webhook_idempotency_keys', 'shopify_sessions', 'outbox_events',
    'vip_tiers', 'customers', 'points_balances', 'points_transactions', 'point_lots', 'point_holds', 'orders',
    'expiry_extensions', 'expiry_extension_lots', 'program_settings', 'program_versions', 'bonus_campaigns',
    'reward_redemptions', 'customer_segments', 'sync_runs', 'gdpr_requests', 'referral_links', 'api_logs']::regclass[]
  LOOP
    EXECUTE format('CREATE POLICY every_tenant_ledger ON %s TO loyalnest_ledger USING (true) WITH CHECK (true)', target);
  END LOOP;
END $$;
-- A restrictive policy holds whatever others allow: a closed balance is none for the ledger, in the transaction of its
-- tenant, too.
CREATE POLICY closed_to_the_ledger ON points_balances AS RESTRICTIVE TO loyalnest_ledger
  USING (closed_at IS NULL) WITH CHECK (true);
GRANT SELECT, INSERT ON points_transactions TO loyalnest_ledger;
GRANT SELECT, INSERT, UPDATE ON
  customers, points_balances, point_lots, point_holds, orders, expiry_extensions, expiry_extension_lots
  TO loyalnest_ledger;
GRANT SELECT ON
  merchants, audit_logs, vip_tiers, program_settings, program_versions, bonus_campaigns, customer_segments, referral_links
  TO loyalnest_ledger;
GRANT SELECT, UPDATE ON reward_redemptions, sync_runs, gdpr_requests TO loyalnest_ledger;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_inbox, webhook_idempotency_keys, shopify_sessions, outbox_events
  TO loyalnest_ledger;
GRANT SELECT, DELETE ON api_logs TO loyalnest_ledger;
-- What campaigns_due() asks for, whatever else is granted.
GRANT SELECT (merchant_id, status, start_date, end_date) ON bonus_campaigns TO loyalnest_ledger;
CREATE POLICY every_tenant_clock ON bonus_campaigns FOR SELECT TO loyalnest_ledger USING (true);

-- ── The redactor: may erase what is otherwise kept, in every table of tenants, and acts through functions alone. ──
DO $$
DECLARE
  target regclass;
BEGIN
  FOR target IN
    SELECT c.oid::regclass FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'merchant_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  LOOP
    EXECUTE format($policy$
      CREATE POLICY every_tenant_redactor ON %s TO loyalnest_redactor
      USING (current_user = 'loyalnest_redactor') WITH CHECK (current_user = 'loyalnest_redactor')
    $policy$, target);
    EXECUTE format('GRANT SELECT, DELETE ON %s TO loyalnest_redactor', target);
  END LOOP;
END $$;
GRANT UPDATE ON customers, orders, reward_redemptions, referrals, referral_links, gdpr_requests, webhook_inbox
  TO loyalnest_redactor;
GRANT INSERT, UPDATE ON points_balances TO loyalnest_redactor;
GRANT UPDATE (reason, actor) ON points_transactions TO loyalnest_redactor;
GRANT INSERT ON audit_logs TO loyalnest_redactor;

-- migrate:down

DO $$
DECLARE
  policy record;
BEGIN
  FOR policy IN
    SELECT p.polname, p.polrelid::regclass AS target FROM pg_policy p
    WHERE p.polname IN ('every_tenant_ledger', 'every_tenant_clock', 'closed_to_the_ledger', 'every_tenant_redactor')
  LOOP
    EXECUTE format('DROP POLICY %I ON %s', policy.polname, policy.target);
  END LOOP;
END $$;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM loyalnest_app, loyalnest_ledger, loyalnest_redactor;
GRANT SELECT ON merchant_rfm_segment_counts TO loyalnest_app;
