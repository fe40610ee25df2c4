import type { Catalog, CatalogFunction, CatalogTable, ForeignKey } from './citus-catalog.ts';

/**
 * What Citus asks of a schema and the calls that distribute it by tenant. Decided by the catalog alone, so that it is known
 * without the extension. Sources: Citus 13, foreign_constraint.c, create_distributed_table.c, table.c, variableset.c.
 */
export const distributionColumn = 'merchant_id';

/** One row a tenant: all other tables lie where theirs does. */
const anchor = 'program_settings';

/** Small, read by all tenants, rarely written: a copy on every node. */
const referenceTables: Readonly<Record<string, string>> = {
  merchants: 'every tenant’s table refers to it; found by the shop’s domain, too',
  plans: 'merchants refers to it',
};

/** Stay on the coordinator, each for its reason. */
const localTables: Readonly<Record<string, string>> = {
  admin_sessions: 'the team’s',
  admin_sign_in_tries: 'the team’s',
  admin_users: 'the team’s',
  api_logs: 'has rows of no tenant; no code yet',
  audit_logs: 'has rows of no tenant, and one chain for them',
  outbox_events: 'claimed in the order of all tenants',
  rfm_benchmarks: 'has rows of no tenant; no code yet',
  schema_settings: 'one row, read by migrations',
  shop_erasures: 'outlives its tenant',
  shopify_sessions: 'found before the tenant is known',
  webhook_idempotency_keys: 'written before the tenant is known',
  webhook_inbox: 'written before the tenant is known',
};

/** Functions that may read all shards, because no shopper or order waits for them. */
const acrossTenants: Readonly<Record<string, string>> = {
  campaigns_due: 'each minute, by the worker',
  console_overview: 'the team’s console',
  console_unwell_shops: 'the team’s console',
  encrypted_replace: 'nightly re-encryption',
  encrypted_with_other_keys: 'nightly re-encryption',
  event_deliveries_delete_old: 'nightly',
  event_deliveries_due: 'each second, by the worker',
  ledger_broken_invariants: 'a check by hand',
  ledger_extend_by_earning: 'nightly expiry',
  messages_delete_old: 'nightly',
  messages_due: 'each 15 seconds, by the worker',
  privacy_claim_open: 'each minute, by the worker',
  redemptions_claim_stuck: 'each minute, by the worker',
  referral_link_by_code: 'no caller: a code is clicked in its own shop',
  refresh_rfm_segment_counts: 'nightly; the view stays on the coordinator',
  retention_delete: 'nightly',
  orders_pending_due: 'each 15 seconds, by the worker: one page of tenants',
  reviews_due: 'each second, by the worker: one page of tenants',
  syncs_claim_stalled: 'each minute, by the worker',
  waiting_work: 'metrics, each minute',
};

export type Placement = 'distributed' | 'reference' | 'local';

/** How a function would work on shards. */
export type Reach =
  /** One tenant, and nothing that stays on the coordinator: runs as a whole where the tenant's rows lie. */
  | 'one tenant'
  /** One tenant, with tables of the coordinator: each statement goes to one shard. */
  | 'one tenant, from the coordinator'
  /** A list of tenants: one call for those of a shard. */
  | 'one call a shard'
  | 'coordinator'
  | 'all shards'
  | 'no table';

export interface Plan {
  /** What nothing here can mend: distribution would fail, or the hot path would ask all shards. */
  readonly problems: readonly string[];
  /** In the order in which they are run. */
  readonly steps: readonly Step[];
  readonly placements: readonly { table: string; placement: Placement; why: string }[];
  readonly reaches: readonly { signature: string; reach: Reach; why: string }[];
  readonly remarks: readonly string[];
}

export interface Step {
  readonly kind: 'setting' | 'constraint' | 'reference' | 'distributed' | 'function';
  /** The table or the function. */
  readonly subject: string;
  readonly sql: string;
}

