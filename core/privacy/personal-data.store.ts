import pg from 'pg';
import type { Encryption } from '../shared/encryption.ts';
import type { Queryable } from '../database/queryable.ts';

interface PersonalTable {
  table_name: string;
  /** Columns that hold the id of a member. */
  customer_columns: string[];
  binary_columns: string[];
  /** Columns by which searching works and from which nothing can be read. */
  index_columns: string[];
  /** The primary key without the tenant. */
  key_column: string | null;
}

type Json = Record<string, unknown>;

/**
 * Every table of the tenant with a column that names a member, from the catalog: a table added later is part of
 * the answer to a data request without anybody thinking of it.
 */
const personalTables = `
  SELECT t.relname AS table_name,
         array_agg(a.attname::text) FILTER (WHERE a.attname LIKE '%customer_id' AND a.atttypid = 'uuid'::regtype)
           AS customer_columns,
         coalesce(array_agg(a.attname::text) FILTER (WHERE a.atttypid = 'bytea'::regtype AND a.attname NOT LIKE '%\\_hash'), '{}')
           AS binary_columns,
         coalesce(array_agg(a.attname::text) FILTER (
           WHERE a.atttypid = 'bytea[]'::regtype OR (a.atttypid = 'bytea'::regtype AND a.attname LIKE '%\\_hash')), '{}')
           AS index_columns,
         (SELECT k.attname::text FROM pg_index i JOIN pg_attribute k ON k.attrelid = t.oid AND k.attnum = ANY(i.indkey)
          WHERE i.indrelid = t.oid AND i.indisprimary AND k.attname <> 'merchant_id'
          ORDER BY k.attnum LIMIT 1) AS key_column
  FROM pg_class t
  JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition AND has_table_privilege(t.oid, 'SELECT')
    AND EXISTS (SELECT 1 FROM pg_attribute m WHERE m.attrelid = t.oid AND m.attname = 'merchant_id')
    AND EXISTS (SELECT 1 FROM pg_attribute c WHERE c.attrelid = t.oid AND c.attname LIKE '%customer_id' AND c.atttypid = 'uuid'::regtype)
  GROUP BY t.oid, t.relname ORDER BY t.relname`;

/** All rows that name the member, by table, decrypted. Tables without a row are left out. */
export async function readPersonalData(
  on: Queryable,
  encryption: Encryption,
  merchantId: string,
  customerId: string,
): Promise<Record<string, Json[]>> {
  const tables = await on.query<PersonalTable>(personalTables);
  const data: Record<string, Json[]> = {};
  for (const table of tables.rows) {
    const names = table.customer_columns
      .map((column) => `t.${pg.escapeIdentifier(column)} = $2`)
      .join(' OR ');
    const { rows } = await on.query<{ row: Json }>(
      `SELECT to_jsonb(t) - $3::text[] AS row FROM ${pg.escapeIdentifier(table.table_name)} t
       WHERE t.merchant_id = $1 AND (${names})`,
      [merchantId, customerId, [...table.index_columns, 'merchant_id']],
    );
    if (rows.length > 0) {
      data[table.table_name] = rows.map(({ row }) => opened(encryption, merchantId, table, row));
    }
  }
  return data;
}

/** PostgreSQL writes bytea into JSON as \x and hexadecimal digits. */
function opened(encryption: Encryption, merchantId: string, table: PersonalTable, row: Json): Json {
  const clear: Json = { ...row };
  const rowId = table.key_column === null ? undefined : row[table.key_column];
  for (const column of table.binary_columns) {
    const encrypted = row[column];
    if (typeof encrypted !== 'string' || typeof rowId !== 'string') continue;
    const place = { merchantId, table: table.table_name, column, rowId };
    clear[column] = encryption.decrypt(Buffer.from(encrypted.replace(/^\\x/, ''), 'hex'), place);
  }
  return clear;
}

/** Names come from the catalog; quoting them keeps that from mattering. */
