import type pg from 'pg';

/** The schema as far as distribution depends on it, read from the database's own catalog. */
export interface Catalog {
  readonly tables: readonly CatalogTable[];
  readonly keys: readonly UniqueKey[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly functions: readonly CatalogFunction[];
}

export interface CatalogTable {
  readonly name: string;
  /** Whether each row belongs to a tenant, may belong to one, or cannot. */
  readonly tenant: 'always' | 'sometimes' | 'never';
  /** Of its own, when it is partitioned. */
  readonly partitions: number;
  readonly triggers: readonly string[];
  /** Policies of row security that ask another table. */
  readonly askingPolicies: readonly string[];
}

export interface UniqueKey {
  readonly table: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly isPrimary: boolean;
  /** As the database would write it again, where it is one without the tenant; empty otherwise. */
  readonly definition: string;
}

/** What the referencing row gets when the referenced one is deleted or changed: PostgreSQL's letters. */
type Action = 'a' | 'r' | 'c' | 'n' | 'd';

export interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly referenced: string;
  readonly referencedColumns: readonly string[];
  readonly onDelete: Action;
  readonly onUpdate: Action;
}

export interface CatalogFunction {
  readonly name: string;
  /** With the types of its arguments: tells overloaded functions apart. */
  readonly signature: string;
  readonly argumentNames: readonly string[];
  readonly argumentTypes: readonly string[];
  readonly kind: 'function' | 'procedure' | 'trigger';
  readonly body: string;
}

const ownRelation = `c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND c.relkind IN ('r', 'p')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')`;

const tables = `SELECT c.relname AS name,
    CASE WHEN a.attnum IS NULL THEN 'never' WHEN a.attnotnull THEN 'always' ELSE 'sometimes' END AS tenant,
    (SELECT count(*)::integer FROM pg_inherits i WHERE i.inhparent = c.oid) AS partitions,
    ARRAY(SELECT t.tgname::text FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal ORDER BY 1) AS triggers,
    ARRAY(SELECT p.polname::text FROM pg_policy p WHERE p.polrelid = c.oid
          AND concat(pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid)) ~* '\\mselect\\M' ORDER BY 1)
      AS "askingPolicies"
  FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'merchant_id' AND NOT a.attisdropped
  WHERE ${ownRelation} AND c.relname <> 'schema_migrations' ORDER BY 1`;

const columnsOf = (relation: string, numbers: string) =>
  `ARRAY(SELECT coalesce(a.attname::text, '') FROM unnest(${numbers}) WITH ORDINALITY AS n(number, place)
     LEFT JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = n.number ORDER BY n.place)`;

const keys = `SELECT c.relname AS table, x.relname AS name, i.indisprimary AS "isPrimary",
    ${columnsOf('c.oid', 'i.indkey::smallint[]')} AS columns, CASE WHEN NOT i.indisprimary AND NOT EXISTS (SELECT FROM pg_attribute m WHERE m.attrelid = c.oid AND m.attname = 'merchant_id'
      AND m.attnum = ANY (i.indkey::smallint[])) THEN pg_get_indexdef(x.oid) ELSE '' END AS definition
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
  WHERE ${ownRelation} AND i.indisunique ORDER BY 1, 2`;

const foreignKeys = `SELECT c.relname AS table, f.conname AS name, r.relname AS referenced,
    ${columnsOf('c.oid', 'f.conkey')} AS columns, ${columnsOf('r.oid', 'f.confkey')} AS "referencedColumns",
    f.confdeltype AS "onDelete", f.confupdtype AS "onUpdate"
  FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid
  WHERE ${ownRelation} AND f.contype = 'f' AND f.conparentid = 0 ORDER BY 1, 2`;

const functions = `SELECT p.proname AS name, p.oid::regprocedure::text AS signature,
    coalesce(p.proargnames, '{}')::text[] AS "argumentNames",
    ARRAY(SELECT format_type(t.type, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY AS t(type, place) ORDER BY t.place)
      AS "argumentTypes",
    CASE WHEN p.prokind = 'p' THEN 'procedure' WHEN p.prorettype = 'trigger'::regtype THEN 'trigger' ELSE 'function' END
      AS kind,
    coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) AS body
  FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p')
    AND p.prolang IN (SELECT oid FROM pg_language WHERE lanname IN ('sql', 'plpgsql'))
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 2`;

export async function readCatalog(client: pg.Client): Promise<Catalog> {
  const found = {
    tables: await client.query<CatalogTable>(tables),
    keys: await client.query<UniqueKey>(keys),
    foreignKeys: await client.query<ForeignKey>(foreignKeys),
    functions: await client.query<CatalogFunction>(functions),
  };
  return {
    tables: found.tables.rows,
    keys: found.keys.rows,
    foreignKeys: found.foreignKeys.rows,
    functions: found.functions.rows,
  };
}
