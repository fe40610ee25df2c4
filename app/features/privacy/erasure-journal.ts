import { z } from 'zod';
import type { ErasureEntry } from '#proto/admin/v1/erasure.ts';
import type { FileStore } from '../../files/file-store.ts';

/**
 * Erasures written down outside of the database, before they are done: a database that is restored to an earlier time
 * has the people back, and this says whom to erase again. Holds our own ids, Shopify's ids of orders and keyed hashes.
 */
const folder = 'erasures';
const largestEntry = 4 * 1024 * 1024;
const dayMs = 24 * 3_600_000;

const person = z.object({
  kind: z.literal('person'),
  at: z.iso.datetime(),
  entry: z.object({
    merchantId: z.guid(),
    erasedBy: z.guid(),
    persons: z.array(z.object({ member: z.string(), tombstone: z.string() })),
    subjectTokens: z.array(z.string()),
    orderIds: z.array(z.string()),
  }),
});
const shop = z.object({
  kind: z.literal('shop'),
  at: z.iso.datetime(),
  merchantId: z.guid(),
});
const record = z.discriminatedUnion('kind', [person, shop]);
export type JournalRecord = z.output<typeof record>;

/** Overwrites what an earlier attempt of the same request wrote on the same day. */
export async function journalPerson(
  files: FileStore,
  entry: ErasureEntry,
  now: number,
): Promise<void> {
  await write(files, { kind: 'person', at: new Date(now).toISOString(), entry }, entry.erasedBy);
}

export async function journalShop(
  files: FileStore,
  merchantId: string,
  now: number,
): Promise<void> {
  await write(files, { kind: 'shop', at: new Date(now).toISOString(), merchantId }, merchantId);
}

async function write(files: FileStore, one: JournalRecord, id: string): Promise<void> {
  await files.put(`${folder}/${one.at.slice(0, 10)}/${id}.json`, Buffer.from(JSON.stringify(one)));
}

/** What was written down since, oldest day first; one that cannot be read is answered by its key, and stops no other. */
export async function* journalSince(
  files: FileStore,
  since: Date,
): AsyncGenerator<JournalRecord | { readonly kind: 'unreadable'; readonly key: string }> {
  // An attempt that began before the moment may have ended after it; repeating one that is done does nothing.
  const from = new Date(since.getTime() - dayMs);
  const firstKey = `${folder}/${from.toISOString().slice(0, 10)}/`;
  for await (const key of files.list(`${folder}/`)) {
    if (key < firstKey) continue;
    const one = await read(files, key);
    if (one === undefined) yield { kind: 'unreadable', key };
    else if (Date.parse(one.at) >= from.getTime()) yield one;
  }
}

async function read(files: FileStore, key: string): Promise<JournalRecord | undefined> {
  const content = await files.get(key, largestEntry);
  if (content === undefined) return undefined;
  try {
    return record.parse(JSON.parse(content.toString('utf8')));
  } catch {
    return undefined;
  }
}
