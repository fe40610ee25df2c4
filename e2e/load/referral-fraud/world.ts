import type { Random } from '../random.ts';

/**
 * A town for the referrals of a shop: homes, people who live in them, what they browse with and from where. Nothing in it
 * knows what the product looks at. Half of what honest people share is what cheats share, too: a home, a campus, a carrier.
 */

export interface Home {
  readonly line1: string;
  readonly line2: string;
  readonly zip: string;
  readonly country: string;
}

export interface Person {
  /** As Shopify numbers customers. */
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
  readonly home: Home;
  /** Random ids of their browsers; the last one of a family is shared by all who live there. */
  readonly devices: readonly string[];
  /** Of the line at home. */
  readonly homeIp: string;
}

/** What the shop gets to see of a friend who comes by a link and buys. */
export interface Attempt {
  readonly advocate: Person;
  readonly friend: {
    readonly id: string;
    readonly firstName: string;
    readonly lastName: string;
    readonly email: string;
    readonly phone: string;
    readonly home: Home;
    readonly device: string;
    readonly ip: string;
  };
  /** From following the link to having an account. */
  readonly secondsToAccount: number;
  /** In cents. */
  readonly orderCents: number;
  /** As Shopify rates the order. */
  readonly risk: 'low' | 'medium' | 'high';
  /** What the person wanted, and not what it looks like. */
  readonly isCheat: boolean;
  readonly family: string;
}

const firstNames = (
  'Ada Ben Chloe Dev Elif Farid Gina Hugo Ines Jonas Kofi Lena Marta Nils Olga Pablo Quinn Rosa Sami Tara Uma Viktor Wes ' +
  'Ximena Yusuf Zoe'
).split(' ');
const lastNames = (
  'Adams Bauer Costa Dietrich Evans Fontaine Garcia Haddad Ivanova Jensen Kowalski Lopez Moreau Nguyen Okafor Petit Quist ' +
  'Rossi Silva Tanaka Ueda Vargas Weber Xu Young Zhang'
).split(' ');
const mailboxes = ['gmail.com', 'outlook.com', 'icloud.com', 'yahoo.com', 'proton.me'];
const streets = [
  'Oak Street',
  'Mill Road',
  'Elm Avenue',
  'Harbor Drive',
  'Rue Pasteur',
  'Lake Lane',
];

export interface Town {
  readonly people: readonly Person[];
  readonly households: readonly (readonly Person[])[];
  /** Those who live in halls of one university: one network, one building, a room each. */
  readonly students: readonly Person[];
  /** Someone new, who is in no list. */
  readonly newcomer: (home?: { home: Home; homeIp: string; shared?: string }) => Person;
  readonly carrierIp: () => string;
  readonly newDevice: () => string;
  readonly newEmail: (firstName: string, lastName: string) => string;
  readonly newPhone: () => string;
  readonly newHome: () => Home;
  readonly newId: () => string;
}

export function createTown(random: Random, households: number, students: number): Town {
  let ids = 9_000_000;
  let devices = 0;
  const digits = (count: number) =>
    Array.from({ length: count }, () => String(random.below(10))).join('');
  const newId = () => String(++ids);
  const newDevice = () => `device-${++devices}-${digits(8)}`;
  const newPhone = () => `+1 5${digits(2)} ${digits(3)} ${digits(4)}`;
  const newHome = (): Home => ({
    line1: `${1 + random.below(400)} ${random.pick(streets)}`,
    line2: random.chance(0.5) ? `Apt ${1 + random.below(60)}` : '',
    zip: digits(5),
    country: 'US',
  });
  const byte = () => 1 + random.below(250);
  const homeIp = () => `${random.pick([24, 67, 71, 98])}.${byte()}.${byte()}.${byte()}`;
  // A carrier has few gateways, and a whole country comes out of them.
  const gateways = Array.from({ length: 40 }, () => `172.${56 + random.below(3)}.${byte()}`);
  const carrierIp = () => `${random.pick(gateways)}.${byte()}`;
  const newEmail = (firstName: string, lastName: string) => {
    const name = random.pick([
      `${firstName}.${lastName}`,
      `${firstName}${lastName}${digits(2)}`,
      `${firstName[0] ?? ''}${lastName}${digits(3)}`,
      `${lastName}.${firstName}${digits(1)}`,
      `${firstName}_${digits(4)}`,
    ]);
    return `${name}@${random.pick(mailboxes)}`.toLowerCase();
  };
  const newcomer: Town['newcomer'] = (at) => {
    const firstName = random.pick(firstNames);
    const lastName = random.pick(lastNames);
    return {
      id: newId(),
      firstName,
      lastName,
      email: newEmail(firstName, lastName),
      // Many shops do not ask for it.
      phone: random.chance(0.4) ? newPhone() : '',
      home: at?.home ?? newHome(),
      devices: [newDevice(), newDevice(), ...(at?.shared === undefined ? [] : [at.shared])],
      homeIp: at?.homeIp ?? homeIp(),
    };
  };
  const together = Array.from({ length: households }, () => {
    const at = {
      home: newHome(),
      homeIp: homeIp(),
      ...(random.chance(0.3) && { shared: newDevice() }),
    };
    return Array.from({ length: random.pick([1, 1, 2, 2, 3, 4]) }, () => newcomer(at));
  });
  const hall = newHome();
  const campus = Array.from({ length: students }, (_, room) =>
    newcomer({
      home: { ...hall, line2: `Room ${100 + room}` },
      homeIp: `128.32.${10 + random.below(4)}.${byte()}`,
    }),
  );
  return {
    people: together.flat(),
    households: together,
    students: campus,
    newcomer,
    carrierIp,
    newDevice,
    newEmail,
    newPhone,
    newHome,
    newId,
  };
}

