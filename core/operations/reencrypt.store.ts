import type { Queryable } from '../database/queryable.ts';

/** One column of encrypted values; the database has the list (encrypted_columns). */
export interface EncryptedColumn {
  readonly table: string;
  readonly column: string;
}

/** An encrypted value and where it belongs: its tenant (before that is known, its shop) and its row. */
export interface EncryptedValue {
  readonly tenant: string;
  readonly rowId: string;
  readonly value: Buffer;
}

/** The columns that core encrypts, ordered by name. Sessions are encrypted by web, which has keys of its own. */
export async function listEncryptedColumns(on: Queryable): Promise<EncryptedColumn[]> {
  const { rows } = await on.query<{ table_name: string; column_name: string }>(
    `SELECT table_name, column_name FROM encrypted_columns() WHERE table_name <> 'shopify_sessions' ORDER BY 1, 2`,
  );
  return rows.map((row) => ({ table: row.table_name, column: row.column_name }));
}

/** Values of the column that do not begin like this, in the order of their keys, from after the given one. */
export async function readEncryptedWithOtherKeys(
  on: Queryable,
  { table, column }: EncryptedColumn,
  header: Buffer,
  after: { readonly tenant: string; readonly rowId: string },
  limit: number,
): Promise<EncryptedValue[]> {
  const { rows } = await on.query<{ tenant: string; row_id: string; value: Buffer }>(
    'SELECT tenant, row_id, value FROM encrypted_with_other_keys($1, $2, $3, $4, $5, $6)',
    [table, column, header, after.tenant, after.rowId, limit],
  );
  return rows.map((row) => ({ tenant: row.tenant, rowId: row.row_id, value: row.value }));
}

/** Puts the new values where the old ones still are. @returns how many were */
export async function replaceEncrypted(
  on: Queryable,
  { table, column }: EncryptedColumn,
  changes: readonly (EncryptedValue & { readonly reencrypted: Buffer })[],
): Promise<number> {
  if (changes.length === 0) return 0;
  const { rows } = await on.query<{ replaced: number }>(
    'SELECT encrypted_replace($1, $2, $3, $4, $5, $6) AS replaced',
    [
      table,
      column,
      changes.map(({ tenant }) => tenant),
      changes.map(({ rowId }) => rowId),
      changes.map(({ value }) => value),
      changes.map(({ reencrypted }) => reencrypted),
    ],
  );
  return rows[0]?.replaced ?? 0;
}
