// Checks of a restored database. Each query returns problems, and no rows if all is well.

/** @typedef {{ query(sql: string): Promise<{ rows: Record<string, unknown>[] }> }} Database */

/** @type {readonly { readonly name: string, readonly wrong: string }[]} */
export const checks = [
  {
    name: 'no partitioned table lacks its partitions',
    wrong: `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'p' AND n.nspname = 'public'
        AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid)`,
  },
  {
    name: 'every partitioned table has as many partitions as the others',
    wrong: `WITH found AS (
        SELECT i.inhparent::regclass::text AS name, count(*) AS partitions FROM pg_inherits i
        JOIN pg_class c ON c.oid = i.inhparent AND c.relkind = 'p' AND c.relnamespace = 'public'::regnamespace
        GROUP BY 1)
      SELECT name, partitions FROM found WHERE partitions < (SELECT max(partitions) FROM found)`,
  },
  {
    name: 'row security is forced on every table of a tenant',
    wrong: `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'merchant_id' AND NOT a.attisdropped
      WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
        AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
  },
  {
    name: 'every index is usable',
    wrong: `SELECT i.indexrelid::regclass::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE c.relnamespace = 'public'::regnamespace AND NOT (i.indisvalid AND i.indisready)`,
  },
  {
    name: 'the counts of segments are filled',
    wrong: `SELECT c.relname FROM pg_class c
      WHERE c.oid = 'rfm_segment_counts'::regclass AND NOT c.relispopulated`,
  },
  {
    name: 'there are shops',
    wrong: `SELECT 'none' AS shops WHERE NOT EXISTS (SELECT FROM merchants_after(NULL, 1))`,
  },
  { name: 'the ledger is whole', wrong: 'SELECT * FROM ledger_broken_invariants() LIMIT 5' },
  { name: 'the audit log is whole', wrong: 'SELECT * FROM audit_chain_breaks() LIMIT 5' },
];

/**
 * @param {Database} database
 * @returns {Promise<string[]>} what is wrong, a line each
 */
export async function problemsOf(database) {
  const problems = [];
  for (const { name, wrong } of checks) {
    const { rows } = await database.query(wrong);
    if (rows.length > 0) problems.push(`not so: ${name} ${JSON.stringify(rows)}`);
  }
  return problems;
}
