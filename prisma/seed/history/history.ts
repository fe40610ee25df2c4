import type pg from 'pg';
import type { EncryptionDeps } from '#core/shared/blind-index.ts';
import { historyOf, quietWorld } from '#e2e/shopify/quiet-world.ts';
import { gid } from '#e2e/shopify/state.ts';
import { APP_NAMESPACE } from '#e2e/shopify/admin-graphql/metafield-values.ts';
import { DAY, ShopCalendar } from './calendar.ts';
import { liveYear } from './live.ts';
import { shopRules } from './rules.ts';
import type { Life } from './state.ts';
import { writeLife } from './write.ts';

export interface HistoryPlan {
  readonly seed: string;
  readonly members: number;
  readonly orders: number;
  /** The last moment of the history. */
  readonly now: Date;
}

export interface HistoryShop {
  readonly merchantId: string;
  readonly domain: string;
  readonly appConfigFile?: string;
}

const DAYS = 365;

/**
 * Gives a shop that was just installed the past year of its own: members, orders, points and all that came of them, in
 * the database and at Shopify. The year ends now, so each day has another one; of one day the same seed makes the same.
 * @returns the year, and what the emulator's control verb `history` takes
 * @throws Error when the shop has members already
 */
export async function seedHistory(
  client: pg.Client,
  deps: EncryptionDeps,
  shop: HistoryShop,
  plan: HistoryPlan,
): Promise<{ life: Life; shopify: Record<string, unknown> }> {
  const { rows } = await client.query<{
    currency: string;
    timezone: string;
    config: unknown;
    members: number;
  }>(
    `SELECT m.currency, m.timezone, s.config, (SELECT count(*)::integer FROM customers c WHERE c.merchant_id = $1) AS members
     FROM merchants m JOIN program_settings s USING (merchant_id) WHERE m.merchant_id = $1`,
    [shop.merchantId],
  );
  const [installed] = rows;
  if (installed === undefined) throw new Error(`${shop.domain} is not installed`);
  if (installed.members > 0) throw new Error(`${shop.domain} has members already`);
  const now = plan.now.getTime();
  const calendar = new ShopCalendar(installed.timezone, now - (DAYS + 3) * DAY, now + 420 * DAY);
  const last = calendar.dayEnd(now, 0);
  const first = calendar.at(calendar.dayOf(now - DAYS * DAY).index, 9 * 3_600 + 14 * 60);
  const rules = shopRules(
    { merchantId: shop.merchantId, currency: installed.currency, config: installed.config },
    plan.seed,
    calendar,
    first,
    last,
  );
  const world = quietWorld(shop.domain, installed.currency, first, shop.appConfigFile);
  const life = liveYear({ ...plan, first, last, now }, rules, calendar, world, deps.blindIndex);
  await writeLife(client, deps, life);
  showBalances(life);
  // Those with a story of their own stand first where customers are chosen from.
  const customers = life.members
    .toSorted((a, b) => a.person.n - b.person.n)
    .map(({ customer }) => customer);
  return { life, shopify: { ...historyOf(world), customers } };
}

/** What the app has written to each customer: the theme shows it. */
function showBalances({ world, members }: Life): void {
  for (const { customer, ledger } of members) {
    const at = ledger.entries.at(-1)?.created_at;
    if (at === undefined) continue;
    world.clock.at = at;
    const owner = gid('Customer', customer.id);
    world.data.metafields.set(`${owner} ${APP_NAMESPACE} balance`, {
      id: world.store.nextId('metafield'),
      ownerId: owner,
      namespace: APP_NAMESPACE,
      key: 'balance',
      type: 'number_integer',
      value: String(ledger.balance),
      createdAt: world.clock.iso(),
      updatedAt: world.clock.iso(),
    });
  }
}
