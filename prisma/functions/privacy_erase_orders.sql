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
