import type pg from 'pg';

/**
 * The schema as sorted text, from the catalog: what a migration really did, to be read in a diff. Partitions are
 * left out (how many there are is a parameter), and so are the queue's own tables and what extensions brought.
 */
export async function describeSchema(on: Pick<pg.Pool, 'query'>): Promise<string> {
  const sections = [await describeTables(on), await describeViews(on), await describeFunctions(on)];
  return `${sections.flat().join('\n\n')}\n`;
}

type Json = Readonly<Record<string, unknown>>;

async function linesOf(on: Pick<pg.Pool, 'query'>, query: string): Promise<Map<string, string[]>> {
  const { rows } = await on.query<{ owner: string; line: string }>(query);
  const groups = new Map<string, string[]>();
  for (const { owner, line } of rows)
    groups.set(owner, [...(groups.get(owner) ?? []), `  ${line}`]);
  for (const lines of groups.values()) lines.sort();
  return groups;
}

const ours = `c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND c.relname <> 'schema_migrations'`;
const tables = `pg_class c JOIN pg_roles o ON o.oid = c.relowner WHERE ${ours} AND c.relkind IN ('r', 'p')`;

async function describeTables(on: Pick<pg.Pool, 'query'>): Promise<string[]> {
  const { rows } = await on.query<{ name: string; head: string }>(`
    SELECT c.relname AS name, concat_ws(', ', 'owner ' || o.rolname,
             CASE WHEN c.relkind = 'p' THEN 'partitioned by ' || pg_get_partkeydef(c.oid) END,
             CASE WHEN c.relrowsecurity THEN 'row security' END, CASE WHEN c.relforcerowsecurity THEN 'forced' END) AS head
    FROM ${tables} ORDER BY c.relname`);
  const columns = await on.query<{ owner: string; line: string }>(`
    SELECT c.relname AS owner, concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
             CASE WHEN a.attnotnull THEN 'NOT NULL' END, 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid),
             CASE WHEN a.attidentity <> '' THEN 'IDENTITY' END) AS line
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE ${ours} AND c.relkind IN ('r', 'p') ORDER BY c.relname, a.attnum`);
  const parts = await Promise.all([
    linesOf(
      on,
      `SELECT c.relname AS owner, 'CONSTRAINT ' || k.conname || ' ' || pg_get_constraintdef(k.oid) AS line
      FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid AND k.conparentid = 0 WHERE ${ours} AND k.contype <> 't'`,
    ),
    linesOf(
      on,
      `SELECT c.relname AS owner, pg_get_indexdef(i.indexrelid) AS line
      FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid WHERE ${ours} AND NOT i.indisprimary AND c.relkind <> 'm'`,
    ),
    linesOf(
      on,
      `SELECT c.relname AS owner, format('POLICY %s FOR %s TO %s USING (%s) WITH CHECK (%s)', p.policyname, p.cmd,
        array_to_string(p.roles, ', '), p.qual, p.with_check) AS line
      FROM pg_class c JOIN pg_policies p ON p.schemaname = 'public' AND p.tablename = c.relname WHERE ${ours}`,
    ),
    linesOf(
      on,
      `SELECT c.relname AS owner, regexp_replace(pg_get_triggerdef(t.oid), '^CREATE ', '') AS line
      FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal WHERE ${ours}`,
    ),
    grantsOf(on, `c.relkind IN ('r', 'p')`),
  ]);
  return rows.map(({ name, head }) =>
    [
      `TABLE ${name} (${head})`,
      ...columns.rows.filter((row) => row.owner === name).map((row) => `  ${row.line}`),
      ...parts.flatMap((part) => part.get(name) ?? []),
    ].join('\n'),
  );
}

function grantsOf(on: Pick<pg.Pool, 'query'>, kind: string): Promise<Map<string, string[]>> {
  return linesOf(
    on,
    `
    SELECT owner, format('GRANT %s TO %s', string_agg(privilege, ', ' ORDER BY privilege), grantee) AS line
    FROM (
      SELECT c.relname AS owner, x.privilege_type AS privilege, coalesce(g.rolname, 'PUBLIC') AS grantee
      FROM pg_class c CROSS JOIN aclexplode(c.relacl) x LEFT JOIN pg_roles g ON g.oid = x.grantee
      WHERE ${ours} AND ${kind} AND x.grantee <> c.relowner
      UNION ALL
      SELECT c.relname, format('%s (%s)', x.privilege_type, a.attname), coalesce(g.rolname, 'PUBLIC')
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attacl IS NOT NULL
      CROSS JOIN aclexplode(a.attacl) x LEFT JOIN pg_roles g ON g.oid = x.grantee
      WHERE ${ours} AND ${kind}
    ) rights GROUP BY owner, grantee`,
  );
}

async function describeViews(on: Pick<pg.Pool, 'query'>): Promise<string[]> {
  const { rows } = await on.query<Json & { name: string; line: string; definition: string }>(`
    SELECT c.relname AS name,
           format('%s %s (owner %s%s)', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, c.relname,
                  o.rolname, coalesce(', ' || array_to_string(c.reloptions, ', '), '')) AS line,
           pg_get_viewdef(c.oid) AS definition
    FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner
    WHERE ${ours} AND c.relkind IN ('v', 'm') ORDER BY c.relname`);
  const indexes = await linesOf(
    on,
    `SELECT c.relname AS owner, pg_get_indexdef(i.indexrelid) AS line
    FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid WHERE ${ours} AND c.relkind = 'm'`,
  );
  const grants = await grantsOf(on, `c.relkind IN ('v', 'm')`);
  return rows.map(({ name, line, definition }) =>
    [line, definition, ...(indexes.get(name) ?? []), ...(grants.get(name) ?? [])].join('\n'),
  );
}

async function describeFunctions(on: Pick<pg.Pool, 'query'>): Promise<string[]> {
  const { rows } = await on.query<{ line: string }>(`
    SELECT concat_ws(E'\\n  ',
      format('%s %s', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.oid::regprocedure),
      'returns ' || pg_get_function_result(p.oid),
      concat_ws(', ', 'owner ' || o.rolname, l.lanname, CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' END,
                CASE WHEN p.prosecdef THEN 'security definer' END),
      'SET ' || array_to_string(p.proconfig, ', '),
      (SELECT 'EXECUTE to ' || string_agg(coalesce(g.rolname, 'PUBLIC'), ', ' ORDER BY g.rolname)
       FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x LEFT JOIN pg_roles g ON g.oid = x.grantee
       WHERE x.grantee <> p.proowner)) AS line
    FROM pg_proc p JOIN pg_roles o ON o.oid = p.proowner JOIN pg_language l ON l.oid = p.prolang
    WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    ORDER BY p.oid::regprocedure::text`);
  return rows.map((row) => row.line);
}
