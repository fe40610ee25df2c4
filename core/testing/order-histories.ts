import { parseMerge } from '#app/features/webhooks/customer-payload.ts';
import { CallFailure, type startTestCore } from './core.ts';
import {
  expected,
  heirOf,
  historyOf,
  JOINED,
  pauseOf,
  randomOf,
  type Act,
  type History,
  type MergeTruth,
  type Setting,
} from './order-history-truth.ts';
import { extras, phasesOf, readingOf, stepsInOrder, type Step } from './order-history-steps.ts';

/**
 * Random histories of orders and what must come out of them. What happened at Shopify is reported to two shops, to one in
 * order and once, to the other permuted, repeated and late, with readings of the first sync and of the night in between;
 * merges of customers come the same way. Shoppers spend points and set some aside, people are erased and points expire
 * meanwhile, in both shops at the same time. Both must end with the balances that the facts alone give; where an erasure
 * or an expiry took points for good, what counts is that both shops end in the same.
 *
 * Where the merchant stops at zero, and where a tier multiplies, this is promised: nothing is lost or made, and telling
 * everything once more changes nothing. That is asked of all.
 *
 * Many histories are reported side by side, those of a setting in one shop: they share no customer and no order.
 */

type Core = Awaited<ReturnType<typeof startTestCore>>;
type Shop = Awaited<ReturnType<Core['installShop']>>;

const plain: Setting = {
  name: 'plain',
  pause: null,
  policy: 'debt',
  expiryDays: 0,
  hasTier: false,
  isCut: false,
  pendingDays: 0,
};
const settings: readonly Setting[] = [
  plain,
  { ...plain, name: 'off for a while', pause: [8, 25] },
  { ...plain, name: 'off for long', pause: [2, 45] },
  { ...plain, name: 'erasures', isCut: true },
  { ...plain, name: 'erasures, off for a while', isCut: true, pause: [8, 25] },
  { ...plain, name: 'expiry', isCut: true, expiryDays: 30 },
  { ...plain, name: 'expiry, off for a while', isCut: true, expiryDays: 30, pause: [8, 25] },
  { ...plain, name: 'stops at zero', policy: 'clip' },
  { ...plain, name: 'a tier doubles', hasTier: true },
  { ...plain, name: 'pending for two weeks', pendingDays: 14 },
  { ...plain, name: 'pending for two weeks, off for a while', pendingDays: 14, pause: [8, 25] },
];
const settingOf = (seed: number): number => seed % settings.length;

type Balances = Record<string, number>;

/** A history as it is reported to one shop. */
interface Telling {
  readonly history: History;
  /** Before the acts, until points expire, and after that. */
  readonly phases: readonly (readonly Step[])[];
  readonly again: readonly Step[];
  readonly doubtful: Set<string>;
  readonly log: string[];
  readonly problems: string[];
  /** What each customer spent. */
  readonly spent: Balances;
  readonly held: { readonly holdId: string; readonly customer: string; readonly points: number }[];
  atCut: Balances;
  end: Balances;
}

interface Table {
  readonly shop: Shop;
  readonly setting: Setting;
  readonly tellings: readonly Telling[];
}

function tellingOf(history: History, phases: readonly (readonly Step[])[], again: Step[]): Telling {
  return {
    history,
    phases,
    again,
    doubtful: new Set(),
    log: [],
    problems: [],
    spent: {},
    held: [],
    atCut: {},
    end: {},
  };
}

async function prepare(core: Core, setting: Setting): Promise<Shop> {
  const shop = await core.installShop();
  await core.outside.query('UPDATE merchants SET created_at = $2 WHERE merchant_id = $1', [
    shop.merchantId,
    new Date(JOINED),
  ]);
  const { program } = await shop.points.getPointsProgram({});
  if (program === undefined) throw new Error('a shop without a program');
  await shop.points.updatePointsProgram({
    program: {
      ...program,
      refundPolicy: setting.policy,
      expiryDays: setting.expiryDays,
      pendingDays: setting.pendingDays,
      signup: { enabled: false, points: 0 },
    },
  });
  if (setting.hasTier)
    await shop.points.configureVipTiers({
      tierSet: {
        basis: 'spend',
        period: 'lifetime',
        graceDays: 0,
        tiers: [
          { names: { en: 'Gold' }, spendThreshold: '100', benefits: { pointsMultiplier: '2' } },
        ],
      },
      publish: true,
    });
  const pause = pauseOf(setting);
  if (pause !== null) {
    // As if the merchant had switched it off and on at these moments.
    await core.outside.query(
      `INSERT INTO program_versions (merchant_id, version, config, dynamic_multipliers, actor, created_at)
       SELECT p.merchant_id, v.version, p.config || jsonb_build_object('status', v.status), p.dynamic_multipliers, 'system', v.at
       FROM program_versions p, (VALUES (101, 'disabled', $2::timestamptz), (102, 'active', $3::timestamptz)) v(version, status, at)
       WHERE p.merchant_id = $1 AND p.version = (SELECT max(version) FROM program_versions WHERE merchant_id = $1)`,
      [shop.merchantId, new Date(pause[0]), new Date(pause[1])],
    );
    await core.outside.query(
      `UPDATE program_versions SET created_at = $2 WHERE merchant_id = $1 AND version < 101`,
      [shop.merchantId, new Date(JOINED)],
    );
  }
  return shop;
}