/** The plan for a schema. Pure: what was done before is left out by anyone who runs it. */
export function planDistribution(catalog: Catalog): Plan {
  const placed = placementsOf(catalog.tables);
  const placementOf = (table: string) => placed.found.get(table);
  const mends: Step[] = [];
  const problems = [...placed.problems];
  for (const { table, name, columns, isPrimary, definition } of catalog.keys) {
    if (placementOf(table) !== 'distributed' || columns.includes(distributionColumn)) continue;
    if (isPrimary) problems.push(`${table}: its primary key has no ${distributionColumn}`);
    else mends.push(keyWithTenant(table, name, definition));
  }
  for (const key of catalog.foreignKeys) {
    const { problem, mend } = foreignKeyOf(key, placementOf);
    if (problem !== undefined) problems.push(problem);
    if (mend !== undefined) mends.push(mend);
  }
  for (const { name, askingPolicies } of catalog.tables)
    if (placementOf(name) !== 'local')
      for (const policy of askingPolicies)
        problems.push(`${name}: its policy ${policy} has a subquery`);
  const reaches = reachesOf(catalog, placementOf);
  for (const { signature, reach, why } of reaches)
    if (reach === 'all shards' && why === '')
      problems.push(
        `${signature} reads the shards of all tenants and is not listed as one that may`,
      );
  return {
    problems,
    steps: [
      {
        kind: 'setting',
        subject: 'triggers',
        // Ours read and write rows of the row's own tenant alone.
        sql: 'SET citus.enable_unsafe_triggers = on',
      },
      ...mends,
      ...tableSteps(catalog, placementOf),
      ...reaches.filter(({ reach }) => reach === 'one tenant').map(functionStep),
    ],
    placements: catalog.tables.map(({ name }) => ({
      table: name,
      placement: placementOf(name) ?? 'local',
      why: referenceTables[name] ?? localTables[name] ?? '',
    })),
    reaches,
    remarks: remarksOf(catalog, placementOf),
  };
}

