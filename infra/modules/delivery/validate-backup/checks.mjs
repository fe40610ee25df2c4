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
    name: 'row security is forced on every table of a tenant',
    wrong: `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname LIKE 'points\\_%'
        AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
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
