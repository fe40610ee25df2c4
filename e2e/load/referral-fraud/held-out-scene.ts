import type { Random } from '../random.ts';
import { usualCents, type Attempt, type Home, type Person, type Town } from './world.ts';

export type Friend = Attempt['friend'];
export type Told = Pick<Attempt, 'friend' | 'secondsToAccount' | 'orderCents' | 'risk'>;

/** What one advocate has at hand, the same at every attempt. */
export interface Kit {
  /** A second line: of a store, or of a seller of proxies. */
  readonly ip: string;
  /** An address at one gateway of one carrier. */
  readonly gateway: string;
  readonly devices: readonly string[];
  readonly numbers: readonly string[];
  /** Anywhere. */
  readonly homes: readonly Home[];
  /** Around the advocate's own home: parents, friends, work. */
  readonly nearby: readonly Home[];
  readonly mailbox: string;
  readonly domain: string;
  readonly cents: number;
  /** From 0 to 1: how much they stick to the one way they are used to. */
  readonly habit: number;
  /** The one who came before. */
  before: Friend | undefined;
}

export interface Scene {
  readonly advocate: Person;
  /** Other advocates of the same group of four, as far as they have begun. */
  readonly peers: readonly Person[];
  readonly town: Town;
  readonly random: Random;
  readonly kit: Kit;
}

export type Story = (scene: Scene) => Told;

export const upTo = (random: Random, low: number, high: number) => low + random.below(high - low);
export const near = (ip: string, random: Random) =>
  ip.replace(/\d+$/, String(1 + random.below(250)));
export const digits = (random: Random, count: number) =>
  Array.from({ length: count }, () => String(random.below(10))).join('');
export const riskOf = (random: Random, medium: number, high: number): Attempt['risk'] =>
  random.chance(high) ? 'high' : random.chance(medium) ? 'medium' : 'low';
/** First of the pairs whose share covers the draw; the last one takes the rest. */
export function share<T>(
  random: Random,
  pairs: readonly (readonly [number, () => T])[],
  rest: () => T,
) {
  let draw = random.next();
  for (const [part, make] of pairs) {
    if (draw < part) return make();
    draw -= part;
  }
  return rest();
}

/** As people write the same address on another day. */
export function respelled(home: Home, random: Random): Home {
  const short = home.line1
    .replace('Street', 'St')
    .replace('Road', 'Rd')
    .replace('Avenue', 'Ave')
    .replace('Drive', 'Dr')
    .replace('Lane', 'Ln');
  const unit = /\d+$/.exec(home.line2)?.[0];
  const units =
    unit === undefined
      ? [home.line2, home.line2, 'Apt 1', 'Floor 2', 'Rear']
      : [home.line2, `#${unit}`, `Unit ${unit}`, `apt ${unit}`, `Apt. ${unit}`];
  return {
    ...home,
    line1: random.pick([home.line1, short, `${short}.`, home.line1.toLowerCase()]),
    line2: random.pick(units),
  };
}

/** Another address that ends up in the same mailbox. */
export function aliasOf(email: string, random: Random): string {
  const [name = '', host = ''] = email.split('@');
  const tag = `${random.pick(['shop', 'new', 'deals', 'x', 'me'])}${random.below(90)}`;
  if (host === 'yahoo.com') return `${name}-${tag}@${host}`;
  if (host !== 'gmail.com' || random.chance(0.4)) return `${name}+${tag}@${host}`;
  const plain = name.replaceAll('.', '');
  const at = 1 + random.below(Math.max(1, plain.length - 1));
  // One dot for sure, and others as it comes.
  const letters = [...plain].map((letter, index) =>
    index === at || (index > 0 && random.chance(0.2)) ? `.${letter}` : letter,
  );
  return `${letters.join('')}@${host}`;
}

export const sameArea = (home: Home, as: Home, random: Random): Home => ({
  ...home,
  zip: `${as.zip.slice(0, 3)}${digits(random, 2)}`,
});

/** Time, amount and risk of people who simply shop. */
export const plainly = (random: Random): Omit<Told, 'friend'> => ({
  secondsToAccount: random.chance(0.03) ? upTo(random, 8, 20) : upTo(random, 30, 6_000),
  orderCents: random.chance(0.04) ? upTo(random, 300, 500) : usualCents(random),
  risk: riskOf(random, 0.02, 0.003),
});

export function kitOf(advocate: Person, town: Town, random: Random): Kit {
  const many = <T>(count: number, make: () => T) => Array.from({ length: count }, make);
  const someone = town.newcomer();
  return {
    ip: someone.homeIp,
    gateway: town.carrierIp(),
    devices: many(5, town.newDevice),
    numbers: many(3, town.newPhone),
    homes: many(4, town.newHome),
    nearby: many(3, () => sameArea(town.newHome(), advocate.home, random)),
    mailbox: `${someone.firstName}.${someone.lastName}${digits(random, 2)}@gmail.com`.toLowerCase(),
    domain: `${someone.lastName}${random.pick(['trade', 'group', 'supply'])}.com`.toLowerCase(),
    cents: upTo(random, 5_200, 8_400),
    habit: random.next(),
    before: undefined,
  };
}
