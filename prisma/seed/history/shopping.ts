import { DAY, HOUR, MINUTE, type ShopCalendar, type ShopDay } from './calendar.ts';
import { Dice } from './dice.ts';
import { secondOfDay, type Habit, type Person } from './people.ts';

/** What becomes of an order. */
export type Fate =
  | 'kept'
  | 'part refunded'
  | 'refunded'
  | 'amount refunded'
  | 'cancelled'
  | 'paid later'
  | 'never paid';

export interface Purchase {
  readonly n: number;
  /** Null: a guest of whom the shop keeps no customer. */
  readonly person: Person | null;
  readonly at: number;
  readonly basket: readonly { readonly handle: string; readonly quantity: number }[];
  readonly isPos: boolean;
  readonly fate: Fate;
}

/** How likely a person of each habit is to buy on a day, against the others. */
const APPETITE: Readonly<Record<Habit, number>> = {
  devoted: 9,
  regular: 3.4,
  occasional: 1.1,
  once: 0.06,
  lapsed: 4.2,
};

/** January to December: quiet summers, a fourth quarter full of gifts. */
const SEASON = [0.8, 0.86, 0.9, 0.95, 1.05, 0.9, 0.8, 0.84, 1, 1.1, 1.4, 1.6];
/** Monday to Sunday. */
const WEEKDAY = [1.05, 0.95, 0.9, 0.95, 1, 1.1, 1.2];

const FATES: readonly (readonly [Fate, number])[] = [
  ['part refunded', 2.1],
  ['refunded', 1.3],
  ['amount refunded', 0.7],
  ['cancelled', 0.9],
  ['paid later', 1.1],
  ['never paid', 0.3],
];

const GOODS: readonly (readonly [handle: string, weight: number])[] = [
  ['morning-blend', 30],
  ['highland-single-origin', 17],
  ['night-decaf', 11],
  ['stoneware-cup', 7],
  ['travel-cup', 6],
  ['pour-over-kettle', 3],
  ['moka-pot', 4],
  ['brewing-notebook', 4],
  ['orange-marmalade', 7],
  ['wildflower-honey', 7],
  ['mint-tea', 8],
  ['gift-box', 2.5],
];

/** Black Friday and the three days after it bring more than twice as much. */
export function isBlackFriday({ month, day, weekday }: ShopDay): boolean {
  const daysSince = (weekday + 2) % 7;
  const friday = day - daysSince + (month === 12 ? 30 : 0);
  return (month === 11 || month === 12) && daysSince <= 3 && friday >= 23 && friday <= 29;
}

/** What was bought in all, in the order of time. @param count of orders, guests' among them */
export function purchasesOf(
  seed: string,
  people: readonly Person[],
  count: number,
  calendar: ShopCalendar,
  first: number,
  last: number,
): Purchase[] {
  const visits: { person: Person | null; at: number }[] = [];
  for (const person of people) {
    const dice = new Dice(`${seed} first order ${person.n}`);
    const isBuying = person.accountAt !== person.joinedAt || dice.chance(0.86);
    const at = person.joinedAt + dice.whole(90, 1_500) * 1_000;
    if (isBuying && at < last && visits.length < count) visits.push({ person, at });
  }
  visits.push(...laterVisits(seed, people, count - visits.length, calendar, first, last));
  visits.sort((a, b) => a.at - b.at);
  return visits.map(({ person, at }, n) => purchaseOf(seed, n, person, at, calendar, last));
}

function laterVisits(
  seed: string,
  people: readonly Person[],
  count: number,
  calendar: ShopCalendar,
  first: number,
  last: number,
): { person: Person | null; at: number }[] {
  const dice = new Dice(`${seed} visits`);
  const from = calendar.dayOf(first).index;
  const to = calendar.dayOf(last).index;
  const days = calendar.days.slice(from, to + 1).map((day) => {
    const shopping = people.filter((person) => isShopping(person, day.startsAt));
    const appetite = shopping.reduce((sum, { habit }) => sum + APPETITE[habit], 0);
    const season = (SEASON[day.month - 1] ?? 1) * (WEEKDAY[day.weekday - 1] ?? 1);
    return { day, shopping, weight: (appetite + 4) * season * (isBlackFriday(day) ? 2.2 : 1) };
  });
  const whole = days.reduce((sum, { weight }) => sum + weight, 0);
  const lastVisit = new Map<Person, number>();
  const visits: { person: Person | null; at: number }[] = [];
  let seen = 0;
  for (const { day, shopping, weight } of days) {
    seen += weight;
    const upTo = Math.round((count * seen) / whole);
    while (visits.length < upTo) {
      const at = calendar.at(day.index, secondOfDay(dice));
      const isGuest = shopping.length === 0 || dice.chance(0.025);
      const person = isGuest
        ? null
        : dice.weighted(shopping, (one) => {
            const rested = day.startsAt - (lastVisit.get(one) ?? -Infinity);
            return APPETITE[one.habit] * (rested < 3 * DAY ? 0.02 : rested < 8 * DAY ? 0.4 : 1);
          });
      if (person !== null) lastVisit.set(person, day.startsAt);
      visits.push({ person, at: Math.min(at, last - dice.whole(4, 300) * MINUTE) });
    }
  }
  return visits;
}

/** No one buys again within hours of their first order. */
const isShopping = ({ joinedAt, stopsAt }: Person, at: number): boolean =>
  joinedAt + DAY < at && (stopsAt === null || at < stopsAt);

function purchaseOf(
  seed: string,
  n: number,
  person: Person | null,
  at: number,
  calendar: ShopCalendar,
  last: number,
): Purchase {
  const dice = new Dice(`${seed} purchase ${n}`);
  const day = calendar.dayOf(at);
  const hour = (at - day.startsAt) / HOUR;
  const isNear = person?.place.provinceCode === 'NY' || person?.place.provinceCode === 'NJ';
  const fate = dice.chance(0.936) ? 'kept' : dice.weighted(FATES, ([, weight]) => weight)[0];
  return {
    n,
    person,
    at,
    basket: basketOf(dice, person?.habit ?? 'occasional', day),
    isPos: isNear && hour >= 9 && hour < 19 && dice.chance(0.45),
    // What is younger than its refund would be has not been refunded yet.
    fate: last - at < 16 * DAY && fate !== 'never paid' ? 'kept' : fate,
  };
}

function basketOf(dice: Dice, habit: Habit, day: ShopDay): Purchase['basket'] {
  const isGiftTime = day.month >= 11;
  const weightOf = ([handle, weight]: (typeof GOODS)[number]): number =>
    handle === 'gift-box' && isGiftTime ? weight * 3 : weight;
  const kinds = dice.weighted(
    [1, 2, 3, 4] as const,
    (many) =>
      ({ 1: 38, 2: 36, 3: habit === 'devoted' ? 26 : 16, 4: habit === 'devoted' ? 12 : 4 })[many],
  );
  const basket = new Map<string, number>();
  for (let nth = 0; nth < kinds; nth++) {
    const [handle] = dice.weighted(GOODS, weightOf);
    const isConsumed = /blend|origin|decaf|tea/.test(handle);
    basket.set(handle, isConsumed && dice.chance(0.3) ? 2 : 1);
  }
  return [...basket].map(([handle, quantity]) => ({ handle, quantity }));
}
