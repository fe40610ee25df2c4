import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type pg from 'pg';
import { inTransaction } from '#core/database/tenant-transaction.ts';
import { fromRoot } from '#infra/local/paths.ts';
import { openMigrated } from './testing/migrated.ts';
import type { MigratedDatabase } from './testing/migrated.ts';

/**
 * `prisma/functions/<name>.sql` is today's body of each function and procedure, which migrations copy. A file is
 * applied to a migrated database, and what the catalog then says must be what it said before: so PostgreSQL itself
 * does away with what is only a matter of spelling, and nothing else is.
 */
const folder = fromRoot('prisma/functions');
const fileOf = (name: string) => `${name}.sql`;
const files = new Map(
  readdirSync(folder).map((file) => [file, readFileSync(`${folder}/${file}`, 'utf8')]),
);

let database: MigratedDatabase;
beforeAll(async () => {
  database = await openMigrated();
});
afterAll(() => database.close());

/** Definitions by signature, without those that extensions brought. */
async function definitions(on: Pick<pg.Pool, 'query'>): Promise<Map<string, string>> {
  const { rows } = await on.query<{ signature: string; definition: string }>(`
    SELECT p.oid::regprocedure::text AS signature, pg_get_functiondef(p.oid) AS definition FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`);
  return new Map(rows.map(({ signature, definition }) => [signature, definition]));
}

const nameOf = (signature: string) => signature.slice(0, signature.indexOf('('));

/** Functions that are not in force as these files say. */
async function differences(texts: ReadonlyMap<string, string>): Promise<string[]> {
  const inForce = await definitions(database.owner);
  const afterwards = await inTransaction(database.owner, 'BEGIN', async (client) => {
    await client.query('CALL become_ledger()');
    for (const text of texts.values()) await client.query(text);
    const found = await definitions(client);
    // Undone with all that the files did.
    await client.query('ROLLBACK; BEGIN');
    return found;
  });
  const signatures = new Set([...inForce.keys(), ...afterwards.keys()]);
  return [...signatures].filter(
    (signature) => inForce.get(signature) !== afterwards.get(signature),
  );
}

describe('the files of functions', () => {
  test('are one for each name of a function in force, and no more', async () => {
    const names = new Set([...(await definitions(database.owner)).keys()].map(nameOf));
    expect([...files.keys()].sort()).toEqual([...names].map(fileOf).sort());
  });

  test('hold every function of that name, and begin with what it is for', async () => {
    const signatures = [...(await definitions(database.owner)).keys()];
    for (const [file, text] of files) {
      const names = [...text.matchAll(/^CREATE OR REPLACE (?:FUNCTION|PROCEDURE) (\w+)\(/gm)].map(
        ([, name = '']) => fileOf(name),
      );
      const ofThatName = signatures.filter((signature) => fileOf(nameOf(signature)) === file);
      expect(names).toEqual(ofThatName.map(() => file));
      expect(text).toMatch(/^(-- .+\n)+CREATE OR REPLACE /);
    }
  });

  test('say of each function what is in force', async () => {
    expect(await differences(files)).toEqual([]);
  });

  test('are distinguished from one that differs, and from one that adds a function', async () => {
    const touch = files.get('touch_updated_at.sql') ?? '';
    const changed = touch.replace('BEGIN\n', 'BEGIN\n  -- Something else.\n');
    const added = touch.replace('touch_updated_at', 'touch_something_else');
    expect(
      await differences(new Map([...files, ['touch_updated_at.sql', changed], ['added', added]])),
    ).toEqual(['touch_updated_at()', 'touch_something_else()']);
  });
});
