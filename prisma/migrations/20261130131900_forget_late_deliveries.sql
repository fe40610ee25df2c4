-- A delivery about a person who was erased comes late, and what it says of them is not kept. The function is copied from
-- prisma/functions.

-- migrate:up

CALL become_ledger();
-- Records how deliveries ended ('received': to be tried again) and what they moved. With a merchant given, the delivery
-- must be that one's. What is told of a person who was erased is not kept. Answers how many of the arguments it found.
CREATE OR REPLACE FUNCTION inbox_finish(
  p_delivery uuid[], p_merchant uuid[], p_status text[], p_reason text[], p_problem_code text[], p_problem_field text[],
  p_problem_message text[], p_points bigint[] DEFAULT '{}'
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  found_count integer;
BEGIN
  PERFORM require_tenant(p_merchant);
  PERFORM 1 FROM webhook_inbox d WHERE d.delivery_id = ANY (p_delivery) ORDER BY d.delivery_id FOR UPDATE;
  WITH outcomes AS (
    SELECT DISTINCT ON (o.delivery) o.*
    FROM unnest(p_delivery, p_merchant, p_status, p_reason, p_problem_code, p_problem_field, p_problem_message, p_points)
         WITH ORDINALITY AS o(delivery, merchant, status, reason, code, field, message, points, n)
    ORDER BY o.delivery, o.n DESC
  ), updated AS (
    UPDATE webhook_inbox d SET
      merchant_id = coalesce(d.merchant_id, o.merchant), attempts = d.attempts + 1, claimed_at = now(),
      -- The first outcome is kept: processing a delivery once more finds nothing new, and would hide what it did.
      status = CASE WHEN d.processed_at IS NULL THEN o.status ELSE d.status END,
      reason = CASE WHEN d.processed_at IS NULL THEN NULLIF(o.reason, '') ELSE d.reason END,
      points = CASE WHEN d.processed_at IS NULL THEN NULLIF(o.points, 0) ELSE d.points END,
      problem_code = CASE WHEN d.processed_at IS NULL THEN o.code ELSE d.problem_code END,
      problem_field = CASE WHEN d.processed_at IS NULL THEN o.field ELSE d.problem_field END,
      problem_message = CASE WHEN d.processed_at IS NULL THEN o.message ELSE d.problem_message END,
      payload = CASE WHEN o.reason = 'redacted_customer' THEN NULL ELSE d.payload END,
      subject_tokens = CASE WHEN o.reason = 'redacted_customer' THEN '{}' ELSE d.subject_tokens END,
      processed_at = coalesce(d.processed_at, CASE WHEN o.status IN ('received', 'processing') THEN NULL ELSE now() END)
    FROM outcomes o
    WHERE d.delivery_id = o.delivery
      AND (o.merchant IS NULL OR d.merchant_id = o.merchant
           OR (d.merchant_id IS NULL AND EXISTS (
                 SELECT 1 FROM merchants m
                 WHERE m.merchant_id = o.merchant AND m.shopify_domain = lower(d.shop_domain))))
    RETURNING d.delivery_id
  )
  SELECT count(*) INTO found_count FROM unnest(p_delivery) i JOIN updated u ON u.delivery_id = i;
  RETURN found_count;
END $$;
CALL step_back_from_ledger();

-- migrate:down

CALL become_ledger();
CREATE OR REPLACE FUNCTION inbox_finish(
  p_delivery uuid[], p_merchant uuid[], p_status text[], p_reason text[], p_problem_code text[], p_problem_field text[],
  p_problem_message text[], p_points bigint[] DEFAULT '{}'
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  found_count integer;
BEGIN
  PERFORM require_tenant(p_merchant);
  PERFORM 1 FROM webhook_inbox d WHERE d.delivery_id = ANY (p_delivery) ORDER BY d.delivery_id FOR UPDATE;
  WITH outcomes AS (
    SELECT DISTINCT ON (o.delivery) o.*
    FROM unnest(p_delivery, p_merchant, p_status, p_reason, p_problem_code, p_problem_field, p_problem_message, p_points)
         WITH ORDINALITY AS o(delivery, merchant, status, reason, code, field, message, points, n)
    ORDER BY o.delivery, o.n DESC
  ), updated AS (
    UPDATE webhook_inbox d SET
      merchant_id = coalesce(d.merchant_id, o.merchant), attempts = d.attempts + 1, claimed_at = now(),
      -- The first outcome is kept: processing a delivery once more finds nothing new, and would hide what it did.
      status = CASE WHEN d.processed_at IS NULL THEN o.status ELSE d.status END,
      reason = CASE WHEN d.processed_at IS NULL THEN NULLIF(o.reason, '') ELSE d.reason END,
      points = CASE WHEN d.processed_at IS NULL THEN NULLIF(o.points, 0) ELSE d.points END,
      problem_code = CASE WHEN d.processed_at IS NULL THEN o.code ELSE d.problem_code END,
      problem_field = CASE WHEN d.processed_at IS NULL THEN o.field ELSE d.problem_field END,
      problem_message = CASE WHEN d.processed_at IS NULL THEN o.message ELSE d.problem_message END,
      processed_at = coalesce(d.processed_at, CASE WHEN o.status IN ('received', 'processing') THEN NULL ELSE now() END)
    FROM outcomes o
    WHERE d.delivery_id = o.delivery
      AND (o.merchant IS NULL OR d.merchant_id = o.merchant
           OR (d.merchant_id IS NULL AND EXISTS (
                 SELECT 1 FROM merchants m
                 WHERE m.merchant_id = o.merchant AND m.shopify_domain = lower(d.shop_domain))))
    RETURNING d.delivery_id
  )
  SELECT count(*) INTO found_count FROM unnest(p_delivery) i JOIN updated u ON u.delivery_id = i;
  RETURN found_count;
END $$;
CALL step_back_from_ledger();
