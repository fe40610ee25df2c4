import { createRandom, type Random } from '../random.ts';
import type { Cheat, Family } from './cheats.ts';
import * as honest from './held-out-honest.ts';
import {
  aliasOf,
  digits,
  kitOf,
  near,
  respelled,
  riskOf,
  sameArea,
  share,
  upTo,
  type Friend,
  type Kit,
  type Story,
} from './held-out-scene.ts';
import { seenOf, usualCents, type Person, type Town } from './world.ts';

/**
 * Kinds of abuse held out of the choice of weights, and honest people who look like them. Labels are by what people
 * wanted: some of the abuse is hard to see, and some of the honest look bad.
 */

/**
 * Someone who opens an account for themselves every few weeks and waits. An analyst reads the parcels: they go to one
 * door, or to two, under many names and spellings. Now and then an old browser profile is used again.
 */
const patientFarmer: Story = ({ advocate, town, random, kit }) => {
  const who = town.newcomer();
  const device = share(
    random,
    [
      [0.08, () => advocate.devices[0] ?? town.newDevice()],
      [0.1 + 0.4 * kit.habit, () => random.pick(kit.devices.slice(0, 2))],
    ],
    town.newDevice,
  );
  const ip = share(
    random,
    [
      [0.35, () => advocate.homeIp],
      // Over weeks, a line gets another number from the same range.
      [0.2, () => near(advocate.homeIp, random)],
    ],
    town.carrierIp,
  );
  return {
    friend: {
      ...seenOf(who, town, random),
      phone: random.chance(0.25) ? town.newPhone() : '',
      lastName: random.chance(0.2) ? advocate.lastName : who.lastName,
      home: respelled(random.chance(0.65) ? advocate.home : (kit.nearby[0] ?? who.home), random),
      device,
      ip,
    },
    secondsToAccount: upTo(random, 60, 1_800),
    orderCents: upTo(random, 900, 2_600),
    risk: riskOf(random, 0.03, 0.003),
  };
};

/**
 * Four neighbors who each refer the others' families, most of whom do not know of it. Every address and name is real.
 * An analyst draws the graph: the friends of one advocate live with the next one, and the other way around.
 */
const householdRing: Story = ({ advocate, peers, town, random }) => {
  const peer = peers.length > 0 ? random.pick(peers) : advocate;
  const who = town.newcomer(peer);
  const device = share(
    random,
    [
      [0.12, () => advocate.devices[1] ?? town.newDevice()],
      [0.28, () => peer.devices.at(-1) ?? town.newDevice()],
    ],
    town.newDevice,
  );
  const ip = share(
    random,
    [
      [0.5, () => peer.homeIp],
      [0.2, () => advocate.homeIp],
    ],
    town.carrierIp,
  );
  const lastName = random.chance(0.7) ? peer.lastName : who.lastName;
  const email = town.newEmail(who.firstName, lastName);
  return {
    friend: { ...seenOf(who, town, random), lastName, email, device, ip },
    secondsToAccount: upTo(random, 40, 1_200),
    orderCents: Math.round(usualCents(random) * 0.6),
    risk: riskOf(random, 0.02, 0.003),
  };
};

/**
 * A reseller who buys one discounted thing over and over, by way of a forwarder's warehouse and a few drops. An analyst
 * sees one building with ever new suites, amounts that are multiples of one price, rented numbers, and a mail domain
 * that nobody else has.
 */
const dropReseller: Story = ({ town, random, kit }) => {
  const who = town.newcomer();
  const [warehouse = who.home, ...drops] = kit.homes;
  const suite = `${random.pick(['Suite', 'Ste', 'PMB', 'Unit'])} ${upTo(random, 1_000, 9_999)}`;
  const own = `${who.firstName}.${who.lastName}@${kit.domain}`.toLowerCase();
  const ip = share(
    random,
    [
      [0.6, () => who.homeIp],
      [0.25, () => near(kit.ip, random)],
    ],
    town.carrierIp,
  );
  return {
    friend: {
      ...seenOf(who, town, random),
      email: random.chance(0.35) ? own : who.email,
      phone: random.chance(0.45) ? random.pick(kit.numbers) : '',
      home: random.chance(0.7)
        ? { ...warehouse, line2: suite }
        : respelled(random.pick(drops), random),
      device: random.chance(0.12) ? random.pick(kit.devices) : town.newDevice(),
      ip,
    },
    secondsToAccount: upTo(random, 25, 240),
    // Shipping differs by a little.
    orderCents: kit.cents * random.pick([1, 1, 2, 2, 3]) + random.pick([0, 0, 499, 799]),
    risk: riskOf(random, 0.1, 0.02),
  };
};

/**
 * A link that is published on a coupon site. The buyers are real and strangers to the advocate. An analyst looks at the
 * sum: many in a short time, from everywhere, in a hurry, with small orders; and some hunters who come twice.
 */
