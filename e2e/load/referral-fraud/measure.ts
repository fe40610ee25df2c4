import { randomUUID } from 'node:crypto';
import type { CoreClients } from '#app/core-client/clients.server.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import { attemptOf, cheatsOf, learn, type Cheat, type Family } from './cheats.ts';
import { createTown, honestAttempt, type Attempt, type Home, type Person } from './world.ts';

/** What the shop's side of the town is reached by. */
export interface Shop {
  readonly core: CoreClients;
  /** Until everything that happened was looked at. */
  readonly review: () => Promise<void>;
  /** Statuses by the friend's id at Shopify. */
  readonly statuses: () => Promise<ReadonlyMap<string, string>>;
  /** Makes all that was written until now a day older. */
  readonly nextDay: () => Promise<void>;
}

export interface Verdict {
  readonly family: string;
  readonly isCheat: boolean;
  readonly total: number;
  /** Held for a person to look at, or refused. */
  readonly caught: number;
}

const days = 8;
const honestADay = 300;
const atOnce = 24;

/** A week and a day in the life of a shop whose referrals some abuse; the same seed gives the same people and plans. */
export async function live(
  shop: Shop,
  seed: number,
  families: readonly Family[],
): Promise<readonly Verdict[]> {
  const random = createRandom(seed);
  const town = createTown(random, 900, 60);
  const advocates = town.people.filter(() => random.chance(0.5));
  const fans = advocates.slice(0, 2);
  const cheats = cheatsOf(town, families);
  const known = new Map<string, string>();
  const attempts: Attempt[] = [];
  for (let day = 0; day < days; day++) {
    const plans = cheats
      .flatMap((cheat) => turnsToday(cheat, days - day).map(() => cheat))
      .map((cheat) => ({ cheat, attempt: attemptOf(cheat, town, random) }));
    const honest = Array.from({ length: honestADay }, () =>
      honestAttempt(town, advocates, fans, random),
    );
    const today = [...honest, ...plans.map(({ attempt }) => attempt)];
    await introduce(shop, known, today);
    await inTurns(shuffled(today, random), (attempt) => refer(shop, known, attempt));
    await shop.review();
    const statuses = await shop.statuses();
    for (const { cheat, attempt } of plans)
      if (attempt.isCheat && statuses.get(attempt.friend.id) !== 'completed') learn(cheat);
    attempts.push(...today);
    await shop.nextDay();
  }
  return verdicts(attempts, await shop.statuses());
}

/** Spread over the days that are left; who is given up by hope tries once more. */
function turnsToday(cheat: Cheat, daysLeft: number): readonly null[] {
  const turns = Math.ceil(cheat.left / daysLeft);
  cheat.left -= turns;
  return Array<null>(turns).fill(null);
}

function verdicts(
  attempts: readonly Attempt[],
  statuses: ReadonlyMap<string, string>,
): readonly Verdict[] {
  const families = Map.groupBy(attempts, ({ family }) => family);
  return [...families].map(([family, ofFamily]) => ({
    family,
    isCheat: ofFamily[0]?.isCheat ?? false,
    total: ofFamily.length,
    caught: ofFamily.filter(({ friend }) =>
      ['held', 'refused'].includes(statuses.get(friend.id) ?? ''),
    ).length,
  }));
}

/** Advocates are customers who have bought before, with a link of their own. */
async function introduce(
  { core }: Shop,
  known: Map<string, string>,
  attempts: readonly Attempt[],
): Promise<void> {
  const people = new Map(attempts.map(({ advocate }) => [advocate.id, advocate]));
  const unknown = [...people.values()].filter(({ id }) => !known.has(id));
  await inTurns(unknown, async (person) => {
    const { customerId } = await core.admin.upsertCustomer({
      customer: customerOf(person),
      trigger: 'created',
    });
    await buy(core, person, 5_000);
    const { referralCode } = await core.referrals.createReferral({
      advocateCustomerId: customerId,
      traces: { device: person.devices[0] ?? '', ip: person.homeIp, phone: '' },
    });
    known.set(person.id, referralCode);
    await core.referrals.keepTraces({
      people: [
        {
          shopifyCustomerId: person.id,
          traces: { device: '', ip: '', phone: person.phone, address: person.home },
        },
      ],
    });
  });
}

const customerOf = (person: Pick<Person, 'id' | 'firstName' | 'lastName' | 'email'>) => ({
  shopifyCustomerId: person.id,
  firstName: person.firstName,
  lastName: person.lastName,
  email: person.email,
  state: 'enabled',
});

let orders = 70_000_000;
async function buy(
  core: CoreClients,
  person: Parameters<typeof customerOf>[0],
  cents: number,
): Promise<string> {
  const orderId = String(++orders);
  const at = new Date().toISOString();
  const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  await core.points.recordOrder({
    trigger: 'paid',
    order: {
      orderId,
      name: `#${orderId}`,
      currency: 'USD',
      customer: customerOf(person),
      subtotal: amount,
      currentSubtotal: amount,
      financialStatus: 'paid',
      orderedAt: at,
      updatedAt: at,
    },
  });
  return orderId;
}

/** From the link to the order, as the shop's own calls tell of it. */
async function refer(
  { core }: Shop,
  known: ReadonlyMap<string, string>,
  { advocate, friend, secondsToAccount, orderCents, risk }: Attempt,
): Promise<void> {
  const referralCode = known.get(advocate.id) ?? '';
  const clickId = randomUUID();
  await core.referrals.trackClick({
    clickId,
    referralCode,
    channel: 'sms',
    clickedAt: new Date(Date.now() - secondsToAccount * 1_000).toISOString(),
  });
  await core.admin.upsertCustomer({ customer: customerOf(friend), trigger: 'created' });
  const address: Home = friend.home;
  await core.referrals.completeReferral({
    referralCode,
    shopifyCustomerId: friend.id,
    channel: 'sms',
    clickId,
    traces: { device: friend.device, ip: friend.ip, phone: friend.phone, address },
  });
  const orderId = await buy(core, friend, orderCents);
  if (risk !== 'low')
    await core.referrals.reportOrderRisk({ orderId, risk, ratedAt: new Date().toISOString() });
}

async function inTurns<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
    }),
  );
}

function shuffled<Item>(items: readonly Item[], random: Random): readonly Item[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
