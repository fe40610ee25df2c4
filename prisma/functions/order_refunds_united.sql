-- What two sources know of the same refunds. Of each the newer source is taken as it is; a transaction that succeeded
-- anywhere has succeeded.
CREATE OR REPLACE FUNCTION order_refunds_united(p_known jsonb, p_told jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT CASE WHEN p_known = '{}' OR p_known = p_told THEN p_told WHEN p_told = '{}' THEN p_known ELSE (
    SELECT coalesce(jsonb_object_agg(r.id, r.fact || CASE
             WHEN r.fact ? 'transactions' THEN jsonb_build_object('transactions', (
               SELECT coalesce(jsonb_object_agg(t.key, t.value), '{}') FROM (
                 SELECT DISTINCT ON (e.key) e.key, e.value
                 FROM unnest(ARRAY[r.known->'transactions', r.told->'transactions']) s,
                      jsonb_each(coalesce(s, '{}')) e
                 ORDER BY e.key,
                   array_position(ARRAY['success', 'failure', 'error'], e.value->>'status') NULLS LAST, e.value::text) t))
             ELSE '{}' END), '{}')
    FROM (
      SELECT coalesce(k.key, n.key) AS id, k.value AS known, n.value AS told,
             CASE WHEN n.value IS NULL THEN k.value WHEN k.value IS NULL THEN n.value
                  -- Rows and transactions say more than a sum.
                  WHEN (k.value ? 'transactions') <> (n.value ? 'transactions')
                  THEN CASE WHEN k.value ? 'transactions' THEN k.value ELSE n.value END
                  WHEN (coalesce(n.value->>'seen', ''), n.value::text) >= (coalesce(k.value->>'seen', ''), k.value::text)
                  THEN n.value ELSE k.value END AS fact
      FROM jsonb_each(p_known) k FULL JOIN jsonb_each(p_told) n ON n.key = k.key) r) END
$$;
