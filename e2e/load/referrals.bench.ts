import { openCoreChannels } from '#app/core-client/channels.server.ts';
import { createCoreConnection } from '#app/core-client/clients.server.ts';
import type { CoreClients } from '#app/core-client/clients.server.ts';
import { coreServices } from '#app/core-client/core-address.ts';
import type { CoreService } from '#app/core-client/core-address.ts';
import { withClient } from '#infra/local/postgres.ts';
import { startBenchDatabase } from './bench-database.ts';
import type { BenchDatabase } from './bench-database.ts';
import { startProduct } from './product.ts';
import type { Product } from './product.ts';
import { families } from './referral-fraud/cheats.ts';
import { heldOut } from './referral-fraud/held-out.ts';
import { live } from './referral-fraud/measure.ts';
import type { Shop, Verdict } from './referral-fraud/measure.ts';
import { measureClicks, turnOnReferrals } from './referral-clicks.ts';
import { rounded } from './statistics.ts';
import type { Metrics } from './statistics.ts';

/**
 * A link that 500 people follow at once, and how much of what a made-up town's cheats try is held: for ways of cheating that
 * no one looked at while the weights were chosen, in a town of another seed. `--tune`: for those that were looked at.
 */

const seeds = { chosenWith: 7, judgedWith: 20_262 };

export async function run(flags: readonly string[] = []): Promise<Metrics> {
  const isTuning = flags.includes('--tune');
  const database = await startBenchDatabase({ queue: true });
  let product: Product | undefined;
  try {
    product = await startProduct(database, {});
    const connection = connect(product);
    try {
      const seed = isTuning ? seeds.chosenWith : seeds.judgedWith;
      const shop = await openShop(database, product, connection);
      const clicks = isTuning ? {} : await measureClicks(database, product, connection.core);
      const verdicts = flags.includes('--clicks')
        ? []
        : await live(shop, seed, isTuning ? families : heldOutFamilies(seed));
      say(verdicts);
      return {
        values: { ...clicks, ...(verdicts.length > 0 && score(verdicts)) },
        meta: { seed, families: verdicts, tuned: isTuning },
      };
    } finally {
      connection.close();
    }
  } finally {
    await product?.stop();
    await database.stop();
  }
}

/** Ways of cheating that no one looked at, and honest people who look like them. */
function heldOutFamilies(seed: number) {
  const { cheats, lookAlikes } = heldOut(seed);
  return [...cheats, ...lookAlikes];
}

interface Connected {
  readonly core: CoreClients;
  readonly platform: CoreClients['admin'];
  close(): void;
}

/** Of what was held or refused, how much was meant to cheat; and of the cheats, how many were. */
function score(verdicts: readonly Verdict[]) {
  const sum = (of: readonly Verdict[], value: (one: Verdict) => number) =>
    of.reduce((total, one) => total + value(one), 0);
  const cheats = verdicts.filter(({ isCheat }) => isCheat);
  const caught = sum(cheats, (one) => one.caught);
  return {
    fraud_precision: rounded(caught / sum(verdicts, (one) => one.caught)),
    fraud_recall: rounded(caught / sum(cheats, ({ total }) => total)),
  };
}

function say(verdicts: readonly Verdict[]): void {
  for (const { family, isCheat, total, caught } of verdicts)
    process.stdout.write(
      `  ${isCheat ? 'cheats' : 'honest'}  ${family.padEnd(16)} ${caught} of ${total} held or refused\n`,
    );
}

function connect(product: Product): Connected {
  const target = `ipv4:${product.coreAddress}`;
  const targets = Object.fromEntries(coreServices.map((service) => [service, target])) as Record<
    CoreService,
    string
  >;
  const channels = openCoreChannels({ targets, tls: false });
  const connection = createCoreConnection(channels, product.secrets.CORE_SIGNING_KEY);
  const core = connection.clientsFor({
    merchantId: product.merchantId,
    actor: 'system',
    scopes: ['system', 'admin:referrals', 'admin:points'],
  });
  const platform = connection.clientsFor({
    merchantId: null,
    actor: 'system',
    scopes: ['platform'],
  });
  return { core, platform: platform.admin, close: () => channels.close() };
}

async function openShop(
  database: BenchDatabase,
  { merchantId }: Product,
  { core, platform }: Connected,
): Promise<Shop> {
  await turnOnReferrals(core);
  const admin = <Row extends object>(text: string) =>
    withClient(database.adminUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      return (await client.query<Row>(text, [merchantId])).rows;
    });
  return {
    core,
    review: async () => {
      await platform.reviewMembers({ limit: 10_000 });
    },
    statuses: async () =>
      new Map(
        (
          await admin<{ friend: string; status: string }>(
            `SELECT c.shopify_customer_id AS friend, r.status FROM referrals r
             JOIN customers c ON c.merchant_id = r.merchant_id AND c.customer_id = r.friend_customer_id
             WHERE r.merchant_id = $1`,
          )
        ).map(({ friend, status }) => [friend, status]),
      ),
    nextDay: async () => {
      for (const statement of aging) await admin(statement);
    },
  };
}

/** What tells the product how long ago something of a referral was. */
const aging = [
  `UPDATE referrals SET created_at = created_at - interval '26 hours', clicked_at = clicked_at - interval '26 hours',
     goal_at = goal_at - interval '26 hours', completed_at = completed_at - interval '26 hours',
     expires_at = expires_at - interval '26 hours' WHERE merchant_id = $1`,
  `UPDATE referral_events SET created_at = created_at - interval '26 hours' WHERE merchant_id = $1`,
  `UPDATE referral_traces SET seen_at = seen_at - interval '26 hours' WHERE merchant_id = $1`,
];
