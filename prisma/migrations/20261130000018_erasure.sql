-- Erasing people and shops. Only loyalnest_redactor may change or delete what is otherwise kept forever, and it acts
-- through these functions alone, in the transaction of the tenant they erase from. Functions are copied from prisma/functions.

-- migrate:up

-- Erasing works in the transaction of the tenant it erases from, and in no other.
CREATE OR REPLACE FUNCTION privacy_require_tenant(p_merchant uuid) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  IF p_merchant IS DISTINCT FROM current_merchant_id() THEN
    RAISE EXCEPTION 'only the tenant of the transaction can be erased from' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- Nulls what names the person, in every table, and deletes what is only about them. What they earned and spent stays
-- under our own id. The tombstone replaces Shopify's id: enough to recognize the person, too little to identify them.
CREATE OR REPLACE FUNCTION privacy_erase_customer(p_merchant uuid, p_customer uuid, p_tombstone text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  persons uuid[];
  target text;
BEGIN
  PERFORM privacy_require_tenant(p_merchant);
  -- Customers who were merged into this one are the same person.
  WITH RECURSIVE same AS (
    SELECT p_customer AS customer_id
    UNION
    SELECT c.customer_id FROM same s
    JOIN customers c ON c.merchant_id = p_merchant AND c.merged_into_customer_id = s.customer_id
  )
  SELECT array_agg(s.customer_id) INTO persons FROM same s;

  UPDATE customers SET
    shopify_customer_id = CASE WHEN customer_id = p_customer THEN p_tombstone ELSE p_tombstone || '/' || customer_id END,
    shared_customer_id = NULL, email = NULL, email_hash = NULL, first_name = NULL, last_name = NULL, name_tokens = '{}',
    locale = 'en', state = NULL, has_account = false, churn_score = NULL, birthday_md = NULL, birthday_set_at = NULL,
    location = '{}', metadata = '{}', vip_progress = '{}', source_updated_at = NULL,
    redacted_at = coalesce(redacted_at, now())
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);

  -- Reasons are free text; a shopper as actor is named by Shopify's id.
  UPDATE points_transactions SET reason = NULL, actor = CASE WHEN actor LIKE 'customer:%' THEN 'customer' ELSE actor END
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons) AND (reason IS NOT NULL OR actor LIKE 'customer:%');
  UPDATE orders SET name = NULL, line_items = '[]'
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  UPDATE reward_redemptions SET discount_code = NULL, discount_code_hash = NULL, shopify_discount_id = NULL
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  UPDATE referrals SET spoof_detection = '{}'
  WHERE merchant_id = p_merchant AND (advocate_customer_id = ANY (persons) OR friend_customer_id = ANY (persons));
  UPDATE referral_links SET referral_code = 'redacted-' || referral_link_id, status = 'disabled'
  WHERE merchant_id = p_merchant AND advocate_customer_id = ANY (persons);
  UPDATE gdpr_requests SET shopify_customer_id = NULL
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons) AND status = 'completed';

  FOREACH target IN ARRAY ARRAY[
    'email_events', 'nudge_events', 'customer_segments', 'rfm_score_history', 'rfm_segment_deltas',
    'gamification_achievements', 'leaderboards', 'slack_community', 'consents', 'wallet_passes', 'pos_offline_queue',
    'team_members', 'data_export_requests']
  LOOP
    EXECUTE format('DELETE FROM %I WHERE merchant_id = $1 AND customer_id = ANY ($2)', target) USING p_merchant, persons;
  END LOOP;
END $$;

-- Takes names and lines out of the orders that an erasure request names, and out of a guest's orders under their address.
CREATE OR REPLACE FUNCTION privacy_erase_orders(p_merchant uuid, p_named text[], p_found text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  PERFORM privacy_require_tenant(p_merchant);
  UPDATE orders o SET name = NULL, line_items = '[]'
  WHERE o.merchant_id = p_merchant AND (o.name IS NOT NULL OR o.line_items <> '[]')
    AND (o.shopify_order_id = ANY (p_named)
         OR (o.shopify_order_id = ANY (p_found)
             AND NOT EXISTS (SELECT 1 FROM customers c WHERE c.merchant_id = p_merchant
                             AND c.customer_id = o.customer_id AND c.redacted_at IS NULL)));
END $$;

-- Erases the contents of deliveries that hold a person, and of those that cannot be read.
CREATE OR REPLACE FUNCTION privacy_erase_deliveries(p_merchant uuid, p_tokens bytea[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  erased integer;
BEGIN
  PERFORM privacy_require_tenant(p_merchant);
  UPDATE webhook_inbox d SET payload = NULL, subject_tokens = '{}'
  WHERE (d.merchant_id = p_merchant
         OR (d.merchant_id IS NULL
             AND d.shop_domain = (SELECT m.shopify_domain FROM merchants m WHERE m.merchant_id = p_merchant)))
    AND d.payload IS NOT NULL AND (d.subject_tokens IS NULL OR d.subject_tokens && p_tokens);
  GET DIAGNOSTICS erased = ROW_COUNT;
  RETURN erased;
END $$;

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

DO $$
DECLARE
  target regproc;
BEGIN
  FOREACH target IN ARRAY ARRAY[
    'privacy_erase_customer', 'privacy_erase_orders', 'privacy_erase_deliveries', 'privacy_erase_shop']::regproc[]
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO loyalnest_redactor', target);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', target);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO loyalnest_app', target);
  END LOOP;
END $$;

-- migrate:down

DROP FUNCTION privacy_erase_customer, privacy_erase_orders, privacy_erase_deliveries, privacy_erase_shop,
  privacy_require_tenant;
