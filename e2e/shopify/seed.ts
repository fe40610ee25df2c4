// The shop as it is on the first day: goods, a few named customers and their past orders, and the requested number of generated customers.
import { buildCustomer } from './customers.ts';
import { convert, exchangeRate } from './money.ts';
import { placeOrder } from './orders.ts';
import { demoProducts } from './products.ts';
import type { Address, Customer, Product, Shop, ShopData } from './state.ts';
import type { World } from './world.ts';

const DAY_MS = 86_400_000;

export function freshShop(domain: string, scopes: string[], currency = 'USD'): ShopData {
  const created = new Date(Date.now() - 400 * DAY_MS).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const shop: Shop = {
    id: 68_817_551_382,
    name: 'Demo Store',
    domain,
    email: 'owner@demo-store.example',
    owner: 'Alex Morgan',
    currency,
    timeZone: 'America/New_York',
    primaryLocale: 'en',
    locales: ['en', 'es', 'fr'],
    plan: 'basic',
    createdAt: created,
    updatedAt: created,
    country: 'US',
    city: 'New York',
    address: '12 Harbour Street',
    zip: '10004',
    phone: '+12125550100',
  };
  return {
    version: 1,
    clockOffset: 0,
    counters: {},
    shop,
    products: demoProducts().map((product) => ({
      ...product,
      price: convert(product.price, 'USD', currency, exchangeRate('USD', currency)),
    })),
    customers: new Map(),
    orders: new Map(),
    discounts: new Map(),
    metafields: new Map(),
    definitions: [],
    bulk: [],
    installation: {
      installed: true,
      id: 512_000_001,
      scopes,
      accessTokens: [],
      refreshTokens: [],
      installedAt: created,
    },
    deliveries: [],
    scheduled: [],
    theme: { embedOn: true, blockOn: true, settings: {} },
    mergedInto: {},
    giftCards: [],
    storeCredits: [],
    storeCreditMoves: [],
    subscriptions: [],
  };
}

interface Person {
  first: string;
  last: string;
  email: string;
  locale: string;
  tags?: string[];
  street: string;
  city: string;
  province: string;
  code: string;
  zip: string;
  orders: readonly (readonly [daysAgo: number, handles: readonly string[]])[];
}
const PEOPLE: readonly Person[] = [
  {
    first: 'Ada',
    last: 'Larsen',
    email: 'ada@shopper.example',
    locale: 'en',
    tags: ['newsletter'],
    street: '4 Mill Lane',
    city: 'Portland',
    province: 'Oregon',
    code: 'OR',
    zip: '97205',
    orders: [
      [210, ['morning-blend', 'stoneware-cup']],
      [120, ['morning-blend']],
      [45, ['gift-box']],
    ],
  },
  {
    first: 'Mateo',
    last: 'Ruiz',
    email: 'mateo@shopper.example',
    locale: 'es',
    street: '81 Cedar Avenue',
    city: 'Austin',
    province: 'Texas',
    code: 'TX',
    zip: '78701',
    orders: [
      [95, ['moka-pot', 'night-decaf']],
      [20, ['highland-single-origin']],
    ],
  },
  {
    first: 'Camille',
    last: 'Dubois',
    email: 'camille@shopper.example',
    locale: 'fr',
    street: '9 Orchard Road',
    city: 'Burlington',
    province: 'Vermont',
    code: 'VT',
    zip: '05401',
    orders: [[60, ['pour-over-kettle', 'brewing-notebook']]],
  },
  {
    first: 'Priya',
    last: 'Nair',
    email: 'priya@shopper.example',
    locale: 'en',
    tags: ['wholesale'],
    street: '230 Lake Street',
    city: 'Chicago',
    province: 'Illinois',
    code: 'IL',
    zip: '60601',
    orders: [
      [300, ['gift-box', 'gift-box']],
      [200, ['gift-box']],
      [100, ['gift-box']],
      [14, ['travel-cup', 'morning-blend']],
    ],
  },
  {
    first: 'Jonas',
    last: 'Weber',
    email: 'jonas@shopper.example',
    locale: 'en',
    street: '17 Bay Street',
    city: 'Seattle',
    province: 'Washington',
    code: 'WA',
    zip: '98101',
    orders: [[340, ['mint-tea']]],
  },
  {
    first: 'Amara',
    last: 'Okafor',
    email: 'amara@shopper.example',
    locale: 'en',
    street: '56 Peach Row',
    city: 'Atlanta',
    province: 'Georgia',
    code: 'GA',
    zip: '30303',
    orders: [[8, ['wildflower-honey', 'orange-marmalade', 'mint-tea']]],
  },
  {
    first: 'Lucía',
    last: 'Fernández',
    email: 'lucia@shopper.example',
    locale: 'es',
    street: '3 Palm Court',
    city: 'Miami',
    province: 'Florida',
    code: 'FL',
    zip: '33101',
    orders: [],
  },
  {
    first: 'Tom',
    last: 'Hughes',
    email: 'tom@shopper.example',
    locale: 'en',
    street: '44 Quarry Hill',
    city: 'Denver',
    province: 'Colorado',
    code: 'CO',
    zip: '80202',
    orders: [[30, ['travel-cup']]],
  },
];

