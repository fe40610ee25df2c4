import type { PoolClient } from 'pg';
import type { MessageTemplate } from '#proto/admin/v1/message_templates.ts';
import type { EmailTemplate } from '#prisma/generated/client.ts';
import { MESSAGE_TYPES, type MessageType } from '#vocabulary/messages.ts';
import { onPrisma, safeNumber, toJson } from '../database/prisma-client.ts';
import { defaultLanguageOf } from '../merchants/merchant.rules.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { DomainError, invalidInput } from '../shared/errors.ts';
import { lockTenant } from '../shared/tenant-lock.store.ts';
import { contentsOf, untouchedTemplate, wordsToStore, type StoredWords } from './template.rules.ts';

/** One for each type, in the vocabulary's order. The tenant must be set on the transaction. */
export async function readTemplates(
  client: PoolClient,
  merchantId: string,
  types: readonly MessageType[] = MESSAGE_TYPES,
): Promise<MessageTemplate[]> {
  const { merchant, rows } = await onPrisma(client, async (tx) => ({
    merchant: await tx.merchant.findUnique({ where: { merchantId }, select: { language: true } }),
    rows: await tx.emailTemplate.findMany({ where: { merchantId, type: { in: [...types] } } }),
  }));
  const language = defaultLanguageOf(merchant?.language);
  return types.map((type) => {
    const row = rows.find((each) => each.type === type);
    return row === undefined ? untouchedTemplate(type, language) : messageOf(row);
  });
}

/** One type's. */
export async function readTemplate(
  client: PoolClient,
  merchantId: string,
  type: MessageType,
): Promise<MessageTemplate> {
  const [template] = await readTemplates(client, merchantId, [type]);
  if (template === undefined) throw new Error('each type has a template');
  return template;
}

const messageOf = (row: EmailTemplate): MessageTemplate => ({
  type: row.type,
  version: safeNumber(row.version),
  enabled: row.enabled,
  contents: contentsOf(row),
  fallbackLanguage: row.fallbackLanguage,
});

interface Edit {
  readonly actor: string;
  readonly type: MessageType;
  /** What the editor had in front of them. */
  readonly version: number;
}

/** Saves what a merchant wrote as the next version; saved as it already is, it stays the same one. */
export async function updateTemplate(
  client: PoolClient,
  merchantId: string,
  edit: Edit,
  next: Pick<MessageTemplate, 'enabled' | 'contents' | 'fallbackLanguage'>,
): Promise<MessageTemplate> {
  const words = wordsToStore(edit.type, next.contents);
  if ('problem' in words) throw invalidInput(words.field, words.problem);
  const before = await lockTemplate(client, merchantId, edit.type);
  if (isSame(before, words, next)) return before;
  requireVersion(before, edit.version);
  await saveTemplate(client, merchantId, before, {
    words,
    enabled: next.enabled,
    fallbackLanguage: next.fallbackLanguage,
  });
  return logged(client, merchantId, edit, 'message_template_updated', {
    enabled: next.enabled,
    languages: Object.keys(words.subject),
  });
}

/** Takes a merchant's words away, in one language or in all, so that the product's own are sent. */
export async function resetTemplate(
  client: PoolClient,
  merchantId: string,
  edit: Edit,
  language: string,
): Promise<MessageTemplate> {
  const before = await lockTemplate(client, merchantId, edit.type);
  const kept = before.contents.filter(
    (content) => language !== '' && content.language !== language,
  );
  if (kept.length === before.contents.length) return before;
  requireVersion(before, edit.version);
  const words = wordsToStore(edit.type, kept);
  if ('problem' in words) throw invalidInput(words.field, words.problem);
  const { enabled, fallbackLanguage } = before;
  await saveTemplate(client, merchantId, before, { words, enabled, fallbackLanguage });
  return logged(client, merchantId, edit, 'message_template_reset', { language });
}

async function lockTemplate(client: PoolClient, merchantId: string, type: MessageType) {
  await lockTenant(client, merchantId);
  return readTemplate(client, merchantId, type);
}

function requireVersion(before: MessageTemplate, version: number): void {
  if (before.version === version) return;
  throw new DomainError('edit_conflict', {
    field: 'version',
    message: `version ${before.version} was saved meanwhile`,
  });
}

function isSame(
  before: MessageTemplate,
  words: StoredWords,
  { enabled, fallbackLanguage }: Pick<MessageTemplate, 'enabled' | 'fallbackLanguage'>,
): boolean {
  return (
    before.enabled === enabled &&
    before.fallbackLanguage === fallbackLanguage &&
    JSON.stringify(before.contents) === JSON.stringify(contentsOf(words))
  );
}

async function saveTemplate(
  client: PoolClient,
  merchantId: string,
  { type, version }: MessageTemplate,
  next: { words: StoredWords; enabled: boolean; fallbackLanguage: string },
): Promise<void> {
  const columns = {
    subject: toJson(next.words.subject),
    body: toJson(next.words.body),
    enabled: next.enabled,
    fallbackLanguage: next.fallbackLanguage,
    version: BigInt(version + 1),
  };
  await onPrisma(client, (tx) =>
    tx.emailTemplate.upsert({
      where: { merchantId_type: { merchantId, type } },
      create: { merchantId, type, ...columns },
      update: columns,
    }),
  );
}

async function logged(
  client: PoolClient,
  merchantId: string,
  { actor, type }: Edit,
  action: 'message_template_updated' | 'message_template_reset',
  metadata: Readonly<Record<string, unknown>>,
): Promise<MessageTemplate> {
  await writeAudit(client, merchantId, {
    actor,
    action,
    targetTable: 'email_templates',
    targetId: type,
    metadata: { type, ...metadata },
  });
  return readTemplate(client, merchantId, type);
}