interface MemberRow {
  readonly shopify_customer_id: string;
  readonly heir: string;
  readonly balance: string;
  readonly held: string;
}

async function membersOf(core: Core, { merchantId }: Shop): Promise<Map<string, MemberRow>> {
  const { rows } = await core.outside.query<MemberRow>(
    `SELECT c.shopify_customer_id, coalesce(c.merged_into_customer_id, c.customer_id)::text AS heir,
            coalesce(b.balance, 0)::text AS balance, coalesce(b.held, 0)::text AS held
     FROM customers c LEFT JOIN points_balances b USING (merchant_id, customer_id)
     WHERE c.merchant_id = $1`,
    [merchantId],
  );
  return new Map(rows.map((row) => [row.shopify_customer_id, row]));
}

async function balancesAt(core: Core, { shop, tellings }: Table): Promise<Balances[]> {
  const members = await membersOf(core, shop);
  return tellings.map(({ history }) =>
    Object.fromEntries(
      history.customers.map((id) => [id, Number(members.get(id)?.balance ?? 0)] as const),
    ),
  );
}

/** Tells each history's steps in its order, those of all histories side by side. */
async function tell(
  { shop, tellings }: Table,
  stepsOf: (telling: Telling) => readonly Step[],
): Promise<void> {
  const told = tellings.map((telling) => ({ telling, steps: stepsOf(telling) }));
  const longest = Math.max(0, ...told.map(({ steps }) => steps.length));
  for (let nth = 0; nth < longest; nth++) {
    const now = told.flatMap(({ telling, steps }) => {
      const step = steps[nth];
      return step === undefined ? [] : [{ telling, step }];
    });
    for (const { telling, step } of now) telling.log.push(step.text);
    const orders = now.flatMap(({ telling, step }) =>
      step.order === undefined ? [] : [{ telling, request: step.order }],
    );
    const [{ results }] = await Promise.all([
      orders.length === 0
        ? { results: [] }
        : shop.points.recordOrders({ orders: orders.map(({ request }) => request) }),
      ...now.map(({ step }) => (step.merge === undefined ? undefined : merge(shop, step.merge))),
    ]);
    for (const [place, { telling, request }] of orders.entries()) {
      const result = results[place];
      const orderId = request.order?.orderId ?? request.refund?.orderId ?? '';
      if (result?.problem) telling.problems.push(`order ${orderId}: ${result.problem.message}`);
      if (result?.recorded?.readAnew) telling.doubtful.add(orderId);
    }
  }
}

/** As the worker takes it: only what its reading of the body lets through reaches core. */
async function merge(shop: Shop, { removed, kept, status }: MergeTruth): Promise<void> {
  const told = parseMerge(
    Buffer.from(
      JSON.stringify({
        admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${kept}`,
        admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${removed}`,
        status,
      }),
    ),
  );
  if (told !== undefined) await shop.admin.mergeCustomers(told);
}

/** What core could not decide is read from Shopify in the end, as the worker does. */
async function readDoubtful(table: Table, until: (history: History) => number): Promise<void> {
  await tell(table, ({ history, doubtful }) => {
    const steps = history.orders.flatMap((order) => {
      const nth = order.states.findLastIndex(({ moment }) => moment <= until(history));
      return doubtful.has(order.orderId) && nth >= 0 ? [readingOf(order, nth)] : [];
    });
    doubtful.clear();
    return steps;
  });
}

async function act(core: Core, table: Table): Promise<void> {
  const { shop, tellings } = table;
  await Promise.all(
    tellings.map(async (telling) => {
      for (const [nth, one] of telling.history.acts.entries()) {
        const row = (await membersOf(core, shop)).get(one.customer);
        telling.log.push(`${one.customer} ${one.kind} ${one.part}`);
        if (one.kind === 'erase') await erase(shop, one.customer);
        else if (row) await spend(shop, telling, one, row, `${telling.history.seed}/${nth}`);
      }
    }),
  );
}

