import type { PoolClient } from 'pg';

/**
 * The uploaded pictures (`picture:…`) that are shown or may be shown again: of rewards that exist or were deleted within
 * a day, which can be undone, of messages, and of the versions of the content that the editor offers to restore.
 */
export async function picturesInUse(client: PoolClient, merchantId: string): Promise<string[]> {
  const { rows } = await client.query<{ picture: string }>(
    `SELECT r.icon_url AS picture FROM rewards r
     WHERE r.merchant_id = $1 AND r.icon_url LIKE 'picture:%'
       AND (r.status <> 'deleted' OR r.updated_at > now() - interval '1 day')
     UNION
     SELECT s.branding -> 'rewards_panel' ->> 'logo_url' FROM program_settings s
     WHERE s.merchant_id = $1 AND s.branding -> 'rewards_panel' ->> 'logo_url' LIKE 'picture:%'
     UNION
     SELECT v.logo FROM (
       SELECT content #>> '{rewards_panel,logo_url}' AS logo FROM content_versions
       WHERE merchant_id = $1 ORDER BY version DESC LIMIT 20
     ) v WHERE v.logo LIKE 'picture:%'
     UNION
     SELECT named #>> '{}' FROM email_templates t, jsonb_path_query(t.body, '$.*.blocks[*].picture') named
     WHERE t.merchant_id = $1`,
    [merchantId],
  );
  return rows.map(({ picture }) => picture);
}
