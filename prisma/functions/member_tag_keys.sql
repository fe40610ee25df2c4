-- A member's tags at Shopify, in lower case and each with its tenant, so that an index of them never reads another
-- tenant's.
CREATE OR REPLACE FUNCTION member_tag_keys(p_merchant uuid, p_metadata jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT ARRAY(SELECT p_merchant || '/' || t.key
               FROM jsonb_each(CASE WHEN jsonb_typeof(p_metadata->'tags') = 'object' THEN p_metadata->'tags' ELSE '{}' END) t
               WHERE t.value->'isSet' = 'true')
$$;