export function linesOf(
  products: Product[],
  handles: readonly string[],
): {
  productId: number;
  variantId: number;
  title: string;
  sku: string;
  quantity: number;
  unitPrice: number;
}[] {
  return handles
    .flatMap((handle) => products.filter((product) => product.handle === handle))
    .map((product) => ({
      productId: product.id,
      variantId: product.variantId,
      title: product.title,
      sku: product.sku,
      quantity: 1,
      unitPrice: product.price,
    }));
}

const at = (world: World, daysAgo: number): string =>
  world.clock.iso(world.clock.now() - daysAgo * DAY_MS);

/** Fills a fresh shop. Past orders make no webhooks: the app finds them when it is installed. */
export function seedDemo(world: World, generated: number): void {
  const { data, store } = world;
  const past: { customer: Customer; daysAgo: number; handles: readonly string[] }[] = [];
  for (const person of PEOPLE) {
    const address: Address = {
      id: store.nextId('address'),
      firstName: person.first,
      lastName: person.last,
      address1: person.street,
      city: person.city,
      province: person.province,
      provinceCode: person.code,
      country: 'United States',
      countryCode: 'US',
      zip: person.zip,
      phone: null,
    };
    const customer = buildCustomer(
      world,
      {
        email: person.email,
        first_name: person.first,
        last_name: person.last,
        locale: person.locale,
        tags: person.tags ?? [],
      },
      address,
    );
    const first = at(world, (person.orders[0]?.[0] ?? 3) + 1);
    Object.assign(customer, { createdAt: first, updatedAt: first });
    data.customers.set(customer.id, customer);
    for (const [daysAgo, handles] of person.orders) past.push({ customer, daysAgo, handles });
  }
  // Oldest first, so that the orders' numbers follow their dates.
  for (const { customer, daysAgo, handles } of past.sort((a, b) => b.daysAgo - a.daysAgo))
    placeOrder(world, {
      customer,
      lines: linesOf(data.products, handles),
      shipping: 500,
      paid: true,
      at: at(world, daysAgo),
      silent: true,
    });
  generate(world, generated);
  store.changed();
}

const FIRST = [
  'Noah',
  'Mila',
  'Luca',
  'Ines',
  'Omar',
  'Sofia',
  'Hugo',
  'Aisha',
  'Ethan',
  'Clara',
  'Mina',
  'Felix',
  'Nora',
  'Diego',
  'Zoe',
  'Samir',
];
const LAST = [
  'Reed',
  'Silva',
  'Moreau',
  'Khan',
  'Bauer',
  'Costa',
  'Novak',
  'Blanc',
  'Ortiz',
  'Lind',
  'Rossi',
  'Doyle',
  'Meyer',
  'Vega',
  'Hart',
  'Sato',
];

/** Generated customers, the same every time: most buy once or never, a few often. */
export function generate(world: World, count: number): Customer[] {
  let state = 42;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const made: Customer[] = [],
    { products } = world.data,
    offset = world.data.customers.size;
  for (let i = 0; i < count; i++) {
    const first = FIRST[random(FIRST.length)] ?? 'Noah',
      last = LAST[random(LAST.length)] ?? 'Reed';
    const customer = buildCustomer(world, {
      email: `${first}.${last}.${offset + i}@shopper.example`.toLowerCase(),
      first_name: first,
      last_name: last,
      locale: ['en', 'en', 'es', 'fr'][random(4)] ?? 'en',
    });
    const since = 20 + random(360),
      joined = at(world, since);
    Object.assign(customer, { createdAt: joined, updatedAt: joined });
    world.data.customers.set(customer.id, customer);
    made.push(customer);
    for (let n = [0, 0, 1, 1, 1, 2, 3, 6][random(8)] ?? 0; n > 0; n--) {
      const product = products[random(products.length)];
      if (product)
        placeOrder(world, {
          customer,
          lines: linesOf(products, [product.handle]),
          shipping: 500,
          paid: true,
          at: at(world, random(since)),
          silent: true,
        });
    }
  }
  return made;
}
