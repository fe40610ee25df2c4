-- What the jobs that visit a shop found of it last: the shop's own status page reads it, and the console's list of shops
-- that are unwell.

-- migrate:up

CREATE TABLE shop_health (
  merchant_id uuid PRIMARY KEY REFERENCES merchants ON DELETE CASCADE,
  -- The last reading of Shopify's orders that came to its end, and the last that did not; null once one did.
  reconciled_at timestamptz,
  reconcile_failed_at timestamptz,
  orders_read bigint NOT NULL DEFAULT 0 CHECK (orders_read >= 0),
  -- Of those: whose points no webhook had moved, and which were left out.
  orders_drifted bigint NOT NULL DEFAULT 0 CHECK (orders_drifted >= 0),
  orders_set_aside bigint NOT NULL DEFAULT 0 CHECK (orders_set_aside >= 0),
  -- The last comparison of balances with their entries, lots and holds.
  ledger_checked_at timestamptz,
  balances_checked bigint NOT NULL DEFAULT 0 CHECK (balances_checked >= 0),
  balances_broken bigint NOT NULL DEFAULT 0 CHECK (balances_broken >= 0),
  -- What Shopify let the last of those visits do.
  access_checked_at timestamptz,
  access text CHECK (access IN ('connected', 'frozen', 'not_connected')),
  missing_scopes text[] NOT NULL DEFAULT '{}',
  missing_topics text[] NOT NULL DEFAULT '{}',
  updated_at timestamptz NOT NULL DEFAULT now()
);
CALL maintain_updated_at('shop_health');
CALL isolate_tenants('shop_health');
GRANT SELECT, INSERT, UPDATE ON shop_health TO loyalnest_app;

CREATE POLICY every_tenant_ledger ON shop_health FOR SELECT TO loyalnest_ledger USING (true);
GRANT SELECT ON shop_health TO loyalnest_ledger;
CREATE POLICY every_tenant_redactor ON shop_health TO loyalnest_redactor
  USING (current_user = 'loyalnest_redactor') WITH CHECK (current_user = 'loyalnest_redactor');
GRANT SELECT, DELETE ON shop_health TO loyalnest_redactor;

-- Installed shops that something may be wrong with, those first that lose most: what is known of each, to be judged by the
-- same rules as its own status page. p_visited: a shop that was not visited since is unwell; p_waiting: so is one whose
-- orders wait since before that.
CREATE OR REPLACE FUNCTION console_unwell_shops(p_since timestamptz, p_visited timestamptz, p_waiting timestamptz,
                                                p_limit integer)
RETURNS TABLE (merchant_id uuid, shop_domain text, reconciled_at timestamptz, reconcile_failed_at timestamptz,
               orders_drifted bigint, ledger_checked_at timestamptz, balances_broken bigint, access text,
               missing_scopes text[], missing_topics text[], failed bigint, waiting bigint, waiting_since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  WITH troubled AS (
    SELECT d.merchant_id, count(*) AS failed FROM webhook_inbox d
    WHERE d.status IN ('failed', 'refused') AND d.received_at >= p_since AND d.merchant_id IS NOT NULL
    GROUP BY d.merchant_id
  ), late AS (
    SELECT d.merchant_id, count(*) AS waiting, min(d.received_at) AS since FROM webhook_inbox d
    WHERE d.status IN ('received', 'processing') AND (d.topic LIKE 'orders/%' OR d.topic LIKE 'refunds/%')
      AND d.merchant_id IS NOT NULL
    GROUP BY d.merchant_id
  )
  SELECT m.merchant_id, m.shopify_domain, h.reconciled_at, h.reconcile_failed_at,
         coalesce(h.orders_drifted, 0), h.ledger_checked_at, coalesce(h.balances_broken, 0), h.access,
         coalesce(h.missing_scopes, '{}'), coalesce(h.missing_topics, '{}'), coalesce(t.failed, 0),
         coalesce(l.waiting, 0), l.since
  FROM merchants m
  LEFT JOIN shop_health h ON h.merchant_id = m.merchant_id
  LEFT JOIN troubled t ON t.merchant_id = m.merchant_id
  LEFT JOIN late l ON l.merchant_id = m.merchant_id
  WHERE m.uninstalled_at IS NULL
    AND (h.balances_broken > 0 OR h.access <> 'connected' OR h.missing_scopes <> '{}' OR h.missing_topics <> '{}'
         OR h.reconcile_failed_at IS NOT NULL OR h.orders_drifted > 0 OR t.failed > 0 OR l.since < p_waiting
         OR h.reconciled_at < p_visited OR h.ledger_checked_at < p_visited)
  ORDER BY coalesce(h.balances_broken, 0) > 0 DESC, coalesce(h.access = 'not_connected', false) DESC,
           coalesce(l.since < p_waiting, false) DESC, coalesce(t.failed, 0) DESC, m.merchant_id
  LIMIT p_limit
$$;

CALL become_ledger();
ALTER FUNCTION console_unwell_shops(timestamptz, timestamptz, timestamptz, integer) OWNER TO loyalnest_ledger;
REVOKE ALL ON FUNCTION console_unwell_shops(timestamptz, timestamptz, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION console_unwell_shops(timestamptz, timestamptz, timestamptz, integer) TO loyalnest_app;
CALL step_back_from_ledger();

-- migrate:down

DROP FUNCTION console_unwell_shops(timestamptz, timestamptz, timestamptz, integer);
DROP TABLE shop_health;
