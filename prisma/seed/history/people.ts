import { Dice } from './dice.ts';
import { DAY, HOUR, MINUTE, type ShopCalendar } from './calendar.ts';
import {
  FIRST_NAMES,
  LAST_NAMES,
  PLACES,
  STREETS,
  STREET_KINDS,
  type PersonLanguage,
  type Place,
} from './names.ts';

/** How a person shops: how often, how much, and until when. */
export type Habit = 'devoted' | 'regular' | 'occasional' | 'once' | 'lapsed';

export interface Person {
  readonly n: number;
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly locale: PersonLanguage;
  readonly tags: readonly string[];
  readonly street: string;
  readonly place: Place;
  readonly habit: Habit;
  /** When the shop first hears of them, in milliseconds. */
  readonly joinedAt: number;
  /** When they stop buying; null: they have not. */
  readonly stopsAt: number | null;
  /** When they open an account; null: they buy without one. */
  readonly accountAt: number | null;
  readonly newsletterAt: number | null;
  /** MM-DD with when they entered it. */
  readonly birthday: { readonly monthDay: string; readonly at: number } | null;
  readonly followsAt: number | null;
}

/** People with a story of their own, whom the README and the tour name. */
const NAMED: readonly {
  readonly first: string;
  readonly last: string;
  readonly locale: PersonLanguage;
  readonly city: string;
  readonly habit: Habit;
  readonly tags: readonly string[];
  /** Days after the first, or before the last if negative. */
  readonly joined: number;
}[] = [
  {
    first: 'Ada',
    last: 'Larsen',
    locale: 'en',
    city: 'Portland',
    habit: 'devoted',
    tags: ['newsletter'],
    joined: 1,
  },
  {
    first: 'Mateo',
    last: 'Ruiz',
    locale: 'es',
    city: 'Austin',
    habit: 'regular',
    tags: [],
    joined: 9,
  },
  {
    first: 'Camille',
    last: 'Dubois',
    locale: 'fr',
    city: 'Montréal',
    habit: 'regular',
    tags: [],
    joined: 40,
  },
  {
    first: 'Priya',
    last: 'Nair',
    locale: 'en',
    city: 'Chicago',
    habit: 'devoted',
    tags: ['wholesale'],
    joined: 3,
  },
  {
    first: 'Jonas',
    last: 'Weber',
    locale: 'en',
    city: 'Seattle',
    habit: 'lapsed',
    tags: [],
    joined: 18,
  },
  {
    first: 'Amara',
    last: 'Okafor',
    locale: 'en',
    city: 'Atlanta',
    habit: 'occasional',
    tags: [],
    joined: -9,
  },
  {
    first: 'Lucía',
    last: 'Fernández',
    locale: 'es',
    city: 'Miami',
    habit: 'regular',
    tags: [],
    joined: 60,
  },
  {
    first: 'Tom',
    last: 'Hughes',
    locale: 'en',
    city: 'Denver',
    habit: 'occasional',
    tags: [],
    joined: 130,
  },
];

const HABITS: readonly (readonly [Habit, number])[] = [
  ['devoted', 6],
  ['regular', 20],
  ['occasional', 34],
  ['once', 28],
  ['lapsed', 12],
];
const LANGUAGES: readonly (readonly [PersonLanguage, number])[] = [
  ['en', 62],
  ['es', 21],
  ['fr', 17],
];
/** Of the people who buy, those who never open an account. */
const WITHOUT_ACCOUNT = 0.11;

/** The people of a shop that had `members` members after its days from `first` to `last`. The same seed makes the same. */
export function peopleOf(
  seed: string,
  members: number,
  calendar: ShopCalendar,
  first: number,
  last: number,
): Person[] {
  const count = Math.max(NAMED.length, Math.round(members / (1 - WITHOUT_ACCOUNT)));
  const emails = new Set<string>();
  const people = Array.from({ length: count }, (_, n) => {
    const dice = new Dice(`${seed} person ${n}`);
    const joinedAt = joiningTime(dice, n, count, calendar, first, last);
    return personOf(dice, n, joinedAt, last, emails);
  });
  return people.sort((a, b) => a.joinedAt - b.joinedAt || a.n - b.n);
}

