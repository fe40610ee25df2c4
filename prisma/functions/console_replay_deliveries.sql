-- Marks deliveries that failed or were refused to be worked on again. Answers those that it did: what was worked on
-- meanwhile, or has lost its contents, is left as it is.
CREATE OR REPLACE FUNCTION console_replay_deliveries(p_deliveries uuid[])
RETURNS TABLE (delivery_id uuid, merchant_id uuid, shop_domain text)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  UPDATE webhook_inbox d SET status = 'received', processed_at = NULL, reason = NULL, problem_code = NULL,
    problem_field = NULL, problem_message = NULL, claimed_at = now()
  WHERE d.delivery_id = ANY (p_deliveries) AND d.status IN ('failed', 'refused') AND d.payload IS NOT NULL
  RETURNING d.delivery_id, d.merchant_id, d.shop_domain
$$;