async function spend(
  shop: Shop,
  telling: Telling,
  { kind, customer, part }: Act,
  row: MemberRow,
  key: string,
): Promise<void> {
  const { balance } = await shop.points.getPointsBalance({ customerId: row.heir });
  const points = Math.floor((balance?.available ?? 0) * part);
  if (points < 1) return;
  const { hold } = await shop.points.holdPoints({
    customerId: row.heir,
    points,
    idempotencyKey: key,
    purpose: 'redemption',
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const holdId = hold?.holdId ?? '';
  telling.log.push(`  ${points} points`);
  if (kind === 'hold') telling.held.push({ holdId, customer, points });
  else if (kind === 'release') await shop.points.releaseHold({ holdId });
  else {
    await shop.points.confirmHold({ holdId });
    telling.spent[customer] = (telling.spent[customer] ?? 0) + points;
  }
}

async function erase(shop: Shop, shopifyCustomerId: string): Promise<void> {
  const { request } = await shop.admin.submitGdprRequest({
    requestType: 'redact',
    source: 'webhook',
    shopifyCustomerId,
    idempotencyKey: `redact/${shopifyCustomerId}`,
  });
  await shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });
}

async function confirmHeld({ shop, tellings }: Table): Promise<void> {
  for (const telling of tellings)
    for (const { holdId, customer, points } of telling.held) {
      try {
        await shop.points.confirmHold({ holdId });
        telling.spent[customer] = (telling.spent[customer] ?? 0) + points;
      } catch (error) {
        // An erasure released it.
        if (!(error instanceof CallFailure) || error.code === 'internal') throw error;
      }
    }
}

async function expire({ shop }: Table): Promise<void> {
  while ((await shop.points.expirePoints({ limit: 1_000 })).more);
}

/** What is wrong with a whole shop: reported by its first history. */
async function unsound(core: Core, { shop, tellings }: Table): Promise<void> {
  const { rows } = await core.outside.query<{ problem: string }>(
    `SELECT row_to_json(i)::text AS problem FROM ledger_broken_invariants($1) i
     UNION ALL
     SELECT 'points left behind: ' || c.shopify_customer_id || ' has ' || b.balance FROM points_balances b
       JOIN customers c USING (merchant_id, customer_id)
       WHERE b.merchant_id = $1 AND b.balance <> 0 AND (c.merged_into_customer_id IS NOT NULL OR c.redacted_at IS NOT NULL)
     UNION ALL
     SELECT 'an order left behind: ' || o.shopify_order_id FROM orders o JOIN customers c USING (merchant_id, customer_id)
       WHERE o.merchant_id = $1 AND c.merged_into_customer_id IS NOT NULL AND c.redacted_at IS NULL
     UNION ALL
     SELECT 'an entry after the erasure: ' || t.idempotency_key FROM points_transactions t
       JOIN customers c USING (merchant_id, customer_id)
       WHERE t.merchant_id = $1 AND c.redacted_at IS NOT NULL AND t.created_at > c.redacted_at
     UNION ALL
     SELECT 'points made or lost by a merge or a move: ' || sum(points) FROM points_transactions
       WHERE merchant_id = $1 AND source = 'merge' HAVING sum(points) <> 0`,
    [shop.merchantId],
  );
  if (rows.length > 0)
    tellings[0]?.problems.push(`shop: ${rows.map(({ problem }) => problem).join('; ')}`);
}

const text = (balances: Balances): string => JSON.stringify(balances);

/** What the facts give, less what was spent of it. */
function right({ history, spent }: Telling, setting: Setting): Balances {
  const balances = expected(history, setting);
  for (const [customer, points] of Object.entries(spent)) {
    const owner = heirOf(history.merges, customer);
    balances[owner] = (balances[owner] ?? 0) - points;
  }
  return balances;
}

