import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { decryptPayload } from '#core/inbox/delivery-encryption.ts';
import { createEncryption } from '#core/shared/encryption.ts';
import type { Encryption } from '#core/shared/encryption.ts';
import { withClient } from '#infra/local/postgres.ts';
import type { BenchDatabase } from './bench-database.ts';
import type { Acknowledged } from './chaos-traffic.ts';
import { leaverSieve, leaverTraces } from './leaving-shoppers.ts';
import type { Product } from './product.ts';

interface GdprRow {
  request_id: string;
  idempotency_key: string;
  status: string;
}

/** Requests of people: each carried out once, and of those who were erased nothing left, whatever came later. */
export function auditErasures(
  database: BenchDatabase,
  product: Product,
  { leavers, dataRequests }: Acknowledged,
) {
  return withClient(database.adminUrl, async (client) => {
    const { rows } = await client.query<GdprRow>(
      'SELECT request_id, idempotency_key, status FROM gdpr_requests WHERE merchant_id = $1',
      [product.merchantId],
    );
    const requests = new Map(rows.map((row) => [row.idempotency_key, row]));
    const isOpen = (key: string) => requests.get(key)?.status !== 'completed';
    const erasures = leavers.map(({ erasure }) => erasure);
    const mustBeDone = [...erasures, ...[...dataRequests].map((id) => `data_request/${id}`)];
    // A request for data that was read after the erasure finds nothing, and is not answered.
    const overtaken = leavers.filter(({ dataRequest }) => isOpen(dataRequest)).length;
    const erased = new Set(leavers.map(({ number }) => number));
    const encryption = createEncryption(product.secrets.ENCRYPTION_KEYS);
    const where = [
      ...(await tracesInTables(client, product, encryption, erased)),
      ...tracesInFiles(product, erased),
    ];
    const { rows: named } = await client.query<{ order_id: string }>(
      `SELECT o.shopify_order_id AS order_id FROM orders o JOIN customers c USING (merchant_id, customer_id)
       WHERE o.merchant_id = $1 AND c.redacted_at IS NOT NULL AND (o.name IS NOT NULL OR o.line_items <> '[]')`,
      [product.merchantId],
    );
    where.push(...named.map(({ order_id: id }) => `order ${id} has its name or lines`));
    const { rows: counts } = await client.query<{ members: string; after: string }>(
      `SELECT count(*) AS members,
              count(*) FILTER (WHERE b.balance <> 0 OR b.held <> 0 OR EXISTS (
                SELECT 1 FROM points_transactions t JOIN points_transactions w USING (merchant_id, customer_id)
                WHERE t.merchant_id = c.merchant_id AND t.customer_id = c.customer_id
                  AND w.type = 'writeoff' AND t.sequence > w.sequence)) AS after
       FROM customers c LEFT JOIN points_balances b USING (merchant_id, customer_id)
       WHERE c.merchant_id = $1 AND c.redacted_at IS NOT NULL`,
      [product.merchantId],
    );
    const members = Number(counts[0]?.members);
    return {
      lost: mustBeDone.filter(isOpen).length,
      // A person who came back would be a member twice.
      doubled: Math.abs(members - erased.size),
      overtaken,
      traces: where.length,
      where,
      pointsAfter: Number(counts[0]?.after),
      notInJournal: notInJournal(
        product,
        erasures.flatMap((key) => requests.get(key)?.request_id ?? []),
      ),
    };
  });
}

/** The erased people whom a text names. */
function named(text: string, erased: ReadonlySet<number>): number[] {
  const found = [...text.matchAll(leaverTraces)].map((match) =>
    Number(match.slice(1).find((group) => group !== undefined)),
  );
  return [...new Set(found)].filter((number) => erased.has(number));
}

interface Column {
  table_name: string;
  /** Encrypted values, perhaps. */
  bytes: string[];
  key: string | null;
}

/** Every value of every table, decrypted. */
async function tracesInTables(
  client: pg.Client,
  product: Product,
  encryption: Encryption,
  erased: ReadonlySet<number>,
): Promise<string[]> {
  const { rows: tables } = await client.query<Column>(
    `SELECT c.relname AS table_name,
            coalesce(array_agg(a.attname::text) FILTER (WHERE a.atttypid = 'bytea'::regtype), '{}') AS bytes,
            (SELECT k.attname FROM pg_index i JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = ANY (i.indkey)
             WHERE i.indrelid = c.oid AND i.indisprimary AND k.attname <> 'merchant_id' ORDER BY k.attnum LIMIT 1) AS key
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
     GROUP BY c.oid, c.relname ORDER BY c.relname`,
  );
  const traces: string[] = [];
  const note = (place: string, text: string) => {
    for (const number of named(text, erased)) traces.push(`${place}: person ${number}`);
  };
  for (const { table_name: table, bytes, key } of tables) {
    const { rows: lines } = await client.query<{ line: string }>(
      `SELECT t::text AS line FROM ${pg.escapeIdentifier(table)} t WHERE t::text ~* $1`,
      [leaverSieve],
    );
    for (const { line } of lines) note(`${table} ${line.slice(0, 120)}`, line);
    if (bytes.length === 0 || key === null) continue;
    const { rows } = await client.query<Record<string, unknown>>(
      `SELECT * FROM ${pg.escapeIdentifier(table)}`,
    );
    for (const row of rows)
      for (const column of bytes)
        note(
          `${table}.${column} ${JSON.stringify([row['topic'], row['status'], row['reason']])}`,
          opened(encryption, product, { table, column, rowId: String(row[key]) }, row),
        );
  }
  return traces;
}

/** Empty for what is no encrypted value, or another tenant's. */
function opened(
  encryption: Encryption,
  { merchantId }: Product,
  place: { readonly table: string; readonly column: string; readonly rowId: string },
  row: Readonly<Record<string, unknown>>,
): string {
  const value = row[place.column];
  if (!Buffer.isBuffer(value)) return '';
  try {
    return place.table === 'webhook_inbox'
      ? decryptPayload(encryption, String(row['shop_domain']), place.rowId, value).toString()
      : encryption.decrypt(value, { ...place, merchantId });
  } catch {
    return '';
  }
}

const filesOf = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
    : [];

/** What the product writes beside the database, and what its processes have printed. */
function tracesInFiles(product: Product, erased: ReadonlySet<number>): string[] {
  const logs = (['web', 'worker', 'core'] as const).map((name) => product.process(name).logFile);
  return [...filesOf(product.appEnv['FILES_DIR'] ?? ''), ...logs].flatMap((file) =>
    named(readFileSync(file, 'utf8'), erased).map(
      (number) => `${path.basename(file)}: person ${number}`,
    ),
  );
}

/** Erasures that a restored database would not be told of. */
function notInJournal(product: Product, requestIds: readonly string[]): number {
  const written = new Set(
    filesOf(path.join(product.appEnv['FILES_DIR'] ?? '', 'erasures')).map((file) =>
      path.basename(file, '.json'),
    ),
  );
  return requestIds.filter((id) => !written.has(id)).length;
}
