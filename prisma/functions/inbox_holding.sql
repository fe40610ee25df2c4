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