/** More joined at the beginning, when the program was announced, and since then a little more from month to month. */
function joiningTime(
  dice: Dice,
  n: number,
  count: number,
  calendar: ShopCalendar,
  first: number,
  last: number,
): number {
  const days = Math.floor((last - first) / DAY);
  const named = NAMED[n]?.joined;
  const share = (n - NAMED.length + dice.next()) / Math.max(1, count - NAMED.length);
  const spread =
    share < 0.12 ? (share / 0.12) * 0.06 : 0.06 + ((share - 0.12) / 0.88) ** 0.92 * 0.94;
  const day =
    named === undefined
      ? Math.floor(spread * days)
      : Math.min(days - 1, Math.max(0, named < 0 ? days + named : named));
  const from = calendar.dayOf(first).index;
  const at = calendar.at(from + day, secondOfDay(dice));
  return Math.min(Math.max(at, first + 2 * HOUR), last - 2 * HOUR - n * MINUTE);
}

function personOf(
  dice: Dice,
  n: number,
  joinedAt: number,
  last: number,
  emails: Set<string>,
): Person {
  const named = NAMED[n];
  const locale = named?.locale ?? dice.weighted(LANGUAGES, ([, weight]) => weight)[0];
  const first = named?.first ?? dice.pick(FIRST_NAMES[locale]);
  const family = named?.last ?? dice.pick(LAST_NAMES[locale]);
  const habit = named?.habit ?? dice.weighted(HABITS, ([, weight]) => weight)[0];
  const places = PLACES[locale];
  const where =
    places.find(({ city }) => city === named?.city) ??
    dice.weighted(places, ({ weight }) => weight);
  const hasAccount = named !== undefined || !dice.chance(WITHOUT_ACCOUNT);
  const opensLater = named === undefined && dice.chance(0.12);
  const accountAt = hasAccount
    ? joinedAt + (opensLater ? dice.whole(1, 30) * DAY + dice.whole(0, 5 * 60) * MINUTE : 0)
    : null;
  const entersBirthday = dice.chance(named === undefined ? 0.34 : 0.9);
  const within = (at: number): number | null => (at < last - HOUR ? at : null);
  return {
    n,
    first,
    last: family,
    email: emailOf(dice, first, family, named !== undefined, emails),
    locale,
    tags: named?.tags ?? (dice.chance(0.04) ? ['wholesale'] : []),
    street: `${dice.whole(2, 290)} ${dice.pick(STREETS)} ${dice.pick(STREET_KINDS)}`,
    place: where,
    habit,
    joinedAt,
    stopsAt: habit === 'lapsed' ? joinedAt + dice.whole(45, 170) * DAY : null,
    accountAt: accountAt === null ? null : within(accountAt),
    newsletterAt:
      hasAccount && dice.chance(0.42) ? within(joinedAt + dice.whole(1, 240) * MINUTE) : null,
    birthday:
      accountAt !== null && entersBirthday
        ? birthdayOf(dice, within(accountAt + dice.whole(2, 60 * 24 * 20) * MINUTE))
        : null,
    followsAt:
      accountAt !== null && dice.chance(0.16)
        ? within(accountAt + dice.whole(5, 60 * 24 * 60) * MINUTE)
        : null,
  };
}

function birthdayOf(dice: Dice, at: number | null): Person['birthday'] {
  const month = dice.whole(1, 12);
  const day = dice.whole(1, 28);
  const two = (part: number): string => String(part).padStart(2, '0');
  return at === null ? null : { monthDay: `${two(month)}-${two(day)}`, at };
}

const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[^a-z]/g, '');

function emailOf(
  dice: Dice,
  first: string,
  last: string,
  isNamed: boolean,
  taken: Set<string>,
): string {
  const [given, family] = [plain(first), plain(last)];
  const year = String(dice.whole(70, 99));
  const host = dice.pick(['mailbox.example', 'inbox.example', 'post.example']);
  const shapes = isNamed
    ? [`${given}@shopper.example`]
    : [
        `${given}.${family}@${host}`,
        `${given}${year}@${host}`,
        `${given[0] ?? ''}${family}@${host}`,
        `${given}.${family}${year}@${host}`,
      ];
  const wanted = dice.pick(shapes);
  const free =
    [wanted, ...shapes].find((email) => !taken.has(email)) ??
    `${given}.${family}.${taken.size}@${host}`;
  taken.add(free);
  return free;
}

/** Shares of a day's orders by the hour: few at night, a first peak over coffee, the highest in the evening. */
const HOURS = [2, 1, 0.5, 0.4, 0.5, 1.2, 3, 6, 9, 9, 8, 8, 10, 9, 7, 6, 6, 7, 9, 11, 13, 12, 8, 4];

/** A moment of a day, in seconds, as shoppers choose it. */
export function secondOfDay(dice: Dice, from = 0, to = 23): number {
  const hours = HOURS.map((weight, hour) => ({ hour, weight })).slice(from, to + 1);
  const { hour } = dice.weighted(hours, ({ weight }) => weight);
  return hour * 3_600 + dice.whole(0, 3_599);
}
