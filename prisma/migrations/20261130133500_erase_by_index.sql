-- Erasing a person finds their deliveries by an index, however many a shop has.

-- migrate:up

-- Those that cannot be read are few, and erased with every person of the shop.
CREATE INDEX idx_webhook_inbox_unreadable ON webhook_inbox (merchant_id)
  WHERE subject_tokens IS NULL AND payload IS NOT NULL;

-- The deliveries of a shop, with contents, that hold one of these persons, and those that cannot be read: also what came
-- before the shop was known. Row security would keep the comparison off its index, and a shop has many deliveries.
CREATE OR REPLACE FUNCTION inbox_holding(p_merchant uuid, p_tokens bytea[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
-- Each of the sets has an index that holds little else.
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  shop text := (SELECT m.shopify_domain FROM merchants m WHERE m.merchant_id = p_merchant);
BEGIN
  PERFORM require_own_tenant(p_merchant);
  RETURN QUERY
  WITH held AS MATERIALIZED (
    SELECT d.delivery_id, d.merchant_id, d.shop_domain FROM webhook_inbox d
    WHERE d.subject_tokens && p_tokens AND d.payload IS NOT NULL
  )
  SELECT h.delivery_id FROM held h
  WHERE h.merchant_id = p_merchant OR (h.merchant_id IS NULL AND h.shop_domain = shop)
  UNION ALL
  SELECT d.delivery_id FROM webhook_inbox d
  WHERE d.merchant_id = p_merchant AND d.subject_tokens IS NULL AND d.payload IS NOT NULL
  UNION ALL
  SELECT d.delivery_id FROM webhook_inbox d
  WHERE d.merchant_id IS NULL AND d.shop_domain = shop AND d.subject_tokens IS NULL AND d.payload IS NOT NULL;
END $$;

CALL become_ledger();
ALTER FUNCTION inbox_holding(uuid, bytea[]) OWNER TO loyalnest_ledger;
REVOKE ALL ON FUNCTION inbox_holding(uuid, bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION inbox_holding(uuid, bytea[]) TO loyalnest_app, loyalnest_redactor;
CALL step_back_from_ledger();

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
  WHERE d.delivery_id = ANY (ARRAY(SELECT inbox_holding(p_merchant, p_tokens))) AND d.payload IS NOT NULL;
  GET DIAGNOSTICS erased = ROW_COUNT;
  RETURN erased;
END $$;

-- Nulls what names the person, in every table, and deletes what is only about them. What they earned and spent stays
-- under our own id. The tombstone replaces Shopify's id: enough to recognize the person, too little to identify them.
CREATE OR REPLACE FUNCTION privacy_erase_customer(p_merchant uuid, p_customer uuid, p_tombstone text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  persons uuid[];
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
    -- What they were thought to be is theirs, too.
    rfm_score = DEFAULT, lifecycle_stage = NULL, churn_band = NULL,
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

  DELETE FROM email_events WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM nudge_events WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM customer_segments WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM rfm_score_history WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM rfm_segment_deltas WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM gamification_achievements WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM leaderboards WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM slack_community WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM consents WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM wallet_passes WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM pos_offline_queue WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM team_members WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM data_export_requests WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
END $$;

-- migrate:down

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

DROP FUNCTION inbox_holding(uuid, bytea[]);
DROP INDEX idx_webhook_inbox_unreadable;
