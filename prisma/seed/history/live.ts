import { awardBirthday, birthdayKey, newsletterKey } from '#core/earning/claim.rules.ts';
import type { BlindIndex } from '#core/shared/blind-index.ts';
import { buildCustomer } from '#e2e/shopify/customers.ts';
import type { QuietWorld } from '#e2e/shopify/quiet-world.ts';
import { DAY, HOUR, MINUTE, type ShopCalendar } from './calendar.ts';
import { Dice, idOf } from './dice.ts';
import { MemberLedger } from './member-ledger.ts';
import { peopleOf, type Person } from './people.ts';
import { markForReview, webhookDelay, wholeSecond } from './record-orders.ts';
import { reviewMember, rescoreAll } from './review.ts';
import { reviewTiers } from './review-tiers.ts';
import { reviewCampaigns } from './review-campaigns.ts';
import { purchasesOf } from './shopping.ts';
import { buy, staffWork, type Market } from './shop.ts';
import type { Life, Member, ShopRules } from './state.ts';
import { expiryAt } from './sums.ts';

/** What makes one year and no other. */
export interface YearPlan {
  readonly seed: string;
  readonly members: number;
  readonly orders: number;
  /** When the shop installed the app, in milliseconds. */
  readonly first: number;
  /** The end of the day that it is: what is planned goes that far, so that all of a day have the same year. */
  readonly last: number;
  /** What is later has not happened yet. */
  readonly now: number;
}

/** Lives through a shop's year, moment by moment, in the order in which it happened. */
export function liveYear(
  plan: YearPlan,
  rules: ShopRules,
  calendar: ShopCalendar,
  world: QuietWorld,
  blindIndex: BlindIndex,
): Life {
  const queue = new Agenda();
  const life: Life = {
    seed: plan.seed,
    now: plan.now,
    rules,
    calendar,
    world,
    blindIndex,
    members: [],
    orders: [],
    orderById: new Map(),
    told: new Set(),
    holds: [],
    multiplied: [],
    scores: [],
    deltas: [],
    tierChanges: [],
    notices: [],
    audits: [],
    aov: undefined,
    fullPassAt: null,
    review: (member, at) => reviewMember(life, member, at, 'order'),
    later: (at, work) => {
      // What follows from it within seconds happens, too.
      if (at <= plan.now - 2 * MINUTE) queue.add(at, work);
    },
    soon: (at, work) => queue.add(at, work),
  };
  const people = peopleOf(plan.seed, plan.members, calendar, plan.first, plan.last);
  const market: Market = { byPerson: new Map() };
  for (const person of people) planPerson(life, market, person);
  for (const purchase of purchasesOf(
    plan.seed,
    people,
    plan.orders,
    calendar,
    plan.first,
    plan.last,
  ))
    life.later(purchase.at, (at) => buy(life, market, purchase, at));
  planNights(life, plan);
  staffWork(life, plan.last);
  queue.run();
  return life;
}

/** Things to do, each at its moment; two of one moment in the order in which they were planned. */
class Agenda {
  readonly #heap: { at: number; nth: number; work: (at: number) => void }[] = [];
  #count = 0;

  add(at: number, work: (at: number) => void): void {
    const heap = this.#heap;
    let place = heap.push({ at, nth: this.#count++, work }) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.#swapIfEarlier(place, above)) break;
      place = above;
    }
  }

  run(): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) next.work(next.at);
  }

  #take() {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let place = 0; ;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const below = this.#isEarlier(right, left) ? right : left;
      if (!this.#swapIfEarlier(below, place)) return first;
      place = below;
    }
  }

  #isEarlier(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return false;
    return a.at - b.at < 0 || (a.at === b.at && a.nth < b.nth);
  }

  #swapIfEarlier(one: number, than: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[than]];
    if (a === undefined || b === undefined || !this.#isEarlier(one, than)) return false;
    this.#heap[one] = b;
    this.#heap[than] = a;
    return true;
  }
}

