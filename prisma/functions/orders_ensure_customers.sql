-- Makes members that an order is the first sign of; those that exist already stay as they are. Encrypted values arrive
-- base64-encoded. Answers the id of each, in the order of the argument.
CREATE OR REPLACE FUNCTION orders_ensure_customers(p_customers jsonb) RETURNS TABLE (customer_id uuid)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  PERFORM require_tenant(ARRAY(SELECT (e->>'merchant_id')::uuid FROM jsonb_array_elements(p_customers) e));
  INSERT INTO customers (merchant_id, customer_id, shopify_customer_id, email, email_hash, first_name, last_name,
                         name_tokens, locale, state, has_account)
  SELECT r.merchant_id, r.customer_id, r.shopify_customer_id, decode(r.email, 'base64'), decode(r.email_hash, 'base64'),
         decode(r.first_name, 'base64'), decode(r.last_name, 'base64'),
         ARRAY(SELECT decode(t, 'base64') FROM jsonb_array_elements_text(coalesce(r.name_tokens, '[]')) t),
         coalesce(r.locale, 'en'), r.state, coalesce(r.state, '') = 'enabled'
  FROM jsonb_to_recordset(p_customers) AS r(merchant_id uuid, customer_id uuid, shopify_customer_id text, email text,
       email_hash text, first_name text, last_name text, name_tokens jsonb, locale text, state text)
  ORDER BY r.merchant_id, r.shopify_customer_id
  ON CONFLICT (merchant_id, shopify_customer_id) DO NOTHING;
  RETURN QUERY
  SELECT c.customer_id
  FROM jsonb_array_elements(p_customers) WITH ORDINALITY AS e(item, n)
  JOIN customers c ON c.merchant_id = (e.item->>'merchant_id')::uuid AND c.shopify_customer_id = e.item->>'shopify_customer_id'
  ORDER BY e.n;
END $$;
