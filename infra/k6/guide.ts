/**
 * The deployment guide's loads (section 8.2) for k6, against an environment with seeded shops; e2e/load/guide-scenarios.ts
 * has sizes, bodies and thresholds. From this folder:
 *
 *   k6 run -e CORE_ADDRESS=127.0.0.1:50051 -e CORE_SIGNING_KEY=… -e WEB_URL=http://127.0.0.1:3000 \
 *     -e SHOP=demo-store.myshopify.com -e SHOPIFY_API_SECRET=… guide.ts
 *
 * SHOP must have a referral program. Over TLS with -e CORE_TLS=on. Never against shops of real merchants: it buys and erases at SHOP, and gives points to
 * members of all.
 */
import { check, sleep } from 'k6';
import crypto from 'k6/crypto';
import exec from 'k6/execution';
import http from 'k6/http';
import { Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import {
  awardOf,
  customerLists,
  deliveryHeaders,
  loads,
  paidOrder,
  redaction,
  signedTextOf,
  thresholds,
  visitOf,
  visitorHeaders,
} from '../../e2e/load/guide-scenarios.ts';
import { call, needed } from './core.ts';

const milliseconds = (seconds: number) => seconds * 1_000;
const hourSeconds = 3_600;
const membersOfEach = 8;
const pollSeconds = 0.1;
const giveUpSeconds = 120;

const redactionsSeconds = new Trend('redactions_seconds');

export const options: Options = {
  setupTimeout: '5m',
  batchPerHost: loads.redactions.connections,
  batch: loads.redactions.connections,
  scenarios: {
    segment_counts: {
      executor: 'per-vu-iterations',
      exec: 'segmentCounts',
      vus: loads.segmentCounts.merchants,
      iterations: 1,
      maxDuration: '30s',
    },
    customer_lists: {
      executor: 'per-vu-iterations',
      exec: 'customers',
      startTime: '40s',
      vus: 1,
      iterations: loads.customers.times,
      maxDuration: '1m',
    },
    inserts: {
      executor: 'constant-arrival-rate',
      exec: 'inserts',
      startTime: '110s',
      rate: loads.inserts.perSecond,
      timeUnit: '1s',
      duration: `${loads.inserts.seconds}s`,
      preAllocatedVUs: loads.inserts.callers,
    },
    orders: {
      executor: 'shared-iterations',
      exec: 'orders',
      startTime: '160s',
      vus: loads.orders.connections,
      iterations: loads.orders.count,
      // All of them within it: the stretch.
      maxDuration: `${Math.floor((loads.orders.count / thresholds.orders_per_hour_stretch.atLeast) * hourSeconds)}s`,
    },
    redactions: {
      executor: 'per-vu-iterations',
      exec: 'redactions',
      startTime: '540s',
      vus: 1,
      iterations: 1,
      maxDuration: `${giveUpSeconds * 2}s`,
    },
    referral_clicks: {
      executor: 'per-vu-iterations',
      exec: 'followLink',
      startTime: '800s',
      vus: loads.referralClicks.people,
      iterations: 1,
      maxDuration: '30s',
    },
    referral_counting: {
      executor: 'per-vu-iterations',
      exec: 'visitsCounted',
      startTime: '840s',
      vus: 1,
      iterations: 1,
      maxDuration: '30s',
    },
  },
  thresholds: {
    checks: ['rate==1'],
    'grpc_req_duration{scenario:segment_counts}': [
      `max<${milliseconds(thresholds.segment_counts_seconds.atMost)}`,
    ],
    'grpc_req_duration{scenario:customer_lists}': [
      `max<${milliseconds(thresholds.customer_list_seconds.atMost)}`,
    ],
    'dropped_iterations{scenario:inserts}': ['count==0'],
    'iterations{scenario:orders}': [`count==${loads.orders.count}`],
    // How soon each visit is counted, `npm run bench guide` measures; here, that all are.
    'http_req_duration{scenario:referral_clicks}': [
      `p(99)<${milliseconds(thresholds.referral_clicks_seconds.atMost)}`,
    ],
    redactions_seconds: [`max<${thresholds.redactions_seconds.atMost}`],
  },
};

interface Page {
  readonly nextCursor: string;
  /** An int64, which JSON has as a text. */
  readonly total: string;
}
interface Shop {
  readonly merchantId: string;
  readonly customerIds: readonly string[];
}
interface Prepared {
  readonly shops: readonly Shop[];
  /** The shop with most members. */
  readonly largest: string;
  /** Of SHOP. */
  readonly merchantId: string;
  /** Orders and shoppers of this run are numbered from here: who was erased by an earlier one stays so. */
  readonly from: number;
  /** Of links of SHOP, and how many visits by SMS they had before. */
  readonly codes: readonly string[];
  readonly visitsBefore: number;
}

/** Finds the shops and some members of each. */
export function setup(): Prepared {
  const shops: Shop[] = [];
  let largest = { merchantId: '', members: 0 };
  let cursor = '';
  do {
    const list = call<{ merchants: { merchantId: string }[]; page: Page }>(
      'admin.v1.AdminService/ListMerchants',
      '',
      { page: { pageSize: 50, cursor } },
    );
    for (const { merchantId } of list?.merchants ?? []) {
      const first = call<{ customers: { customerId: string }[]; page: Page }>(
        'admin.v1.AdminService/GetCustomers',
        merchantId,
        { sort: 'newest', page: { pageSize: membersOfEach, cursor: '' } },
      );
      const members = Number(first?.page.total ?? 0);
      if (members > largest.members) largest = { merchantId, members };
      const customerIds = (first?.customers ?? []).map(({ customerId }) => customerId);
      if (customerIds.length > 0) shops.push({ merchantId, customerIds });
    }
    cursor = list?.page.nextCursor ?? '';
  } while (cursor !== '' && shops.length < loads.segmentCounts.merchants);
  const ours = call<{ merchant: { merchantId: string } }>(
    'admin.v1.AdminService/GetMerchantByShop',
    '',
    { shopDomain: needed('SHOP') },
  );
  if (ours === undefined || shops.length === 0)
    throw new Error(`there are no shops with members, or ${needed('SHOP')} is not installed`);
  return {
    shops,
    largest: largest.merchantId,
    merchantId: ours.merchant.merchantId,
    from: Date.now(),
    codes: linksOf(ours.merchant.merchantId),
    visitsBefore: visitsBySms(ours.merchant.merchantId),
  };
}

function linksOf(merchantId: string): string[] {
  const members = call<{ customers: { customerId: string }[] }>(
    'admin.v1.AdminService/GetCustomers',
    merchantId,
    { sort: 'newest', page: { pageSize: loads.referralClicks.advocates, cursor: '' } },
  );
  const codes = (members?.customers ?? []).flatMap(({ customerId }) => {
    const link = call<{ referralCode: string }>(
      'referrals.v1.ReferralService/CreateReferral',
      merchantId,
      { advocateCustomerId: customerId },
    );
    return link === undefined ? [] : [link.referralCode];
  });
  if (codes.length === 0) throw new Error(`${needed('SHOP')} has no members with links`);
  return codes;
}

function visitsBySms(merchantId: string): number {
  const funnel = call<{ channels: { channel: string; clicked: string }[] }>(
    'referrals.v1.ReferralService/GetReferralFunnel',
    merchantId,
    { days: 7 },
  );
  return Number(funnel?.channels.find(({ channel }) => channel === 'sms')?.clicked ?? 0);
}

const shopOf = ({ shops }: Prepared, n: number): Shop => {
  const shop = shops[n % shops.length];
  if (shop === undefined) throw new Error('there is no shop');
  return shop;
};

export function segmentCounts(prepared: Prepared): void {
  const { merchantId } = shopOf(prepared, exec.scenario.iterationInTest);
  const answer = call<{ segments: unknown[]; countedAt: string }>(
    'analytics.v1.AnalyticsService/GetSegments',
    merchantId,
    {},
  );
  check(answer, { 'segments have been counted': (found) => (found?.countedAt ?? '') !== '' });
}

export function customers({ largest }: Prepared): void {
  for (const request of customerLists) call('admin.v1.AdminService/GetCustomers', largest, request);
}

export function inserts(prepared: Prepared): void {
  const n = exec.scenario.iterationInTest;
  const { merchantId, customerIds } = shopOf(prepared, n);
  const award = awardOf(customerIds[n % customerIds.length] ?? '', `k6/${prepared.from}/${n}`);
  const answer = call<{ result: { status: string } }>(
    'points.v1.PointsService/EarnPoints',
    merchantId,
    { award },
  );
  check(answer, { 'points were awarded': (found) => found?.result.status === 'awarded' });
}

/** A webhook as Shopify signs it. */
function delivery(topic: string, payload: object, id: string) {
  const body = JSON.stringify(payload);
  const headers = deliveryHeaders({
    topic,
    shopDomain: needed('SHOP'),
    signature: crypto.hmac('sha256', needed('SHOPIFY_API_SECRET'), body, 'base64'),
    webhookId: `k6-${id}`,
    eventId: `k6-${id}`,
    at: new Date().toISOString(),
  });
  return { url: `${needed('WEB_URL')}/webhooks/${topic}`, body, params: { headers } };
}

const orderIdOf = (from: number, n: number) => from * 1_000 + n;

export function orders({ from }: Prepared): void {
  const n = exec.scenario.iterationInTest;
  const order = paidOrder(orderIdOf(from, n), from + n, new Date().toISOString());
  const { url, body, params } = delivery('orders/paid', order, `${from}-order-${n}`);
  check(http.post(url, body, params), { 'the order was taken': ({ status }) => status === 200 });
}

/** Erases those who bought first, and waits until that is done. */
export function redactions({ from, merchantId }: Prepared): void {
  const { count } = loads.redactions;
  const newest = gdprRequests(merchantId, '').requests[0]?.requestId;
  const started = Date.now();
  const answers = http.batch(
    Array.from({ length: count }, (_, n) => {
      const asked = redaction(needed('SHOP'), from + n, [orderIdOf(from, n)]);
      const sent = delivery('customers/redact', asked, `${from}-redact-${n}`);
      return { method: 'POST', ...sent };
    }),
  );
  check(answers, {
    'the redactions were taken': (all) => all.every(({ status }) => status === 200),
  });
  while (
    completedSince(merchantId, newest) < count &&
    Date.now() - started < milliseconds(giveUpSeconds)
  )
    sleep(pollSeconds);
  redactionsSeconds.add((Date.now() - started) / 1_000);
}

interface GdprRequests {
  readonly requests: readonly { requestId: string; requestType: string; status: string }[];
  readonly page: Page;
}

const gdprRequests = (merchantId: string, cursor: string): GdprRequests => {
  const found = call<GdprRequests>('admin.v1.AdminService/ListGdprRequests', merchantId, {
    page: { pageSize: 50, cursor },
  });
  return found ?? { requests: [], page: { nextCursor: '', total: '-1' } };
};

/** Newest first, so that those of this run end at the one that was newest before it. */
function completedSince(merchantId: string, newest: string | undefined): number {
  let completed = 0;
  let cursor = '';
  do {
    const { requests, page } = gdprRequests(merchantId, cursor);
    for (const { requestId, requestType, status } of requests) {
      if (requestId === newest) return completed;
      if (requestType === 'redact' && status === 'completed') completed++;
    }
    cursor = page.nextCursor;
  } while (cursor !== '');
  return completed;
}

/** As Shopify's app proxy passes it on. */
export function followLink({ codes }: Prepared): void {
  const code = codes[exec.scenario.iterationInTest % codes.length] ?? '';
  const query = visitOf(needed('SHOP'), Math.floor(Date.now() / 1_000));
  const text = signedTextOf(query);
  const signature = crypto.hmac('sha256', needed('SHOPIFY_API_SECRET'), text, 'hex');
  const asked = Object.entries({ ...query, signature })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  const answer = http.get(`${needed('WEB_URL')}/proxy/r/${code}?${asked}`, {
    headers: visitorHeaders,
  });
  check(answer, { 'the link opened': ({ status }) => status === 200 });
}

export function visitsCounted({ merchantId, visitsBefore }: Prepared): void {
  check(visitsBySms(merchantId) - visitsBefore, {
    'all visits were counted': (counted) => counted === loads.referralClicks.people,
  });
}
