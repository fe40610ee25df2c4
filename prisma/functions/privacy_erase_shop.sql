-- Erases a tenant with everything in it; the platform's log keeps that it was done. Answers whether there was one.
CREATE OR REPLACE FUNCTION privacy_erase_shop(p_merchant uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  erased_domain text;
  target text;
BEGIN
  PERFORM privacy_require_tenant(p_merchant);
  SELECT m.shopify_domain INTO erased_domain FROM merchants m WHERE m.merchant_id = p_merchant;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM webhook_inbox WHERE merchant_id = p_merchant OR (merchant_id IS NULL AND shop_domain = erased_domain);
  DELETE FROM shopify_sessions WHERE merchant_id = p_merchant OR shop = erased_domain;
  -- Those that refer to others before those.
  FOREACH target IN ARRAY ARRAY[
    'outbox_events', 'audit_logs', 'api_logs', 'email_events', 'email_templates',
    'nudge_events', 'nudges', 'customer_segments', 'rfm_score_history', 'rfm_segment_deltas', 'rfm_benchmarks',
    'gamification_achievements', 'leaderboards', 'team_leaderboards', 'team_members', 'slack_community', 'consents',
    'wallet_passes', 'pos_offline_queue', 'data_export_requests', 'data_imports', 'analytics_reports',
    'analytics_report_schedules', 'campaign_suggestions', 'roi_metrics', 'referral_events', 'referrals',
    'referral_links', 'merchant_referrals', 'reward_redemptions', 'rewards', 'bonus_campaigns', 'point_holds',
    'point_lots', 'points_transactions', 'points_balances', 'orders', 'customers', 'vip_tiers', 'gdpr_requests',
    'integrations', 'onboarding_tasks', 'sync_runs', 'program_settings', 'merchants']
  LOOP
    EXECUTE format('DELETE FROM %I WHERE merchant_id = $1', target) USING p_merchant;
  END LOOP;
  -- After the tenant: a delivery that was being stored meanwhile went with it, and its key must not silence the next.
  DELETE FROM webhook_idempotency_keys WHERE merchant_id = p_merchant OR shop_domain = erased_domain;
  INSERT INTO audit_logs (action, target_table, target_id) VALUES ('shop_erased', 'merchants', p_merchant::text);
  RETURN true;
END $$;
