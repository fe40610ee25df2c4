// What AWS costs a month, from the list prices in aws-prices.json: `node infra/aws-prices.ts` prints the tables of
// docs/aws.md, `--write` puts them there. terraform.test.ts fails when they are not those.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from '@cdktf/hcl2json';
import type priceList from './aws-prices.json';

const infra = import.meta.dirname;
const document = path.join(infra, '../docs/aws.md');

type Prices = typeof priceList;

interface Tasks {
  readonly count: number;
  readonly cpu: number;
  readonly memory: number;
  readonly kind: 'x86' | 'arm' | 'spot';
}

/** All that is paid for, without the prices. */
export interface Layout {
  readonly database: {
    readonly type: string;
    readonly multiAz: boolean;
    readonly replicas: number;
    readonly gb: number;
  };
  /** The replica in the other region, and how much of that region stands by. */
  readonly other?: {
    readonly type: string;
    readonly balancers: number;
    readonly addresses: number;
  };
  readonly caches: readonly { readonly node: string; readonly count: number }[];
  readonly tasks: readonly Tasks[];
  readonly balancers: number;
  readonly natGateways: number;
  readonly addresses: number;
  readonly firewallRules: number;
  readonly alarms: number;
  readonly keys: number;
  readonly secrets: number;
  /** Daily snapshots: 1 here, 2 with copies in the other region; as a share of the production volume. */
  readonly backups: number;
  /** Whether the log of every write goes to the other region, too. */
  readonly replicatedLog: boolean;
  /** Share of production's requests, logs and the like. */
  readonly volume: number;
}

export interface Bill {
  readonly lines: readonly { readonly name: string; readonly cost: number }[];
  readonly total: number;
  /** The part that a reservation of one year makes cheaper. */
  readonly reservable: number;
}

/** A month of a layout. */
export function billOf(layout: Layout, prices: Prices): Bill {
  const { hours, volumes } = prices;
  const perHour = (table: Record<string, { price: number }>, name: string) => {
    const found = table[name];
    if (found === undefined) throw new Error(`aws-prices.json has no price of ${name}`);
    return found.price * hours;
  };
  const { database, other } = layout;
  const instance = perHour(prices.databaseHour, database.type);
  const { single, multiAz } = prices.databaseGb;
  const instances =
    instance * ((database.multiAz ? 2 : 1) + database.replicas) +
    (other === undefined ? 0 : perHour(prices.databaseHour, other.type));
  const storage =
    database.gb *
    ((database.multiAz ? multiAz : single) +
      single * (database.replicas + (other === undefined ? 0 : 1)));
  const caches = layout.caches.reduce(
    (sum, { node, count }) => sum + count * perHour(prices.cacheHour, node),
    0,
  );
  const tasks = layout.tasks.reduce((sum, { count, cpu, memory, kind }) => {
    const rate = prices.fargate[kind === 'x86' ? 'x86' : 'arm'];
    const full = (cpu / 1024) * rate.cpuHour + (memory / 1024) * rate.gbHour;
    return sum + count * hours * full * (kind === 'spot' ? prices.fargate.spotShare : 1);
  }, 0);
  const address = prices.addressHour.price * hours;
  const standing = prices.balancer.hour * hours;
  const balancers =
    layout.balancers * (standing + volumes.balancerUnits * prices.balancer.unitHour * hours) +
    (other?.balancers ?? 0) * standing;
  const nat =
    layout.natGateways * prices.nat.hour * hours + volumes.natGb * layout.volume * prices.nat.gb;
  const firewall =
    prices.firewall.acl +
    layout.firewallRules * prices.firewall.rule +
    volumes.millionRequests * layout.volume * prices.firewall.millionRequests;
  const over = (amount: number, free: number) => Math.max(0, amount - free);
  const watching =
    over(volumes.logGb * layout.volume, prices.logs.freeGb) * prices.logs.gb +
    volumes.logGb * layout.volume * 3 * prices.logs.keptGb +
    over(volumes.metrics, prices.metric.free) * prices.metric.price +
    over(layout.alarms, prices.alarm.free) * prices.alarm.price +
    over(volumes.millionTraces * layout.volume, prices.traces.freeMillion) * prices.traces.million;
  const cloudfront =
    over(volumes.transferGb * layout.volume, prices.cloudfront.freeGb) * prices.cloudfront.gb +
    over(volumes.millionRequests * layout.volume, prices.cloudfront.freeMillionRequests) *
      100 *
      prices.cloudfront.tenThousandRequests;
  const backups =
    volumes.backupGb * layout.backups * prices.backupGb.price +
    (layout.replicatedLog ? volumes.replicatedLogGb * prices.backupGb.price : 0) +
    (other === undefined ? 0 : volumes.regionGb * prices.regionGb.price);
  const rest =
    layout.keys * prices.key.price +
    layout.secrets * prices.secret.price +
    prices.healthCheck.price +
    prices.healthCheck.https +
    volumes.filesGb * layout.volume * prices.s3Gb.price +
    volumes.imagesGb * prices.imageGb.price;
  const lines = [
    { name: 'PostgreSQL: instances', cost: instances },
    { name: 'PostgreSQL: storage', cost: storage },
    { name: 'Queue and cache', cost: caches },
    { name: 'Tasks', cost: tasks },
    { name: 'Load balancers', cost: balancers },
    { name: 'NAT gateways', cost: nat },
    { name: 'Public addresses', cost: (layout.addresses + (other?.addresses ?? 0)) * address },
    { name: 'Firewall', cost: firewall },
    { name: 'CloudFront (the first TB and 10 million requests are free)', cost: cloudfront },
    { name: 'Logs, metrics, alarms, traces', cost: watching },
    { name: 'Backups and their copies', cost: backups },
    { name: 'Keys, secrets, checks, files, images', cost: rest },
  ];
  return {
    lines,
    total: lines.reduce((sum, { cost }) => sum + cost, 0),
    reservable: instances + caches,
  };
}