function placementsOf(tables: readonly CatalogTable[]) {
  const found = new Map<string, Placement>();
  const problems: string[] = [];
  for (const { name, tenant } of tables) {
    if (name in referenceTables) found.set(name, 'reference');
    else if (name in localTables) found.set(name, 'local');
    else if (tenant === 'always') found.set(name, 'distributed');
    else
      problems.push(
        `${name}: ${tenant === 'never' ? 'has no' : 'has rows without'} ${distributionColumn}; say whether it is a reference table or stays local (infra/local/citus-plan.rules.ts)`,
      );
  }
  return { found, problems };
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A unique index gains the tenant in front: what was unique for all tenants is then unique within each. */
function keyWithTenant(table: string, name: string, definition: string): Step {
  return {
    kind: 'constraint',
    subject: table,
    sql: `DROP INDEX ${quoted(name)}; ${definition.replace(/ USING (\w+) \(/, ` USING $1 (${distributionColumn}, `)}`,
  };
}

const listed = (columns: readonly string[]) => columns.map(quoted).join(', ');

/** Whether Citus takes a foreign key, and what has to become of it first. */
function foreignKeyOf(
  key: ForeignKey,
  placementOf: (table: string) => Placement | undefined,
): { problem?: string; mend?: Step } {
  const from = placementOf(key.table);
  const to = placementOf(key.referenced);
  const named = `${key.table}: its foreign key ${key.name}`;
  if (to === 'distributed' && from !== 'distributed')
    return { problem: `${named} refers from a ${from ?? 'unknown'} table to a distributed one` };
  if (from === 'distributed' && to === 'local')
    return { problem: `${named} refers to ${key.referenced}, which stays on the coordinator` };
  if (from !== 'distributed') return {};
  const place = key.columns.indexOf(distributionColumn);
  if (to === 'distributed' && (place < 0 || key.referencedColumns[place] !== distributionColumn))
    return { problem: `${named} has no ${distributionColumn} on both sides, in the same place` };
  if (place < 0) return {};
  if (/[cnd]/.test(key.onUpdate))
    return { problem: `${named} would change ${distributionColumn} when the other side changes` };
  if (!/[nd]/.test(key.onDelete)) return {};
  // Also with a list of columns that leaves the tenant out.
  return {
    mend: {
      kind: 'constraint',
      subject: key.table,
      sql: `ALTER TABLE ${quoted(key.table)} DROP CONSTRAINT ${quoted(key.name)}, ADD CONSTRAINT ${quoted(key.name)} FOREIGN KEY (${listed(key.columns)}) REFERENCES ${quoted(key.referenced)} (${listed(key.referencedColumns)})`,
    },
  };
}

/** Each table after those it refers to; the anchor first of those that are distributed. */
function tableSteps(
  { tables, foreignKeys }: Catalog,
  placementOf: (table: string) => Placement | undefined,
): Step[] {
  const order: string[] = [];
  const visit = (table: string, path: readonly string[]): void => {
    if (order.includes(table) || path.includes(table)) return;
    for (const key of foreignKeys)
      if (key.table === table && key.referenced !== table) visit(key.referenced, [...path, table]);
    order.push(table);
  };
  for (const { name } of tables) visit(name, []);
  const placedAs = (placement: Placement) =>
    order.filter((table) => placementOf(table) === placement);
  const distributed = placedAs('distributed').toSorted(
    (one, other) => Number(other === anchor) - Number(one === anchor),
  );
  return [
    ...placedAs('reference').map((table): Step => ({
      kind: 'reference',
      subject: table,
      sql: `SELECT create_reference_table(${literal(`public.${table}`)})`,
    })),
    ...distributed.map((table): Step => ({
      kind: 'distributed',
      subject: table,
      sql: `SELECT create_distributed_table(${literal(`public.${table}`)}, ${literal(distributionColumn)}, colocate_with => ${literal(table === anchor ? 'none' : `public.${anchor}`)})`,
    })),
  ];
}

const isOne = (type: string | undefined) => type === 'uuid';

function tenantArgument({ argumentNames, argumentTypes }: CatalogFunction) {
  const place = argumentNames.findIndex((name) => /^p_merchants?$/.test(name));
  return { name: argumentNames[place], type: argumentTypes[place] };
}

/** Tables that a function names after the words of SQL that take one, and functions that it calls. */
function namedIn(body: string, names: ReadonlySet<string>): string[] {
  const code = body.replace(/--.*$/gm, '').replace(/'(?:[^']|'')*'/g, "''");
  const found = code.matchAll(
    /\b(?:from|join|into|update|using|only|table)\s+(?:only\s+)?(?:public\.)?"?(\w+)"?/gi,
  );
  return [...found].map(([, name = '']) => name).filter((name) => names.has(name));
}

function reachesOf(
  { tables, functions }: Catalog,
  placementOf: (table: string) => Placement | undefined,
): { signature: string; reach: Reach; why: string }[] {
  const tableNames = new Set(tables.map(({ name }) => name));
  const touched = new Map<string, Set<string>>();
  const calls = new Map<string, Set<string>>();
  const functionNames = new Set(functions.map(({ name }) => name));
  for (const { name, body } of functions) {
    const own = touched.get(name) ?? new Set();
    for (const table of namedIn(body, tableNames)) own.add(table);
    touched.set(name, own);
    const called = calls.get(name) ?? new Set();
    for (const [, word = ''] of body.matchAll(/\b(\w+)\s*\(/g))
      if (word !== name && functionNames.has(word)) called.add(word);
    calls.set(name, called);
  }
  const allOf = (name: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(name)) return new Set();
    seen.add(name);
    const inner = [...(calls.get(name) ?? [])].flatMap((called) => [...allOf(called, seen)]);
    return new Set([...(touched.get(name) ?? []), ...inner]);
  };
  return functions
    .filter(({ kind }) => kind === 'function')
    .map((each) => {
      const places = new Set([...allOf(each.name)].map(placementOf));
      return { signature: each.signature, ...reachOf(each, places) };
    });
}

function reachOf(
  each: CatalogFunction,
  places: ReadonlySet<Placement | undefined>,
): { reach: Reach; why: string } {
  const why = acrossTenants[each.name] ?? '';
  // Which tables a statement names that is put together is not seen.
  if (/\bexecute\s+(?:format|')/i.test(each.body)) {
    const isOfOne = isOne(tenantArgument(each).type);
    return { reach: isOfOne ? 'one tenant, from the coordinator' : 'all shards', why };
  }
  if (places.size === 0) return { reach: 'no table', why: '' };
  if (!places.has('distributed'))
    return { reach: places.has('local') ? 'coordinator' : 'no table', why: '' };
  if (why !== '') return { reach: 'all shards', why };
  const { type } = tenantArgument(each);
  if (isOne(type))
    return {
      reach: places.has('local') ? 'one tenant, from the coordinator' : 'one tenant',
      why: '',
    };
  if (type === 'uuid[]' || /->>''?merchant_id|merchant_id uuid/.test(each.body))
    return { reach: 'one call a shard', why: '' };
  if (/current_setting\('app\.merchant_id'|current_merchant_id\(\)/.test(each.body))
    return { reach: 'one tenant, from the coordinator', why: '' };
  return { reach: 'all shards', why };
}

function functionStep({ signature }: { signature: string }): Step {
  return {
    kind: 'function',
    subject: signature,
    sql: `SELECT create_distributed_function(${literal(`public.${signature}`)}, 'p_merchant', colocate_with => ${literal(`public.${anchor}`)})`,
  };
}

/** What is no call of Citus's and has to be known. */
function remarksOf(
  { tables }: Catalog,
  placementOf: (table: string) => Placement | undefined,
): string[] {
  const split = tables.filter(
    ({ name, partitions }) => partitions > 1 && placementOf(name) === 'distributed',
  );
  return [
    ...(split.length > 0
      ? [
          `${split.length} tables are partitioned by ${distributionColumn} as well: the shards take the partitions’ place, so migrate the new database with --partitions=1 before this`,
        ]
      : []),
    'The tenant must reach the workers: ALTER ROLE loyalnest_app SET citus.propagate_set_commands = local, and core begins a tenant’s transaction by SET LOCAL, in a statement of its own, instead of set_config (core/database/tenant-transaction.ts)',
    'outbox_events stays on the coordinator, so an award commits on two nodes; to end that it needs the primary key (merchant_id, event_id) and a claim for each shard',
    'A batch is one call a shard: core groups its gathered items by get_shard_id_for_distribution_column (core/ledger/group-commit.ts, shardOf)',
  ];
}
