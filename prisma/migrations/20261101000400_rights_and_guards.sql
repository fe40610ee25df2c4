-- Who may do what: the application on the tenants' tables under row-level security, the ledger and the redactor across
-- tenants through their functions alone; the ledger and the log can be added to and nothing else.

-- migrate:up

-- ── The application. Nothing on partitions, nothing on sessions, nothing on the platform's own people. ──
GRANT SELECT ON plans, schema_settings TO loyalnest_app;
GRANT SELECT, INSERT, UPDATE ON merchants, customers, gdpr_requests, sync_runs TO loyalnest_app;
GRANT SELECT, UPDATE ON webhook_inbox TO loyalnest_app;
GRANT SELECT, INSERT ON audit_logs TO loyalnest_app;
GRANT SELECT, INSERT ON outbox_events TO loyalnest_app;
-- The ledger is read here and written through its functions; the three columns are the guide's load test.
GRANT SELECT ON points_transactions, points_balances, point_lots, point_holds TO loyalnest_app;
GRANT INSERT (customer_id, merchant_id, points) ON points_transactions TO loyalnest_app;
-- Orders are recorded through functions; a merge of customers moves them, a redemption or a referral claims them.
GRANT SELECT, UPDATE (customer_id, redemption_id, referral_link_id) ON orders TO loyalnest_app;
GRANT SELECT, INSERT, UPDATE ON reward_redemptions, referrals, referral_links, email_events TO loyalnest_app;
GRANT SELECT, INSERT ON referral_events, nudge_events, rfm_score_history, rfm_segment_deltas, consents TO loyalnest_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  vip_tiers, program_settings, rewards, bonus_campaigns, merchant_referrals, nudges, gamification_achievements,
  leaderboards, team_leaderboards, slack_community, customer_segments, rfm_benchmarks, email_templates, data_imports,
  data_export_requests, analytics_report_schedules, analytics_reports, onboarding_tasks, integrations, api_logs,
  webhook_idempotency_keys, campaign_suggestions, roi_metrics, wallet_passes, pos_offline_queue, team_members
  TO loyalnest_app;

-- ── The ledger's functions, and those that work before the tenant is known. ──
DO $$
DECLARE
  target regclass;
BEGIN
  FOREACH target IN ARRAY ARRAY[
    'points_transactions', 'points_balances', 'point_lots', 'point_holds', 'orders', 'customers', 'merchants',
    'program_settings', 'outbox_events', 'webhook_inbox', 'shopify_sessions', 'referral_links', 'audit_logs',
    'webhook_idempotency_keys', 'api_logs']::regclass[]
  LOOP
    EXECUTE format('CREATE POLICY every_tenant_ledger ON %s TO loyalnest_ledger USING (true) WITH CHECK (true)', target);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON points_transactions TO loyalnest_ledger;
GRANT SELECT, INSERT, UPDATE ON points_balances, point_lots, point_holds, orders, customers TO loyalnest_ledger;
GRANT SELECT ON merchants, program_settings, referral_links, audit_logs TO loyalnest_ledger;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox_events, webhook_inbox, shopify_sessions TO loyalnest_ledger;
GRANT SELECT, DELETE ON webhook_idempotency_keys, api_logs TO loyalnest_ledger;

-- ── Append-only: also for the owner. Only the redactor may erase, and of an entry it may change but the words. ──
CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF current_user = 'loyalnest_redactor' AND TG_LEVEL = 'ROW' THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', HINT = 'Write a reversing entry.';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON points_transactions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_logs
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- Emptying a table fires no row's trigger, and a partition can be emptied by its own name.
DO $$
DECLARE
  target regclass;
BEGIN
  FOR target IN
    SELECT 'audit_logs'::regclass UNION ALL SELECT 'points_transactions'::regclass
    UNION ALL SELECT i.inhrelid::regclass FROM pg_inherits i WHERE i.inhparent = 'points_transactions'::regclass
  LOOP
    EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                   target);
  END LOOP;
END $$;

-- ── The log's chain. ──
-- What a line's hash covers: everything in it, and the hash of the line before.
CREATE FUNCTION audit_log_hash(line audit_logs) RETURNS bytea
LANGUAGE sql STABLE
SET timezone = 'UTC'
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT sha256(convert_to(jsonb_build_array(
    encode(coalesce(line.prev_hash, ''), 'hex'), line.sequence, line.log_id, line.merchant_id, line.actor_id,
    line.action, line.target_table, line.target_id, line.severity, line.reverts_log_id, line.query_duration_ms,
    line.metadata, line.created_at)::text, 'UTF8'))