const small = (count: number, kind: Tasks['kind']): Tasks => ({
  count,
  cpu: 256,
  memory: 512,
  kind,
});
const common = { firewallRules: 6, alarms: 33, keys: 3, secrets: 8, backups: 2, volume: 1 };

/** Exactly the deployment guide's list of parts: no web, no worker, everything in one zone. */
export const guideLayout: Layout = {
  database: { type: 'db.t3.medium', multiAz: false, replicas: 2, gb: 100 },
  other: { type: 'db.t3.medium', balancers: 0, addresses: 0 },
  caches: [{ node: 'cache.t3.micro redis', count: 2 }],
  // Five services and the pooler, two each.
  tasks: [small(12, 'x86')],
  balancers: 1,
  natGateways: 1,
  // Three of the load balancer, one of the gateway.
  addresses: 4,
  replicatedLog: false,
  ...common,
};

/** The least that keeps the guide's promises: 99.9 %, 90 days, 15 minutes in another region by replicated logs. */
export const cheapestLayout: Layout = {
  database: { type: 'db.t4g.medium', multiAz: true, replicas: 2, gb: 100 },
  caches: [{ node: 'cache.t4g.micro valkey', count: 3 }],
  tasks: [
    small(8, 'arm'),
    small(2, 'spot'),
    { count: 2, cpu: 512, memory: 1024, kind: 'arm' },
    // Worker, pooler, collector, two each.
    small(6, 'arm'),
  ],
  balancers: 2,
  natGateways: 1,
  addresses: 3,
  replicatedLog: true,
  ...common,
};

interface Size {
  readonly min: number;
  readonly cpu: number;
  readonly memory: number;
  readonly spot?: boolean;
}

/** Variables of an environment, as far as they cost something. */
export interface Variables {
  readonly rds_instance_type: string;
  readonly rds_multi_az: boolean;
  readonly rds_read_replicas: number;
  readonly rds_allocated_storage: number;
  readonly dr_enabled: boolean;
  readonly dr_rds_instance_type: string;
  readonly queue_node_type: string;
  readonly queue_nodes: number;
  readonly cache_node_type: string;
  readonly cache_nodes: number;
  readonly nat_gateways: number;
  readonly core_services: Readonly<Record<string, Size>>;
  readonly web: Size;
  readonly worker: Size;
  readonly pgbouncer: Size;
  readonly collector: Size;
  readonly backup_retention_days: number;
  readonly environment: string;
}

/** What an environment's file builds. */
export function layoutOf(variables: Variables): Layout {
  const { web, worker, pgbouncer, collector, core_services: core } = variables;
  const tasks = [...Object.values(core), web, worker, pgbouncer, collector].flatMap(
    ({ min, cpu, memory, spot }): Tasks[] => {
      // One of a service is never Spot.
      const sure = spot === true ? Math.min(min, 1) : min;
      return [
        { count: sure, cpu, memory, kind: 'arm' },
        { count: min - sure, cpu, memory, kind: 'spot' },
      ];
    },
  );
  const isProduction = variables.environment === 'production';
  return {
    database: {
      type: variables.rds_instance_type,
      multiAz: variables.rds_multi_az,
      replicas: variables.rds_read_replicas,
      gb: variables.rds_allocated_storage,
    },
    ...(variables.dr_enabled
      ? // Two load balancers, three addresses of the public one, one held for the gateway.
        { other: { type: variables.dr_rds_instance_type, balancers: 2, addresses: 4 } }
      : {}),
    caches: [
      { node: `${variables.queue_node_type} valkey`, count: variables.queue_nodes },
      { node: `${variables.cache_node_type} valkey`, count: variables.cache_nodes },
    ],
    tasks,
    balancers: 2,
    natGateways: variables.nat_gateways,
    addresses: 3 + variables.nat_gateways,
    firewallRules: 6,
    // An alarm by burn rate reads three metrics, and each is paid for.
    alarms: (isProduction ? 94 : 81) + 9,
    keys: variables.dr_enabled ? 3 : 2,
    // Six, and their copies in the other region with one of its own.
    secrets: variables.dr_enabled ? 13 : 6,
    backups:
      (variables.dr_enabled ? 2 : 1) *
      (variables.backup_retention_days / 90) *
      (isProduction ? 1 : 0.1),
    replicatedLog: variables.dr_enabled,
    volume: isProduction ? 1 : 0.05,
  };
}