function judge(inOrder: Telling, mixed: Telling, setting: Setting): string[] {
  const problems = [...inOrder.problems, ...mixed.problems];
  const isExact = setting.policy === 'debt' && !setting.hasTier;
  const { history } = inOrder;
  for (const [name, told] of [
    ['in order', inOrder],
    ['mixed', mixed],
  ] as const) {
    const atCut = text(expected(history, setting, history.cuts[0]));
    if (isExact && setting.isCut && text(told.atCut) !== atCut)
      problems.push(`${name}, before the acts: ${text(told.atCut)}, not ${atCut}`);
    const wanted = text(right(told, setting));
    const isTaken = setting.expiryDays > 0 || history.acts.some(({ kind }) => kind === 'erase');
    if (isExact && !isTaken && text(told.end) !== wanted)
      problems.push(`${name}: ${text(told.end)}, not ${wanted}`);
  }
  if (isExact && setting.isCut && text(inOrder.end) !== text(mixed.end))
    problems.push(`in order ${text(inOrder.end)}, mixed ${text(mixed.end)}`);
  return problems;
}

export interface Clock {
  now: () => Date;
}

export interface Played {
  readonly seed: number;
  readonly setting: string;
  readonly problems: readonly string[];
  /** All that was reported to the shop with the mixed order. */
  readonly steps: readonly string[];
}

const EXPIRED_AFTER_MS = 40 * 86_400_000;
/** A request names no more orders. */
const MAX_SIDE_BY_SIDE = 100;

/**
 * Plays histories side by side.
 * @param clock what the core's clock reads, moved on for the expiry
 */
export async function playHistories(
  core: Core,
  clock: Clock,
  histories: readonly History[],
): Promise<Played[]> {
  const bySetting = Map.groupBy(histories, ({ seed }) => settingOf(seed));
  const pairs = await Promise.all(
    [...bySetting].map(async ([nth, all]) => {
      if (all.length > MAX_SIDE_BY_SIDE) throw new RangeError('too many histories side by side');
      const setting = settings[nth] as Setting;
      const tableOf = async (isMixed: boolean): Promise<Table> => {
        const tellings = all.map((history) => {
          const steps = stepsInOrder(history);
          const random = randomOf(history.seed ^ 0x5bd1e995);
          if (!isMixed)
            return tellingOf(history, phasesOf(steps, history, setting), random.shuffle(steps));
          const more = extras(random, history);
          const mixed = phasesOf(random.shuffle([...steps, ...more]), history, setting);
          return tellingOf(history, mixed, random.shuffle([...steps, ...more]));
        });
        return { shop: await prepare(core, setting), setting, tellings };
      };
      return [await tableOf(false), await tableOf(true)] as const;
    }),
  );
  const tables = pairs.flat();
  const every = (work: (table: Table) => Promise<void>) => Promise.all(tables.map(work));
  const forever = (): number => Infinity;

  clock.now = () => new Date();
  await every(async (table) => {
    await tell(table, ({ phases }) => phases[0] ?? []);
    if (table.setting.isCut) await readDoubtful(table, ({ cuts }) => cuts[0]);
    for (const [nth, balances] of (await balancesAt(core, table)).entries())
      (table.tellings[nth] as Telling).atCut = balances;
    await act(core, table);
  });
  if (tables.some(({ setting }) => setting.hasTier))
    await core.clients().admin.reviewMembers({ limit: 1_000 });
  await every(async (table) => {
    await tell(table, ({ phases }) => phases[1] ?? []);
    if (table.setting.isCut) await readDoubtful(table, ({ cuts }) => cuts[1]);
    await confirmHeld(table);
  });
  clock.now = () => new Date(Date.now() + EXPIRED_AFTER_MS);
  await core.clients().points.settlePendingOrders({ limit: 10_000 });
  await every(async (table) => {
    if (table.setting.expiryDays > 0) await expire(table);
    await tell(table, ({ phases }) => phases[2] ?? []);
    await readDoubtful(table, forever);
    for (const [nth, balances] of (await balancesAt(core, table)).entries())
      (table.tellings[nth] as Telling).end = balances;
    // What was settled is settled: telling it all once more, in another order, changes nothing.
    await tell(table, ({ again }) => again);
    await readDoubtful(table, forever);
    for (const [nth, balances] of (await balancesAt(core, table)).entries()) {
      const telling = table.tellings[nth] as Telling;
      if (text(balances) !== text(telling.end))
        telling.problems.push(`told again: ${text(telling.end)} became ${text(balances)}`);
    }
    await unsound(core, table);
  });
  return pairs.flatMap(([inOrder, mixed]) =>
    inOrder.tellings.map((telling, nth) => {
      const other = mixed.tellings[nth] as Telling;
      return {
        seed: telling.history.seed,
        setting: inOrder.setting.name,
        problems: judge(telling, other, inOrder.setting),
        steps: other.log,
      };
    }),
  );
}

export const historyOfSeed = (seed: number): History =>
  historyOf(randomOf(seed), seed, settings[settingOf(seed)] as Setting);