const couponSite: Story = ({ town, random, kit }) => {
  const who = town.newcomer();
  const seen = seenOf(who, town, random);
  const again = random.chance(0.06) ? kit.before : undefined;
  const friend: Friend = {
    ...seen,
    ...(random.chance(0.1) && { email: aliasOf(who.email, random) }),
    ...(random.chance(0.12) && { ip: near(kit.ip, random) }),
    ...(random.chance(0.04) && { home: { ...who.home, country: random.pick(['DE', 'MX']) } }),
    ...(again !== undefined && { device: again.device, home: again.home }),
  };
  kit.before = friend;
  return {
    friend,
    secondsToAccount: random.chance(0.7) ? upTo(random, 12, 240) : upTo(random, 240, 4_000),
    orderCents: random.chance(0.5) ? upTo(random, 1_200, 2_500) : usualCents(random),
    risk: riskOf(random, 0.04, 0.005),
  };
};

/**
 * A clerk who puts walk-in customers through the clerk's own link. Customers and orders are real, and would have come
 * anyway. An analyst sees one tablet and one line of a store for many homes nearby, with accounts made in a minute, and
 * mail addresses made up for those who gave none.
 */
const counterClerk: Story = ({ advocate, town, random, kit }) => {
  const who = town.newcomer();
  const seen = seenOf(who, town, random);
  const [tablet = seen.device] = kit.devices;
  const device = share(
    random,
    [
      [0.15 + 0.6 * kit.habit, () => tablet],
      [0.15, () => advocate.devices[0] ?? tablet],
    ],
    () => seen.device,
  );
  const madeUp = `${who.firstName}${digits(random, 4)}@gmail.com`.toLowerCase();
  return {
    friend: {
      ...seen,
      email: random.chance(0.2) ? madeUp : who.email,
      home: sameArea(who.home, advocate.home, random),
      device,
      ip: device === seen.device && random.chance(0.6) ? town.carrierIp() : kit.ip,
    },
    secondsToAccount: upTo(random, 18, 120),
    orderCents: usualCents(random),
    risk: riskOf(random, 0.01, 0.001),
  };
};

/**
 * Mailboxes of some age bought by the dozen, a virtual card for each, and lines rented by the hour. An analyst sees names
 * that do not fit the mail address, cheap round amounts, Shopify's own doubts, and pickup points that come up again.
 */
const agedMailboxes: Story = ({ town, random, kit }) => {
  const who = town.newcomer();
  const once = town.newcomer();
  return {
    friend: {
      ...seenOf(who, town, random),
      email: random.chance(0.75) ? once.email : who.email,
      phone: random.chance(0.3) ? random.pick(kit.numbers) : '',
      // What is not sent needs no real address.
      home: random.chance(0.5) ? respelled(random.pick(kit.homes), random) : who.home,
      device: random.chance(0.2) ? random.pick(kit.devices) : town.newDevice(),
      ip: random.chance(0.7) ? once.homeIp : near(kit.ip, random),
    },
    secondsToAccount: upTo(random, 40, 600),
    orderCents: random.chance(0.5)
      ? random.pick([1_000, 1_500, 2_000, 2_500])
      : upTo(random, 700, 1_900),
    risk: riskOf(random, 0.18, 0.04),
  };
};

/**
 * A drawer of handsets with prepaid cards on one carrier, reset from time to time. Half the country is behind the same
 * gateway, so the network alone says little. An analyst sees handsets that come back, one mailbox under many spellings,
 * and parcels for a few doors in one area.
 */
const handsetDrawer: Story = ({ advocate, town, random, kit }) => {
  const who = town.newcomer();
  const ip = share(
    random,
    [
      [0.8, () => near(kit.gateway, random)],
      [0.08, () => advocate.homeIp],
    ],
    town.carrierIp,
  );
  return {
    friend: {
      ...seenOf(who, town, random),
      email: random.chance(0.45) ? aliasOf(kit.mailbox, random) : who.email,
      phone: random.chance(0.7) ? town.newPhone() : '',
      home: respelled(random.chance(0.4) ? advocate.home : random.pick(kit.nearby), random),
      device: random.chance(0.1 + kit.habit / 2) ? random.pick(kit.devices) : town.newDevice(),
      ip,
    },
    secondsToAccount: upTo(random, 20, 180),
    orderCents: upTo(random, 600, 1_700),
    risk: riskOf(random, 0.04, 0.005),
  };
};

/**
 * A regular who is a new friend at each order, a large one that is sent back once the reward is there. An analyst sees one
 * household with variants of a name and a mailbox, private windows on the line at home, and amounts well above the usual.
 */
const returner: Story = ({ advocate, town, random, kit }) => {
  const who = town.newcomer();
  const lastName = random.chance(0.5) ? advocate.lastName : who.lastName;
  const firstName = random.chance(0.25) ? (advocate.firstName[0] ?? '') : who.firstName;
  const device = share(
    random,
    [
      [0.2, () => advocate.devices[1] ?? town.newDevice()],
      [0.15, () => kit.devices[0] ?? town.newDevice()],
    ],
    town.newDevice,
  );
  const home = random.chance(0.75) ? advocate.home : (kit.nearby[0] ?? advocate.home);
  return {
    friend: {
      ...seenOf(who, town, random),
      firstName,
      lastName,
      email: random.chance(0.35)
        ? aliasOf(advocate.email, random)
        : town.newEmail(who.firstName, lastName),
      phone: random.chance(0.03) ? advocate.phone : random.chance(0.4) ? town.newPhone() : '',
      home: random.chance(0.5) ? respelled(home, random) : home,
      device,
      ip: random.chance(0.6) ? advocate.homeIp : town.carrierIp(),
    },
    secondsToAccount: upTo(random, 45, 900),
    orderCents: upTo(random, 8_000, 19_000),
    risk: riskOf(random, 0.03, 0.004),
  };
};

