import {
  aliasOf,
  digits,
  near,
  plainly,
  respelled,
  sameArea,
  upTo,
  type Friend,
  type Story,
} from './held-out-scene.ts';
import { seenOf } from './world.ts';

/** Honest people who share with each other what cheats share, each next to a kind of abuse. */

/**
 * Brothers and sisters under one roof, each with their own phone and mailbox. Beside the returner: an analyst would see
 * that each comes once, with a mailbox of their own, and that there are only as many as a family has.
 */
export const siblings: Story = ({ advocate, town, random }) => {
  const who = town.newcomer(advocate);
  const lastName = random.chance(0.85) ? advocate.lastName : who.lastName;
  const seen = seenOf(who, town, random);
  const tablet = advocate.devices[2];
  const lent = random.chance(0.08) ? advocate.devices[0] : random.chance(0.2) ? tablet : undefined;
  return {
    ...plainly(random),
    friend: {
      ...seen,
      lastName,
      email: town.newEmail(who.firstName, lastName),
      home: random.chance(0.3) ? respelled(advocate.home, random) : advocate.home,
      device: lent ?? seen.device,
    },
  };
};

/**
 * Students of one hall: one building, a room each, a handful of addresses for all. Beside the reseller's suites and the
 * handsets: an analyst would see own phones, modest orders of all amounts, and a university's mail domain.
 */
export const dorm: Story = ({ advocate, town, random, kit }) => {
  const who = town.newcomer();
  const seen = seenOf(who, town, random);
  const [library = seen.device] = kit.devices;
  const [word = ''] = advocate.home.line2.split(' ');
  const line = random.chance(0.2) ? advocate.homeIp : near(advocate.homeIp, random);
  const plain = plainly(random);
  const study = `${who.firstName[0] ?? ''}${who.lastName}${digits(random, 2)}@state.edu`;
  return {
    ...plain,
    friend: {
      ...seen,
      email: random.chance(0.3) ? study.toLowerCase() : seen.email,
      home: { ...advocate.home, line2: `${word || 'Room'} ${upTo(random, 100, 480)}` },
      device: random.chance(0.04) ? library : seen.device,
      ip: random.chance(0.75) ? line : town.carrierIp(),
    },
    // Some point their phone at a poster and have an account in half a minute.
    secondsToAccount: random.chance(0.25) ? upTo(random, 18, 60) : plain.secondsToAccount,
    orderCents: Math.round(plain.orderCents * 0.6),
  };
};

/**
 * Colleagues who have parcels sent to work, where the advocate's come, too. Beside the clerk: an analyst would see one
 * line, but a computer for each of them, and one company's mail domain that stays with one address.
 */
export const office: Story = ({ advocate, town, random, kit }) => {
  const who = town.newcomer();
  const desk = { ...advocate.home, line2: random.pick(['', 'Floor 2', 'Floor 3', 'Reception']) };
  const work = `${who.firstName}.${who.lastName}@${kit.domain}`.toLowerCase();
  const seen = seenOf(who, town, random);
  return {
    ...plainly(random),
    friend: {
      ...seen,
      email: random.chance(0.4) ? work : who.email,
      home: random.chance(0.4) ? desk : sameArea(who.home, advocate.home, random),
      ip: random.chance(0.7) ? advocate.homeIp : seen.ip,
    },
  };
};

/**
 * Someone with many real friends and readers. Beside the coupon site: an analyst would see phones on carriers, couples
 * among the readers, usual orders, and a part of them near the advocate.
 */
export const smallInfluencer: Story = ({ advocate, town, random, kit }) => {
  const who = town.newcomer();
  const seen = seenOf(who, town, random);
  const partner = random.chance(0.04) ? kit.before : undefined;
  const plain = plainly(random);
  const friend: Friend = {
    ...seen,
    home: random.chance(0.3) ? sameArea(who.home, advocate.home, random) : who.home,
    ip: random.chance(0.55) ? town.carrierIp() : seen.ip,
    // A few always give shops a tagged address, to sort their mail.
    ...(random.chance(0.04) && { email: aliasOf(who.email, random) }),
    ...(random.chance(0.03) && { ip: advocate.homeIp }),
    // Who lives with the one before, and at times takes the same tablet.
    ...(partner !== undefined && {
      home: partner.home,
      ip: partner.ip,
      device: random.chance(0.3) ? partner.device : seen.device,
    }),
  };
  kit.before = friend;
  return {
    ...plain,
    friend,
    secondsToAccount: random.chance(0.3) ? upTo(random, 15, 90) : plain.secondsToAccount,
  };
};

/**
 * A couple with one phone between them. Beside every kind of account for oneself: an analyst would see no more than one
 * such friend, and a name, a mailbox and a card of their own.
 */
export const onePhoneForTwo: Story = ({ advocate, town, random }) => {
  const who = town.newcomer(advocate);
  const lastName = random.chance(0.6) ? advocate.lastName : who.lastName;
  const seen = seenOf(who, town, random);
  return {
    ...plainly(random),
    friend: {
      ...seen,
      lastName,
      email: town.newEmail(who.firstName, lastName),
      phone: random.chance(0.3) ? advocate.phone : seen.phone,
      home: random.chance(0.2) ? respelled(advocate.home, random) : advocate.home,
      device: random.chance(0.9) ? (advocate.devices[0] ?? seen.device) : seen.device,
    },
  };
};

/**
 * A small town with one carrier and a post office with boxes. Beside the handsets and the farmer: an analyst would see a
 * device for each of them, cousins, and boxes and lines that the whole town has.
 */
export const oneCarrierTown: Story = ({ advocate, town, random, kit }) => {
  const who = town.newcomer();
  const lastName = random.chance(0.15) ? advocate.lastName : who.lastName;
  const seen = seenOf(who, town, random);
  const box = { line1: `PO Box ${upTo(random, 10, 900)}`, line2: '' };
  const shared = random.chance(0.25) ? advocate.homeIp : near(advocate.homeIp, random);
  return {
    ...plainly(random),
    friend: {
      ...seen,
      lastName,
      email: town.newEmail(who.firstName, lastName),
      home: { ...who.home, zip: advocate.home.zip, ...(random.chance(0.4) && box) },
      ip: random.chance(0.65) ? shared : near(kit.gateway, random),
    },
  };
};