/** Where someone browses at the moment: at home, or under way. */
const ipOf = (person: Person, town: Town, random: Random) =>
  random.chance(0.65) ? person.homeIp : town.carrierIp();

export function seenOf(person: Person, town: Town, random: Random): Attempt['friend'] {
  const { id, firstName, lastName, email, phone, home, devices } = person;
  return {
    id,
    firstName,
    lastName,
    email,
    phone,
    home,
    device: random.pick(devices),
    ip: ipOf(person, town, random),
  };
}

/** Around the shop's usual order: a third of it to three times as much, as a rule. */
export const usualCents = (random: Random) =>
  Math.round(4_000 * Math.exp((random.next() + random.next() + random.next() - 1.5) * 1.1));

const honestRisk = (random: Random): Attempt['risk'] =>
  random.chance(0.003) ? 'high' : random.chance(0.02) ? 'medium' : 'low';

/** One honest referral: mostly among friends; at home, at university and by gift for the rest. */
export function honestAttempt(
  town: Town,
  advocates: readonly Person[],
  fans: readonly Person[],
  random: Random,
): Attempt {
  const draw = random.next();
  const usual = {
    secondsToAccount: random.chance(0.03) ? 8 + random.below(12) : 30 + random.below(6_000),
    orderCents: random.chance(0.04) ? 300 + random.below(200) : usualCents(random),
    risk: honestRisk(random),
    isCheat: false,
  };
  if (draw < 0.05) {
    const family = random.pick(town.households.filter((home) => home.length > 1));
    const advocate = family[0] as Person;
    const { home, homeIp, devices } = advocate;
    const shared = devices[2];
    const friend = town.newcomer({ home, homeIp, ...(shared !== undefined && { shared }) });
    // Mostly by their own phone; at times by the tablet on the sofa.
    const seen = seenOf(friend, town, random);
    const device = shared !== undefined && random.chance(0.15) ? shared : friend.devices[0];
    return {
      ...usual,
      advocate,
      friend: { ...seen, device: device ?? seen.device },
      family: 'home',
    };
  }
  if (draw < 0.12) {
    const advocate = random.pick(town.students.slice(0, 40));
    const room = random.below(400);
    const friend = town.newcomer({
      home: { ...advocate.home, line2: `Room ${500 + room}` },
      homeIp: advocate.homeIp.replace(/\d+$/, String(1 + random.below(250))),
    });
    return { ...usual, advocate, friend: seenOf(friend, town, random), family: 'campus' };
  }
  if (draw < 0.16) {
    // Someone with many followers: many claims in a day, from everywhere.
    const friend = town.newcomer();
    return {
      ...usual,
      advocate: random.pick(fans),
      friend: seenOf(friend, town, random),
      family: 'followers',
    };
  }
  const advocate = random.pick(advocates);
  const seen = seenOf(town.newcomer(), town, random);
  if (draw < 0.18)
    return { ...usual, advocate, friend: { ...seen, home: advocate.home }, family: 'gift' };
  if (draw < 0.2) {
    // Met at the advocate's home and signed up there.
    return { ...usual, advocate, friend: { ...seen, ip: advocate.homeIp }, family: 'visit' };
  }
  return { ...usual, advocate, friend: seen, family: 'friends' };
}