/** The shop hears of a person, and of what they do beside buying. */
function planPerson(life: Life, market: Market, person: Person): void {
  life.later(person.joinedAt, (at) => {
    const member = join(life, person, at);
    market.byPerson.set(person, member);
  });
  const later = (at: number | null, work: (member: Member, at: number) => void): void => {
    if (at === null) return;
    life.later(at, (then) => {
      const member = market.byPerson.get(person);
      if (member !== undefined) work(member, then);
    });
  };
  if (person.accountAt !== person.joinedAt)
    later(person.accountAt, (member, at) => {
      touch(life, member, at);
      member.customer.state = 'enabled';
      signUp(life, member, at + 800);
    });
  later(person.newsletterAt, (member, at) => {
    member.customer.acceptsMarketing = true;
    touch(life, member, at);
    member.consentAt = at + 900;
    earn(life, member, 'newsletter', newsletterKey(member.customerId), at + 900);
  });
  later(person.birthday?.at ?? null, (member, at) => {
    if (person.birthday !== null) member.birthday = { monthDay: person.birthday.monthDay, at };
  });
  later(person.followsAt, (member, at) => {
    const key = `social_follow/instagram/${member.customerId}`;
    earn(life, member, 'social_follow', key, at, idOf(`${life.seed} follow ${person.n}`));
    markForReview(life, member, at);
  });
}

/** Shopify says when it changed a customer to the second. */
function touch({ world }: Life, { customer }: Member, at: number): void {
  world.clock.at = at;
  customer.updatedAt = world.clock.iso();
}

function join(life: Life, person: Person, at: number): Member {
  const { world, seed } = life;
  const dice = new Dice(`${seed} join ${person.n}`);
  world.clock.at = wholeSecond(at);
  const opensAtOnce = person.accountAt === person.joinedAt;
  const { place } = person;
  const customer = buildCustomer(
    world,
    {
      email: person.email,
      first_name: person.first,
      last_name: person.last,
      locale: person.locale,
      tags: [...person.tags],
      state: opensAtOnce ? 'enabled' : 'disabled',
    },
    {
      id: world.store.nextId('address'),
      firstName: person.first,
      lastName: person.last,
      address1: person.street,
      city: place.city,
      province: place.province,
      provinceCode: place.provinceCode,
      country: place.country,
      countryCode: place.countryCode,
      zip: place.zip,
      phone: null,
    },
  );
  world.data.customers.set(customer.id, customer);
  const heardAt = at + webhookDelay(dice);
  const customerId = idOf(`${seed} customer ${person.n}`);
  const member: Member = {
    person,
    customerId,
    customer,
    ledger: new MemberLedger(customerId),
    createdAt: heardAt,
    orders: [],
    redemptions: [],
    grants: [],
    hasAccount: false,
    consentAt: null,
    birthday: null,
    tags: Object.fromEntries(
      person.tags.map((name) => [
        name.toLowerCase(),
        { name, isSet: true, at: new Date(heardAt).toISOString() },
      ]),
    ),
    score: null,
    segments: null,
    stage: null,
    tierId: null,
    progress: {},
    isReviewDue: false,
    changedAt: heardAt,
    sums: null,
    scoredBy: '',
    tierYear: 0,
  };
  life.members.push(member);
  if (opensAtOnce) signUp(life, member, heardAt);
  return member;
}

function signUp(life: Life, member: Member, at: number): void {
  const { program } = life.rules;
  member.hasAccount = true;
  member.changedAt = at;
  member.ledger.credit(
    {
      at,
      points: program.signupPoints,
      key: `signup/${member.customerId}`,
      type: 'earn',
      source: 'signup',
      metadata: { reason_code: 'signup', rule_version: program.version },
    },
    expiryAt(life, at),
  );
}

