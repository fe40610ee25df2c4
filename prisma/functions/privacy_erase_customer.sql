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
    locale = 'en', state = NULL, has_account = false, is_company = false, churn_score = NULL,
    birthday_md = NULL, birthday_set_at = NULL,
    location = '{}', metadata = '{}', vip_progress = '{}', source_updated_at = NULL,
    -- What they were thought to be is theirs, too.
    rfm_score = DEFAULT, lifecycle_stage = NULL, churn_band = NULL,
    redacted_at = coalesce(redacted_at, now())
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);

  -- Reasons are free text; a shopper as actor is named by Shopify's id.
  UPDATE points_transactions SET reason = NULL, actor = CASE WHEN actor LIKE 'customer:%' THEN 'customer' ELSE actor END
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons) AND (reason IS NOT NULL OR actor LIKE 'customer:%');
  UPDATE orders SET name = NULL, line_items = '[]', pending_points = NULL, points_count_at = NULL, pending_award = NULL
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  UPDATE reward_redemptions SET discount_code = NULL, discount_code_hash = NULL, shopify_discount_id = NULL
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  UPDATE referrals SET spoof_detection = '{}', click_id = NULL
  WHERE merchant_id = p_merchant AND (advocate_customer_id = ANY (persons) OR friend_customer_id = ANY (persons));
  UPDATE referral_links SET referral_code = 'redacted-' || referral_link_id, status = 'disabled'
  WHERE merchant_id = p_merchant AND advocate_customer_id = ANY (persons);
  UPDATE gdpr_requests SET shopify_customer_id = NULL
  WHERE merchant_id = p_merchant AND customer_id = ANY (persons) AND status = 'completed';

  DELETE FROM email_events WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM event_deliveries
  WHERE merchant_id = p_merchant AND (customer_id = ANY (persons) OR other_customer_id = ANY (persons));
  DELETE FROM nudge_events WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM customer_segments WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM rfm_score_history WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM rfm_segment_deltas WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM gamification_achievements WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM leaderboards WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM slack_community WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM referral_traces WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM consents WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM wallet_passes WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM pos_offline_queue WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM team_members WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
  DELETE FROM data_export_requests WHERE merchant_id = p_merchant AND customer_id = ANY (persons);
END $$;
