// A partition by hash of the tenant is to PostgreSQL what a shard is to Citus: what reads one reads one. So the plans of
// what an order, a redemption and the widget run show what they would ask of shards.
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCore } from '#core/testing/core.ts';
import { createFixtureShop } from '#core/testing/fixture-shop.ts';

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Loops'?: number;
  readonly Plans?: readonly PlanNode[];
  readonly [detail: string]: unknown;
}
interface Explained {
  readonly 'Query Text': string;
  readonly Plan: PlanNode;
}

let core: Awaited<ReturnType<typeof startTestCore>>;
let partitionOf: ReadonlyMap<string, string>;
let tenantTables: ReadonlySet<string>;
const explained: Explained[] = [];

type Connect = (this: pg.Client, ...given: unknown[]) => unknown;

/** Listens to every connection that is opened from now on. @returns what ends that */
function listenToConnections(hear: (notice: string) => void): () => void {
  const original = Object.getOwnPropertyDescriptor(pg.Client.prototype, 'connect');
  if (original === undefined) throw new Error('connections are opened otherwise now');
  const connect = original.value as Connect;
  const listening: Connect = function (...given) {
    this.on('notice', ({ message }) => hear(message ?? ''));
    return Reflect.apply(connect, this, given);
  };
  Object.defineProperty(pg.Client.prototype, 'connect', { ...original, value: listening });
  return () => Object.defineProperty(pg.Client.prototype, 'connect', original);
}

let stopListening: () => void;

/** Every statement that any connection runs from now on, those inside of functions as well, with what it read. */
async function explainEverything(): Promise<void> {
  stopListening = listenToConnections((notice) => {
    const json = /^duration: .* plan:\s*(\{[\s\S]*\})$/.exec(notice)?.[1];
    if (json !== undefined) explained.push(JSON.parse(json) as Explained);
  });
  const { rows } = await core.outside.query<{ name: string }>(
    'SELECT quote_ident(current_database()) AS name',
  );
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_nested_statements': 'on',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_timing': 'off',
    'auto_explain.log_format': 'json',
    'auto_explain.log_level': 'notice',
  };
  for (const [name, value] of Object.entries(settings))
    await core.outside.query(`ALTER DATABASE ${rows[0]?.name ?? ''} SET ${name} = '${value}'`);
  // Settings of a database hold for connections that begin after them.
  await core.outside.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND usename = 'loyalnest_app'`,
  );
}

beforeAll(async () => {
  core = await startTestCore();
  const partitions = await core.outside.query<{ child: string; place: string }>(
    `SELECT c.relname AS child, substring(c.relname FROM '_p([0-9]+)$') AS place
     FROM pg_class c WHERE c.relispartition AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
  );
  partitionOf = new Map(partitions.rows.map(({ child, place }) => [child, place]));
  const whole = await core.outside.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE a.attname = 'merchant_id' AND a.attnotnull AND c.relkind = 'r' AND NOT c.relispartition
       AND c.relnamespace = 'public'::regnamespace AND c.relname NOT IN ('merchants', 'outbox_events')`,
  );
  tenantTables = new Set(whole.rows.map(({ name }) => name));
  await explainEverything();
});
afterAll(async () => {
  stopListening();
  await core.stop();
});

function* nodesOf(node: PlanNode): Generator<PlanNode> {
  // What was never begun read nothing.
  if (node['Actual Loops'] === 0) return;
  yield node;
  for (const inner of node.Plans ?? []) yield* nodesOf(inner);
}

/** Reads rows of any tenant: a scan of a whole table that no condition narrows to one. */
const isUnbound = (node: PlanNode) =>
  tenantTables.has(node['Relation Name'] ?? '') &&
  /Scan$/.test(String(node['Node Type'])) &&
  !/merchant_id/.test(JSON.stringify([node['Index Cond'], node['Filter'], node['Recheck Cond']]));

/** Statements so far that read more than one shard, or a table that lies on all of them without naming a tenant. */
function across(): string[] {
  const found = explained.flatMap(({ 'Query Text': text, Plan }) => {
    const nodes = [...nodesOf(Plan)];
    const shards = new Set(
      nodes.flatMap((node) => partitionOf.get(node['Relation Name'] ?? '') ?? []),
    );
    // The platform's round, which looks whose turn it is, is no tenant's.
    if (text.includes('review_due_at <= now()')) return [];
    const unbound = nodes.filter(isUnbound).map((node) => node['Relation Name']);
    return shards.size > 1 || unbound.length > 0
      ? [`${[...shards].join()} ${unbound.join()}: ${text.replace(/\s+/g, ' ').slice(0, 200)}`]
      : [];
  });
  return [...new Set(found)];
}

test('what an order, a redemption and the widget run reads the rows of one shard', async () => {
  const shop = await createFixtureShop(core, 'shard');
  const { points } = core.clients({ merchant: shop.merchantId });
  const shopper = core.clients({
    merchant: shop.merchantId,
    actor: 'customer:5001',
    scopes: ['customer:frontend', 'customer:points'],
  });
  await points.recordOrder({
    trigger: 'paid',
    order: {
      orderId: '9001',
      name: '#9001',
      currency: 'USD',
      presentmentCurrency: 'USD',
      subtotal: '50.00',
      currentSubtotal: '50.00',
      total: '50.00',
      financialStatus: 'paid',
      channel: 'online',
      orderedAt: new Date().toISOString(),
      updatedAt: new Date().toISOString(),
      customer: { shopifyCustomerId: '5001', locale: 'en', state: 'enabled' },
    },
  });
  await shopper.frontend.getWidget({ locale: 'en' });
  expect(across()).toEqual([]);
  // Statements of functions as well as of core.
  const texts = explained.map((each) => each['Query Text']).join('\n');
  expect(texts).toContain('INSERT INTO points_transactions');
  expect(texts).toContain('frontend_widget');
  expect(explained.length).toBeGreaterThan(200);
  expect(partitionOf.size).toBeGreaterThan(40);
});

test('what reads the rows of all tenants is seen to do so', async () => {
  explained.length = 0;
  await core.pool.query('SELECT count(*) FROM ledger_broken_invariants(NULL)');
  expect(across().join('\n')).toMatch(/^[0-3],[0-3],[0-3],[0-3] /m);
});