/** What someone hides after a refusal, on top of what their story hides anyway. */
function hide(friend: Friend, { hidden, drops }: Cheat, town: Town, random: Random): Friend {
  const home = hidden.has('home') && drops.length > 0 ? random.pick(drops) : friend.home;
  return {
    ...friend,
    home: hidden.has('spelling') ? respelled(home, random) : home,
    ...(hidden.has('phone') && { phone: random.chance(0.5) ? town.newPhone() : '' }),
    ...(hidden.has('mailbox') && { email: town.newEmail(friend.firstName, friend.lastName) }),
    ...(hidden.has('device') && { device: town.newDevice() }),
    ...(hidden.has('network') && { ip: town.carrierIp() }),
  };
}

type Size = Pick<Family, 'people' | 'attempts' | 'effort' | 'next'>;

/** An honest person has nothing to hide and comes at no cost. */
const openly = (people: number, attempts: number): Size => ({
  people,
  attempts,
  effort: 0,
  next: [],
});

function familyOf(name: string, isCheat: boolean, size: Size, story: Story, seed: number): Family {
  const begun: Person[] = [];
  const known = new Map<string, { kit: Kit; random: Random; place: number }>();
  const own = (advocate: Person, town: Town) => {
    const before = known.get(advocate.id);
    if (before !== undefined) return before;
    // By the order in which they begin, so that no story depends on how another one goes on.
    const place = begun.push(advocate) - 1;
    const letters = [...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7);
    const random = createRandom(seed + Math.imul(letters, 0x9e3779b1) + place * 104_729);
    const made = { kit: kitOf(advocate, town, random), random, place };
    known.set(advocate.id, made);
    return made;
  };
  return {
    ...size,
    name,
    from: [],
    change: (attempt, cheat, town) => {
      const { advocate } = attempt;
      const { kit, random, place } = own(advocate, town);
      const four = begun.slice(place - (place % 4), place - (place % 4) + 4);
      const peers = four.filter((peer) => peer.id !== advocate.id);
      const told = story({ advocate, peers, town, random, kit });
      const friend = hide(told.friend, cheat, town, random);
      return { ...attempt, ...told, friend, isCheat, family: name };
    },
  };
}

/**
 * The same seed gives the same people, as long as the town is the same. Memory of who came before lives in what is
 * returned: ask anew for each run. Efforts include what the story itself pays for: numbers, proxies, cards, parcels.
 */
export function heldOut(seed: number): {
  readonly cheats: readonly Family[];
  readonly lookAlikes: readonly Family[];
} {
  const cheat = (name: string, story: Story, size: Size) => familyOf(name, true, size, story, seed);
  const alike = (name: string, story: Story, size: Size) =>
    familyOf(name, false, size, story, seed);
  return {
    cheats: [
      cheat('patient farmer', patientFarmer, {
        people: 10,
        attempts: 5,
        effort: 60,
        next: ['device', 'network', 'home'],
      }),
      cheat('household ring', householdRing, {
        people: 8,
        attempts: 6,
        effort: 40,
        next: ['device', 'network'],
      }),
      cheat('drop reseller', dropReseller, {
        people: 3,
        attempts: 22,
        effort: 150,
        next: ['mailbox', 'phone', 'spelling', 'home'],
      }),
      cheat('coupon site', couponSite, { people: 2, attempts: 55, effort: 2, next: [] }),
      cheat('counter clerk', counterClerk, {
        people: 4,
        attempts: 18,
        effort: 10,
        next: ['device', 'network'],
      }),
      cheat('aged mailboxes', agedMailboxes, {
        people: 3,
        attempts: 24,
        effort: 220,
        next: ['device', 'phone', 'home'],
      }),
      cheat('handset drawer', handsetDrawer, {
        people: 3,
        attempts: 20,
        effort: 110,
        next: ['mailbox', 'device', 'spelling'],
      }),
      cheat('returner', returner, {
        people: 12,
        attempts: 4,
        effort: 120,
        next: ['mailbox', 'network', 'spelling', 'home'],
      }),
    ],
    lookAlikes: [
      alike('siblings', honest.siblings, openly(20, 2)),
      alike('dorm', honest.dorm, openly(6, 7)),
      alike('office', honest.office, openly(5, 9)),
      alike('small influencer', honest.smallInfluencer, openly(2, 60)),
      alike('one phone for two', honest.onePhoneForTwo, openly(30, 1)),
      alike('one carrier town', honest.oneCarrierTown, openly(6, 7)),
    ],
  };
}
