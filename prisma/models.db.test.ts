import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMigrated } from './testing/migrated.ts';
import type { MigratedDatabase } from './testing/migrated.ts';

let database: MigratedDatabase;
beforeAll(async () => {
  database = await openMigrated();
});
afterAll(() => database.close());

/** `table.column type` of every field of every model, in SQL's words. */
function columnsOfModels(schema: string): string[] {
  return [...schema.matchAll(/^model \w+ \{\n(.*?)^\}/gms)].flatMap(([, body = '']) => {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '';
    return [...body.matchAll(/^ {2}(\w+) +(\w+)(\[\])?(\?)? *(.*)$/gm)].map(
      ([, name = '', type = '', list = '', optional, attributes = '']) => {
        const column = / ?@map\("(\w+)"\)/.exec(attributes)?.[1] ?? name;
        const sql = /@db\.Decimal\((\d+), (\d+)\)/.exec(attributes);
        const sqlType = sql
          ? `numeric(${sql[1]},${sql[2]})`
          : (sqlTypes[`${type}${attributes.includes('@db.Uuid') ? ' uuid' : ''}`] ?? type);
        return `${table}.${column} ${sqlType}${list}${optional ? '' : ' NOT NULL'}`;
      },
    );
  });
}

const sqlTypes: Record<string, string> = {
  'String uuid': 'uuid',
  String: 'text',
  Bytes: 'bytea',
  Json: 'jsonb',
  DateTime: 'timestamp with time zone',
  BigInt: 'bigint',
  Int: 'integer',
  Boolean: 'boolean',
};

// Only functions lead into these, or the database completes their rows: a model would promise what cannot be done.
const withoutModel = [
  'admin_sign_in_tries',
  'audit_logs',
  'outbox_events',
  'point_holds',
  'point_lots',
  'points_balances',
  'points_transactions',
  'schema_settings',
  'shop_erasures',
  'shopify_sessions',
  'webhook_idempotency_keys',
  'webhook_inbox',
];

test('the models have the tables’ columns, with their types', async () => {
  const { rows } = await database.owner.query<{ line: string }>(
    `SELECT format('%s.%s %s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                   CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END) AS line
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relname <> 'schema_migrations' AND c.relname <> ALL ($1)`,
    [withoutModel],
  );
  const schema = readFileSync(new URL('./schema.prisma', import.meta.url), 'utf8');
  expect(columnsOfModels(schema).sort()).toEqual(rows.map((row) => row.line).sort());
});
