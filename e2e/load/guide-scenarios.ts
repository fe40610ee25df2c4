/**
 * The loads of the deployment guide (section 8.2, and the sizes of section 6): how much, what is sent, and what is
 * promised. k6 (infra/k6) and `npm run bench guide` run the same, so this file imports nothing.
 */

export const loads = {
  /** Merchants who ask for their segment counts at once. */
  segmentCounts: { merchants: 1_000 },
  /** Entries from so many callers, one after the other each, for so long. */
  inserts: { perSecond: 1_000, seconds: 10, callers: 64 },
  /** All the orders of the guide's hour, sent by so many connections as fast as they are taken. */
  orders: { count: 1_000, connections: 50 },
  redactions: { count: 100, connections: 20 },
  /** A shop's members, and how often each of its lists is opened. */
  customers: { members: 50_000, times: 20 },
  /** People who follow links by SMS at once, and whose links they are. */
  referralClicks: { people: 500, advocates: 50 },
} as const;

export interface Threshold {
  readonly promise: string;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export const thresholds = {
  segment_counts_seconds: {
    promise: '1,000 merchants ask for their segment counts at once',
    unit: 's until the last has its answer',
    atMost: 1,
  },
  inserts_per_second: {
    promise: 'three-column inserts into points_transactions',
    unit: 'a second',
    atLeast: 1_000,
  },
  awards_per_second: {
    promise: 'the same by EarnPoints, a call for each',
    unit: 'a second',
    atLeast: 1_000,
  },
  orders_per_hour: {
    promise: '1,000 orders an hour, from delivery to balance',
    unit: 'an hour',
    atLeast: 1_000,
  },
  orders_per_hour_stretch: {
    promise: 'the stretch of 10,000 orders an hour',
    unit: 'an hour',
    atLeast: 10_000,
  },
  redactions_seconds: {
    promise: '100 customers/redact until gdpr_requests has them completed',
    unit: 's',
    atMost: 5,
  },
  customer_list_seconds: {
    promise: 'the slowest page of 50,000 customers',
    unit: 's',
    atMost: 1,
  },
  referral_clicks_seconds: {
    promise: '500 people follow referral links at once',
    unit: 's at the 99th percentile',
    atMost: 0.2,
  },
  referral_counting_seconds: {
    promise: "their visits are worked off the queue (referrals.type='sms')",
    unit: 's each at the median',
    atMost: 0.2,
  },
} as const satisfies Record<string, Threshold>;

export type Figure = keyof typeof thresholds;

/** What was found, and how much of it was refused, failed or empty. */
export interface Finding {
  readonly value: number;
  readonly failed: number;
}

export interface Verdict {
  readonly figure: Figure;
  readonly met: boolean;
  /** How many times better than promised; below 1 it is missed. */
  readonly ratio: number;
  readonly line: string;
}

/** Each promise with what was found. One that failed, in part or altogether, is missed however fast it was. */
export function evaluate(findings: Readonly<Record<Figure, Finding>>): Verdict[] {
  return (Object.keys(thresholds) as Figure[]).map((figure) => {
    const threshold: Threshold = thresholds[figure];
    const { value, failed } = findings[figure];
    const { atMost, atLeast } = threshold;
    const ratio = atMost === undefined ? value / (atLeast ?? 0) : atMost / value;
    const met = failed === 0 && ratio >= 1;
    const bound = atMost === undefined ? `at least ${shown(atLeast ?? 0)}` : `at most ${atMost}`;
    const failures = failed === 0 ? '' : `, ${failed} failed`;
    const line =
      `${met ? 'met   ' : 'missed'} ${threshold.promise}: ${shown(value)} ${threshold.unit}, ` +
      `${bound} promised (${shown(ratio)} times${failures})`;
    return { figure, met, ratio, line };
  });
}

const shown = (value: number): string =>
  value >= 1_000
    ? Math.round(value).toLocaleString('en')
    : String(Number.isFinite(value) ? Number(value.toPrecision(3)) : value);

// ---- What is sent

/** The guide's statement. */
export const threeColumns =
  'INSERT INTO points_transactions (customer_id, merchant_id, points) VALUES ($1, $2, $3)';
export const pointsOfAnInsert = 10;

/** points.v1.Award, whose key must be new. */
export const awardOf = (customerId: string, idempotencyKey: string) => ({
  customerId,
  points: pointsOfAnInsert,
  idempotencyKey,
  type: '',
  source: 'order',
  reason: '',
  orderId: '',
  expiresAt: '',
  occurredAt: '',
});

/** admin.v1.UpsertCustomerRequest: the n-th member of the large shop, as the first import reports them. */
export const memberOf = (n: number, updatedAt: string) => ({
  customer: {
    shopifyCustomerId: String(8_700_000_000_000 + n),
    email: `member.${n}@shopper.example`,
    firstName: `First${n % 500}`,
    lastName: `Last${n % 2_000}`,
    locale: 'en',
    state: 'enabled',
  },
  trigger: 'synced',
  updatedAt,
  deliveryId: '',
  marketing: '',
  tagsAdded: [],
  tagsRemoved: [],
});

/** admin.v1.GetCustomersRequest: the lists that a merchant opens. */
export const customerLists = [
  { sort: 'newest', query: '' },
  { sort: 'balance', query: '' },
  { sort: 'last_order', query: '' },
  { sort: 'newest', query: 'First7 Last7' },
  { sort: 'newest', query: 'member.49999@shopper.example' },
].map(({ sort, query }) => ({
  query,
  sort,
  page: { pageSize: 50, cursor: '' },
  vipTierId: '',
  segmentId: '',
}));

/** Shopify's id of the n-th shopper who buys, and is erased later. */
export const shopperOf = (n: number): number => 8_800_000_000_000 + n;

/** The body of orders/paid: one line of 25.00, by the n-th shopper. */
export function paidOrder(orderId: number, n: number, at: string, currency = 'USD') {
  const price = '25.00';
  return {
    id: orderId,
    admin_graphql_api_id: `gid://shopify/Order/${orderId}`,
    name: `#${orderId % 1_000_000}`,
    source_name: 'web',
    test: false,
    currency,
    presentment_currency: currency,
    financial_status: 'paid',
    taxes_included: false,
    subtotal_price: price,
    current_subtotal_price: price,
    total_tax: '0.00',
    total_price: price,
    current_total_price: price,
    created_at: at,
    processed_at: at,
    updated_at: at,
    cancelled_at: null,
    customer: {
      id: shopperOf(n),
      admin_graphql_api_id: `gid://shopify/Customer/${shopperOf(n)}`,
      email: `load.${n}@shopper.example`,
      first_name: 'Sam',
      last_name: `Load${n}`,
      state: 'enabled',
    },
    line_items: [
      {
        id: orderId + 1,
        product_id: 7_700_000_000_001,
        title: 'Cup',
        quantity: 1,
        current_quantity: 1,
        price,
        gift_card: false,
        discount_allocations: [],
      },
    ],
    refunds: [],
    discount_codes: [],
  };
}

/** The body of customers/redact for the n-th shopper. */
export const redaction = (shopDomain: string, n: number, orderIds: readonly number[]) => ({
  shop_id: 1,
  shop_domain: shopDomain,
  customer: { id: shopperOf(n), email: `load.${n}@shopper.example`, phone: null },
  orders_to_redact: orderIds,
});

/** What a link by SMS is asked with by way of Shopify's app proxy, before it is signed. */
export const visitOf = (shopDomain: string, timestamp: number) => ({
  shop: shopDomain,
  path_prefix: '/apps/loyalnest',
  timestamp: String(timestamp),
  logged_in_customer_id: '',
  c: 'sms',
});

/** What the app proxy signs of a query: HMAC-SHA256 of this, in hex. */
export const signedTextOf = (query: Readonly<Record<string, string>>): string =>
  Object.entries(query)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('');

/** Of a person: what programs fetch is not counted. */
export const visitorHeaders = {
  'user-agent':
    'Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36',
  'accept-language': 'en-US,en;q=0.9',
  'accept-encoding': 'gzip, br',
} as const;

/** What Shopify sends beside a body. */
export const deliveryHeaders = (delivery: {
  readonly topic: string;
  readonly shopDomain: string;
  /** HMAC-SHA256 of the body's bytes, in base64. */
  readonly signature: string;
  readonly webhookId: string;
  readonly eventId: string;
  readonly at: string;
}) => ({
  'content-type': 'application/json',
  'x-shopify-topic': delivery.topic,
  'x-shopify-hmac-sha256': delivery.signature,
  'x-shopify-shop-domain': delivery.shopDomain,
  'x-shopify-api-version': '2026-10',
  'x-shopify-webhook-id': delivery.webhookId,
  'x-shopify-event-id': delivery.eventId,
  'x-shopify-triggered-at': delivery.at,
});