/** An environment's file. */
export async function readVariables(file: string): Promise<Variables> {
  return (await parse(file, readFileSync(path.join(infra, file), 'utf8'))) as unknown as Variables;
}

const readPrices = () =>
  JSON.parse(readFileSync(path.join(infra, 'aws-prices.json'), 'utf8')) as Prices;

const usd = (amount: number) => Math.round(amount).toLocaleString('en-US');
const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** The tables of docs/aws.md. */
export async function tables(prices: Prices = readPrices()): Promise<string> {
  const [production, staging] = await Promise.all([
    readVariables('prod.tfvars'),
    readVariables('staging.tfvars'),
  ]);
  const whole = layoutOf(production);
  const layouts = [guideLayout, cheapestLayout, whole, layoutOf(staging)];
  const bills = layouts.map((layout) => billOf(layout, prices));
  const [first] = bills;
  const { merchants } = prices.volumes;
  const without = (name: string, change: Partial<Layout>) =>
    row(name, usd(billOf(whole, prices).total - billOf({ ...whole, ...change }, prices).total));
  const { other: _, ...alone } = whole;
  return [
    `List prices of ${prices.date}, ${prices.currency} a month of ${prices.hours} hours, without tax.`,
    '',
    row(
      '',
      "the guide's list",
      'cheapest that keeps its promises',
      '`prod.tfvars`',
      '`staging.tfvars`',
    ),
    row('---', '---:', '---:', '---:', '---:'),
    ...(first?.lines ?? []).map(({ name }, index) =>
      row(name, ...bills.map(({ lines }) => usd(lines[index]?.cost ?? 0))),
    ),
    row('**Sum**', ...bills.map(({ total }) => `**${usd(total)}**`)),
    row(
      'with databases, queue and cache reserved for a year (30 %, the guide’s figure)',
      ...bills.map(({ total, reservable }) => usd(total - prices.reservedShare.saved * reservable)),
    ),
    row(
      `a merchant, of ${merchants.toLocaleString('en-US')}`,
      ...bills.map(({ total }, index) => (index === 3 ? '' : (total / merchants).toFixed(2))),
    ),
    '',
    row('a promise of `prod.tfvars`', 'costs'),
    row('---', '---:'),
    without('a standby of PostgreSQL in a second zone (99.95 instead of 99.5 %)', {
      database: { ...whole.database, multiAz: false },
    }),
    without('two replicas for reading', { database: { ...whole.database, replicas: 0 } }),
    without('`m7g.large`, which is as fast all day, instead of `t4g.medium`', {
      database: { ...whole.database, type: 'db.t4g.medium' },
    }),
    row(
      'a standby region (15 minutes, two hours)',
      usd(
        billOf(whole, prices).total -
          billOf({ ...alone, backups: 1, secrets: 6, replicatedLog: false }, prices).total,
      ),
    ),
    without('a NAT gateway in each zone instead of one', { natGateways: 1, addresses: 4 }),
    without('the queue apart from the cache', { caches: whole.caches.slice(1) }),
    without('tasks of 0.5 vCPU and 1 GB for core, web and worker instead of half that', {
      tasks: whole.tasks.map((task) => ({ ...task, cpu: 256, memory: 512 })),
    }),
    without('snapshots for 90 days, here and there', { backups: 0 }),
  ].join('\n');
}

/** A document with the tables between its two marks. */
export function withTables(text: string, made: string): string {
  return text.replace(
    /(<!-- prices: node infra\/aws-prices\.ts --write -->\n)[\s\S]*?(<!-- end of prices -->)/,
    (_whole, begin: string, end: string) => `${begin}${made}\n${end}`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const made = await tables();
  if (process.argv.includes('--write'))
    writeFileSync(document, withTables(readFileSync(document, 'utf8'), made));
  else process.stdout.write(`${made}\n`);
}