$$;

CREATE FUNCTION chain_audit_log() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  last record;
BEGIN
  -- One writer of a chain at a time, until its transaction ends.
  PERFORM pg_advisory_xact_lock(hashtextextended('audit_logs/' || coalesce(NEW.merchant_id::text, 'platform'), 0));
  IF NEW.merchant_id IS NULL THEN
    SELECT a.sequence, a.hash INTO last FROM audit_logs a
    WHERE a.merchant_id IS NULL ORDER BY a.sequence DESC LIMIT 1;
  ELSE
    SELECT a.sequence, a.hash INTO last FROM audit_logs a
    WHERE a.merchant_id = NEW.merchant_id ORDER BY a.sequence DESC LIMIT 1;
  END IF;
  NEW.sequence := coalesce(last.sequence, 0) + 1;
  NEW.prev_hash := last.hash;
  NEW.hash := audit_log_hash(NEW);
  RETURN NEW;
END $$;
CREATE TRIGGER chain BEFORE INSERT ON audit_logs FOR EACH ROW EXECUTE FUNCTION chain_audit_log();

-- Lines that were changed, or whose predecessor is missing; must always be empty.
CREATE FUNCTION audit_chain_breaks() RETURNS TABLE (merchant_id uuid, sequence bigint, log_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT a.merchant_id, a.sequence, a.log_id
  FROM (SELECT line, line.merchant_id, line.sequence, line.log_id,
               lag(line.hash) OVER chain AS before, row_number() OVER chain AS nth
        FROM audit_logs line WINDOW chain AS (PARTITION BY line.merchant_id ORDER BY line.sequence)) a
  WHERE (a.line).hash <> audit_log_hash(a.line) OR (a.line).prev_hash IS DISTINCT FROM a.before OR a.sequence <> a.nth
$$;
CALL become_ledger();
ALTER FUNCTION chain_audit_log() OWNER TO loyalnest_ledger;
ALTER FUNCTION audit_chain_breaks() OWNER TO loyalnest_ledger;
REVOKE ALL ON FUNCTION audit_chain_breaks(), chain_audit_log(), refuse_change(), touch_updated_at() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_chain_breaks() TO loyalnest_app, CURRENT_USER;
CALL step_back_from_ledger();

-- ── How many members each segment has. A materialized view has no row-level security, so the application reads it
-- through a view that shows a tenant its own rows; it is filled by a role that sees all of them. ──
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

CREATE FUNCTION refresh_rfm_segment_counts() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  REFRESH MATERIALIZED VIEW CONCURRENTLY rfm_segment_counts;
END $$;
ALTER FUNCTION refresh_rfm_segment_counts() OWNER TO loyalnest_refresher;
REVOKE ALL ON FUNCTION refresh_rfm_segment_counts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_rfm_segment_counts() TO loyalnest_app;

-- migrate:down

DROP FUNCTION refresh_rfm_segment_counts();
DROP VIEW merchant_rfm_segment_counts;
DROP MATERIALIZED VIEW rfm_segment_counts;
DROP POLICY every_tenant_refresher ON customer_segments;
DROP FUNCTION audit_chain_breaks();
DROP TRIGGER chain ON audit_logs;
DROP FUNCTION chain_audit_log();
DROP FUNCTION audit_log_hash(audit_logs);
DROP TRIGGER append_only ON audit_logs;
DROP TRIGGER append_only ON points_transactions;
DO $$
DECLARE
  target regclass;
BEGIN
  FOR target IN SELECT t.tgrelid::regclass FROM pg_trigger t WHERE t.tgname = 'never_emptied' LOOP
    EXECUTE format('DROP TRIGGER never_emptied ON %s', target);
  END LOOP;
  FOR target IN SELECT p.polrelid::regclass FROM pg_policy p WHERE p.polname = 'every_tenant_ledger' LOOP
    EXECUTE format('DROP POLICY every_tenant_ledger ON %s', target);
  END LOOP;
END $$;
DROP FUNCTION refuse_change();
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM loyalnest_app, loyalnest_ledger, loyalnest_refresher;
