-- Leases redemptions and returns that no worker has touched for so long, the oldest first.
CREATE OR REPLACE FUNCTION redemptions_claim_stuck(p_limit integer, p_older_than_seconds integer)
RETURNS TABLE (merchant_id uuid, shop_domain text, redemption_id uuid, status text)
LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH claimed AS (
    UPDATE reward_redemptions r SET claimed_at = now()
    FROM (SELECT s.merchant_id, s.redemption_id FROM reward_redemptions s
          WHERE (s.status = 'pending' OR s.return_requested_at IS NOT NULL)
            AND greatest(s.claimed_at, s.return_requested_at, s.created_at)
                < now() - make_interval(secs => p_older_than_seconds)
          ORDER BY s.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED) stuck
    WHERE r.merchant_id = stuck.merchant_id AND r.redemption_id = stuck.redemption_id
    RETURNING r.merchant_id, r.redemption_id, r.status
  )
  SELECT c.merchant_id, m.shopify_domain, c.redemption_id, c.status
  FROM claimed c JOIN merchants m ON m.merchant_id = c.merchant_id
$$;
