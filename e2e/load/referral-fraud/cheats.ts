import type { Random } from '../random.ts';
import { seenOf, usualCents, type Attempt, type Home, type Person, type Town } from './world.ts';

/**
 * People who refer themselves. Each family has a way of its own, an effort that it can afford for one reward, and learns:
 * what was held costs it the reward, and it hides one more thing the next time, as long as that pays.
 */

/** What a cheat can hide, and what that costs them in cents, against the ten dollars that both rewards are worth. */
const costs = { mailbox: 5, device: 20, network: 30, spelling: 15, phone: 200, home: 400 } as const;
type Hidden = keyof typeof costs;

export interface Family {
  readonly name: string;
  readonly people: number;
  readonly from: readonly Hidden[];
  /** What they hide next, in the order in which it occurs to them. */
  readonly next: readonly Hidden[];
  /** In cents, for one reward. */
  readonly effort: number;
  /** Attempts of one cheat over all. */
  readonly attempts: number;
  readonly change?: (attempt: Attempt, cheat: Cheat, town: Town, random: Random) => Attempt;
}

const throwaway = ['mailinator.com', 'guerrillamail.com', '10minutemail.com', 'yopmail.com'];

/** All of them were looked at while weights and limits were chosen. */
export const families: readonly Family[] = [
  {
    name: 'alias',
    people: 22,
    from: [],
    next: ['mailbox', 'device'],
    effort: 20,
    attempts: 4,
  },
  {
    name: 'second mailbox',
    people: 20,
    from: ['mailbox'],
    next: ['device', 'network'],
    effort: 60,
    attempts: 5,
  },
  {
    name: 'private window',
    people: 14,
    from: ['mailbox', 'device'],
    next: ['network', 'spelling'],
    effort: 80,
    attempts: 6,
  },
  {
    name: 'throwaway mail',
    people: 14,
    from: ['device'],
    next: ['network'],
    effort: 60,
    attempts: 5,
    change: (attempt, _cheat, _town, random) => ({
      ...attempt,
      friend: {
        ...attempt.friend,
        email: `u${random.below(1e9)}@${random.pick(throwaway)}`,
      },
      secondsToAccount: 15 + random.below(120),
    }),
  },
  {
    name: 'farm',
    people: 4,
    from: ['mailbox', 'network'],
    next: ['spelling', 'device', 'phone'],
    effort: 300,
    attempts: 18,
    // Five phones in a drawer, whose parcels all go to one locker.
    change: (attempt, cheat, _town, random) => ({
      ...attempt,
      friend: {
        ...attempt.friend,
        device: cheat.hidden.has('device')
          ? attempt.friend.device
          : `${cheat.person.id}-phone-${random.below(5)}`,
        home: { ...cheat.drop, line2: attempt.friend.home.line2 },
      },
      orderCents: 350 + random.below(300),
    }),
  },
  {
    name: 'script',
    people: 3,
    from: ['mailbox', 'device', 'network'],
    next: ['spelling'],
    effort: 100,
    attempts: 24,
    // A catch-all domain, servers in two racks, flats that do not exist.
    change: (attempt, cheat, _town, random) => ({
      ...attempt,
      friend: {
        ...attempt.friend,
        email: `${Math.floor(random.next() * 36 ** 8).toString(36)}@mail${cheat.person.id}.net`,
        ip: `185.220.${Number(cheat.person.id) % 200}.${1 + random.below(250)}`,
        home: { ...cheat.drop, line2: `Apt ${1 + random.below(900)}` },
      },
      secondsToAccount: 2 + random.below(14),
      orderCents: 250 + random.below(100),
    }),
  },
  {
    name: 'stolen cards',
    people: 4,
    from: ['mailbox', 'device', 'network', 'phone'],
    next: ['home'],
    effort: 700,
    attempts: 8,
    change: (attempt, cheat, _town, random) => ({
      ...attempt,
      friend: { ...attempt.friend, home: random.pick(cheat.drops) },
      risk: random.chance(0.55) ? 'high' : random.chance(0.6) ? 'medium' : 'low',
      orderCents: usualCents(random) * 3,
    }),
  },
  {
    name: 'flatmate in name',
    people: 10,
    from: ['mailbox', 'phone'],
    next: ['device', 'network'],
    effort: 260,
    attempts: 5,
  },
];

export interface Cheat {
  readonly person: Person;
  readonly family: Family;
  readonly hidden: Set<Hidden>;
  readonly drop: Home;
  readonly drops: readonly Home[];
  left: number;
}

export function cheatsOf(town: Town, wanted: readonly Family[]): Cheat[] {
  return wanted.flatMap((family) =>
    Array.from({ length: family.people }, () => ({
      person: town.newcomer(),
      family,
      hidden: new Set(family.from),
      drop: town.newHome(),
      drops: [town.newHome(), town.newHome()],
      left: family.attempts,
    })),
  );
}

/** How the same home can be written by someone who does not want it to be found. */
function respelled({ line1, line2, ...home }: Home, random: Random): Home {
  const mark = random.pick(['c/o front desk', 'rear', 'door 2', 'floor B', 'side gate']);
  return {
    ...home,
    line1: line1.replace(/\b(Street|Road)\b/, 'Str'),
    line2: `${line2} ${mark}`.trim(),
  };
}

export function attemptOf(cheat: Cheat, town: Town, random: Random): Attempt {
  const { person, family, hidden } = cheat;
  const seen = seenOf(person, town, random);
  const [name = '', domain = ''] = person.email.split('@');
  const alias = random.chance(0.5)
    ? `${name}+${random.below(1_000)}@${domain}`
    : `${name}${10 + random.below(90)}@${domain}`;
  const alter = town.newcomer();
  const attempt: Attempt = {
    advocate: person,
    friend: {
      id: alter.id,
      firstName: hidden.has('mailbox') ? alter.firstName : person.firstName,
      lastName: hidden.has('mailbox') ? alter.lastName : person.lastName,
      email: hidden.has('mailbox') ? alter.email : alias,
      phone: hidden.has('phone') ? alter.phone : person.phone,
      home: hidden.has('home')
        ? alter.home
        : hidden.has('spelling')
          ? respelled(person.home, random)
          : person.home,
      device: hidden.has('device') ? town.newDevice() : (person.devices[0] ?? seen.device),
      ip: hidden.has('network') ? town.carrierIp() : person.homeIp,
    },
    secondsToAccount: 20 + random.below(600),
    orderCents: usualCents(random),
    risk: random.chance(0.05) ? 'medium' : 'low',
    isCheat: true,
    family: family.name,
  };
  return family.change?.(attempt, cheat, town, random) ?? attempt;
}

/** What someone makes of an attempt that brought nothing: they hide more, or give up. */
export function learn(cheat: Cheat): void {
  const { family, hidden } = cheat;
  const spent = [...hidden].reduce((sum, one) => sum + costs[one], 0);
  const further = family.next.find(
    (one) => !hidden.has(one) && spent + costs[one] <= family.effort,
  );
  if (further !== undefined) hidden.add(further);
  else cheat.left = Math.min(cheat.left, 1);
}
