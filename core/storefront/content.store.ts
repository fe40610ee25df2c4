import type { PoolClient } from 'pg';
import type { Content } from '#proto/frontend/v1/content.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { defaultLanguageOf } from '../merchants/merchant.rules.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import { lockTenant } from '../shared/tenant-lock.store.ts';
import { versionsIn } from '../shared/versions.store.ts';
import { toJson, type StoredJson } from '../database/prisma-client.ts';
import { DomainError, invalidInput, notFound } from '../shared/errors.ts';
import {
  brandingWith,
  contentFrom,
  contentFromMessage,
  contentOfVersion,
  versionOf,
} from './content.rules.ts';

/** The content as it was. */
export const contentVersions = versionsIn<{ readonly content: StoredJson }>({
  list: (tx, query) => tx.contentVersion.findMany(query),
  find: (tx, key) => tx.contentVersion.findUnique({ where: { merchantId_version: key } }),
  insert: (tx, row) => tx.contentVersion.createMany({ data: row, skipDuplicates: true }),
});

interface SavedContent {
  readonly content: Content;
  readonly version: number;
  readonly defaultLanguage: string;
  /** All of it, other features' parts too. */
  readonly branding: unknown;
}

interface Row {
  branding: unknown;
  sticky_bar: unknown;
  config: unknown;
  language: unknown;
  version: number;
}

/** What holds now; version 1 until something was saved. The tenant must be set on the transaction. */
export async function readContent(client: PoolClient, merchantId: string): Promise<SavedContent> {
  const { rows } = await client.query<Row>(
    `SELECT coalesce(s.branding, '{}') AS branding, coalesce(s.sticky_bar, '{}') AS sticky_bar,
       coalesce(s.config, '{}') AS config, m.language,
       coalesce((SELECT max(v.version) FROM content_versions v WHERE v.merchant_id = $1), 1) AS version
     FROM merchants m LEFT JOIN program_settings s ON s.merchant_id = m.merchant_id
     WHERE m.merchant_id = $1`,
    [merchantId],
  );
  const row = rows[0];
  if (row === undefined) throw notFound('merchant');
  return {
    content: contentFrom({
      branding: row.branding,
      stickyBar: row.sticky_bar,
      config: row.config,
    }),
    version: row.version,
    defaultLanguage: defaultLanguageOf(row.language),
    branding: row.branding,
  };
}

interface Edit {
  readonly actor: string;
  /** What the editor had in front of them. */
  readonly version: number;
}

/** Saves the content as its next version; saved as it already is, it stays the same version. */
export async function updateContent(
  client: PoolClient,
  merchantId: string,
  { actor, version }: Edit,
  message: Content,
): Promise<{ content: Content; version: number }> {
  const before = await lockContent(client, merchantId);
  const next = contentFromMessage(message);
  if ('field' in next) {
    requireVersion(before, version);
    throw invalidInput(next.field, next.message);
  }
  // Also when it was saved meanwhile: a save that is sent again finds its own work, and no conflict.
  if (isSame(next, before.content)) return before;
  requireVersion(before, version);
  return saveVersion(client, merchantId, actor, before, next, null);
}

/** Takes up the content of an earlier version as the next one. */
export async function restoreContent(
  client: PoolClient,
  merchantId: string,
  { actor, version }: Edit,
  earlier: number,
): Promise<{ content: Content; version: number }> {
  const before = await lockContent(client, merchantId);
  requireVersion(before, version);
  const { content } = await contentVersions.read(client, merchantId, earlier);
  const next = contentOfVersion(content);
  return saveVersion(client, merchantId, actor, before, next, earlier);
}

async function lockContent(client: PoolClient, merchantId: string): Promise<SavedContent> {
  await lockTenant(client, merchantId);
  return readContent(client, merchantId);
}

function requireVersion(before: SavedContent, version: number): void {
  if (before.version === version) return;
  throw new DomainError('edit_conflict', {
    field: 'version',
    message: `version ${before.version} was saved meanwhile`,
  });
}

const isSame = (one: Content, other: Content): boolean =>
  JSON.stringify(versionOf(one)) === JSON.stringify(versionOf(other));

async function saveVersion(
  client: PoolClient,
  merchantId: string,
  actor: string,
  before: SavedContent,
  content: Content,
  restored: number | null,
): Promise<{ content: Content; version: number }> {
  const version = before.version + 1;
  await client.query(
    `INSERT INTO program_settings AS s (merchant_id, branding, config)
     VALUES ($1, $2, jsonb_build_object('checkout_config', $3::jsonb))
     ON CONFLICT (merchant_id) DO UPDATE SET branding = s.branding || EXCLUDED.branding,
       config = s.config || jsonb_build_object('checkout_config',
         CASE jsonb_typeof(s.config -> 'checkout_config')
           WHEN 'object' THEN s.config -> 'checkout_config' ELSE '{}' END || $3::jsonb),
       updated_at = now()`,
    [
      merchantId,
      JSON.stringify(brandingWith(content, before.branding)),
      JSON.stringify({ points_display: content.checkoutPointsDisplay }),
    ],
  );
  await contentVersions.keepChange(client, merchantId, actor, {
    before: keptVersion(before),
    next: keptVersion({ content, version }),
    restored,
  });
  await writeAudit(client, merchantId, {
    actor,
    action: restored === null ? 'content_updated' : 'content_restored',
    targetTable: 'program_settings',
    targetId: merchantId,
    metadata: { version, ...(restored !== null && { restored_version: restored }) },
  });
  await addOutboxEvents(client, merchantId, 'content.updated', [{ version }]);
  return { content, version };
}

const keptVersion = ({ content, version }: Pick<SavedContent, 'content' | 'version'>) => ({
  version,
  kept: { content: toJson(versionOf(content)) },
});