function earn(
  life: Life,
  member: Member,
  action: 'newsletter' | 'birthday' | 'social_follow',
  key: string,
  at: number,
  claim?: string,
): void {
  const { program } = life.rules;
  member.changedAt = at;
  member.ledger.credit(
    {
      at,
      points: program.earning.actions[action].points,
      key,
      type: 'earn',
      source: action,
      metadata: {
        reason_code: action,
        rule_version: program.version,
        ...(claim !== undefined && { claim }),
      },
    },
    expiryAt(life, at),
  );
}

/** The worker's schedules, as app/worker/schedules.ts has them. */
function planNights(life: Life, plan: YearPlan): void {
  const { calendar } = life;
  const firstDay = calendar.dayOf(plan.first).index + 1;
  const lastDay = calendar.dayOf(plan.last).index;
  for (let index = firstDay; index <= lastDay; index++) {
    const dice = new Dice(`${plan.seed} night ${index}`);
    life.later(calendar.at(index, 61) + dice.whole(200, 1_900), (at) => expireAll(life, at));
    // Everywhere birthdays are asked for at ten past each hour of UTC, which is ten past in this shop, too.
    life.later(calendar.at(index, 5 * 3_600 + 600) + dice.whole(300, 2_500), (at) =>
      birthdays(life, calendar, at),
    );
  }
  const midnight = Math.floor(plan.first / DAY) * DAY;
  for (let night = midnight + DAY; night <= plan.last; night += DAY) {
    const dice = new Dice(`${plan.seed} round ${night}`);
    life.later(night + 45 * MINUTE + dice.whole(200, 4_000), (at) => rescoreAll(life, at));
    life.later(night + HOUR + dice.whole(200, 4_000), (at) => reviewAllTiers(life, at));
  }
}

/** What is due, and after it notice of what will be due within thirty days. */
function expireAll(life: Life, at: number): void {
  for (const member of life.members) {
    if (member.ledger.expire(at) !== undefined) member.changedAt = at;
    for (const lot of member.ledger.lots) {
      const { expires_at: expiresAt, remaining } = lot;
      if (remaining === 0 || expiresAt === null) continue;
      if (expiresAt <= at || expiresAt > at + 30 * DAY) continue;
      const notice = `${lot.customer_id} ${lot.sequence} ${expiresAt}`;
      if (life.told.has(notice)) continue;
      life.told.add(notice);
      life.notices.push({
        customer_id: lot.customer_id,
        sequence: lot.sequence,
        expires_at: expiresAt,
        points: remaining,
        created_at: at + 400,
      });
    }
  }
}

function birthdays(life: Life, calendar: ShopCalendar, at: number): void {
  const today = calendar.dayOf(at);
  const two = (part: number): string => String(part).padStart(2, '0');
  const monthDay = `${two(today.month)}-${two(today.day)}`;
  for (const member of life.members) {
    if (member.birthday?.monthDay !== monthDay) continue;
    const key = birthdayKey(member.customerId, today.year);
    const decided = awardBirthday(
      life.rules.program,
      {
        customerId: member.customerId,
        tierId: member.tierId,
        segments: member.segments ?? [],
        totalSpend: 0n,
        times: {},
        keys: new Set(),
      },
      { monthDay, toldAt: new Date(member.birthday.at) },
      { year: today.year, monthDay },
      calendar.timeZone,
    );
    if (decided.status !== 'granted') continue;
    earn(life, member, 'birthday', key, at);
    markForReview(life, member, at);
  }
}

/** All members' tiers, though only a day of the calendar or a date in their progress can have moved them. */
function reviewAllTiers(life: Life, at: number): void {
  const now = new Date(at).toISOString();
  const { year } = life.calendar.dayOf(at);
  for (const member of life.members) {
    const { qualified_until: until, grace_until: grace } = member.progress;
    const isMoved = member.tierYear !== year || (until ?? '~') <= now || (grace ?? '~') <= now;
    if (!isMoved) continue;
    const changes = reviewTiers(life, member, at);
    if (changes.length > 0) reviewCampaigns(life, member, at, [], changes);
  }
}
