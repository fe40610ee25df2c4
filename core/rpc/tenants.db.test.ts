import { ScalarType } from '@bufbuild/protobuf';
import type { DescField, DescMessage, DescMethod } from '@bufbuild/protobuf';
import { Metadata, createClientFactory } from 'nice-grpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import { AnalyticsServiceDefinition } from '#proto/analytics/v1/analytics.ts';
import { FrontendServiceDefinition } from '#proto/frontend/v1/frontend.ts';
import { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import { ReferralServiceDefinition } from '#proto/referrals/v1/referrals.ts';
import { CallFailure, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';
import { everythingOf, createFixtureShop } from '../testing/fixture-shop.ts';
import type { Belongings } from '../testing/fixture-shop.ts';
import { listMethods } from '../testing/reflection.ts';
import { adminService } from './admin.ts';
import { analyticsService } from './analytics.ts';
import { frontendService } from './frontend.ts';
import { pointsService } from './points.ts';
import { referralService } from './referrals.ts';

let test: TestCore;
let own: Belongings;
let foreign: Belongings;
let methods: DescMethod[];
let ownMerchant: string;
let foreignMerchant: string;

beforeAll(async () => {
  test = await startTestCore();
  methods = await listMethods(test.channel);
  ({ merchantId: ownMerchant, belongings: own } = await createFixtureShop(test, 'a'));
  ({ merchantId: foreignMerchant, belongings: foreign } = await createFixtureShop(test, 'b'));
});
afterAll(() => test.stop());

const definitions = [
  AdminServiceDefinition,
  PointsServiceDefinition,
  AnalyticsServiceDefinition,
  FrontendServiceDefinition,
  ReferralServiceDefinition,
];
const policies: Record<string, Record<string, { tenant: boolean }>> = {
  'admin.v1.AdminService': adminService.policies,
  'points.v1.PointsService': pointsService.policies,
  'analytics.v1.AnalyticsService': analyticsService.policies,
  'frontend.v1.FrontendService': frontendService.policies,
  'referrals.v1.ReferralService': referralService.policies,
};

/** Values that pass the edge, for fields whose name alone does not suggest one. */
const samples: Readonly<Record<string, unknown>> = {
  email: 'someone@example.com',
  shopify_customer_id: '5001',
  kept_shopify_customer_id: '5001',
  removed_shopify_customer_id: '5002',
  order_id: '9001',
  refund_id: '9101',
  line_id: '9201',
  product_id: '9301',
  currency: 'USD',
  country: 'FR',
  presentment_currency: 'USD',
  timezone: 'UTC',
  locale: 'en',
  default_language: 'en',
  reason: 'because',
  purpose: 'test',
  amount: '1.00',
  subtotal: '10.00',
  current_subtotal: '10.00',
  total: '10.00',
  price: '10.00',
  financial_status: 'paid',
  channel: 'online',
  state: 'enabled',
  request_type: 'data_request',
  source: 'admin',
  phase: 'customers',
  points_per_unit: '10',
  award_on: 'paid',
  refund_policy: 'debt',
  type: '',
  types: [],
  cursor: '',
  query: '',
  sort: '',
  task: 'launch_program',
  topic: '',
  action: '',
  marketing: '',
  company: 'no',
  provider: 'yotpo',
  birthday: '05-17',
  names: { en: 'A tier' },
  translations: { es: 'Una prueba' },
  month: '2031-03',
  expiry_mode: 'fixed',
  perks: {},
  basis: 'spend',
  period: 'lifetime',
  spend_threshold: '10.00',
  points_multiplier: '1',
  free_shipping: false,
  direction: 'rise',
  failure_code: 'refused',
};
const campaign = {
  type: 'double_points',
  multiplier: '2',
  start_local: '2099-01-01T00:00',
  end_local: '',
  segments: ['vip'],
  tier_ids: [],
  countries: ['FR'],
  regions: ['EU'],
  min_spend: '10.00',
  goal_amount: '',
  trigger: '',
  segment: '',
};
const programSamples: Readonly<Record<string, unknown>> = {
  action: 'birthday',
  icon: 'gift',
  purchase_icon: 'cart',
  signup_icon: 'person',
  network: 'x',
  handle: '@shop',
  min_spend: '1.00',
  participants: 'all',
  multiplier: '2',
  stacking: 'highest',
  since: '',
  gift_cards: 'nothing',
  test_orders: 'auto',
};
const orderSamples: Readonly<Record<string, unknown>> = {
  trigger: 'paid',
  refund: undefined,
  cancelled_at: '',
  source: 'webhook',
  observed_at: '',
  created_at: '',
  transactions: [],
};
const traces = { device: 'probe', ip: '203.0.113.9', phone: '', address: undefined };
const probeClick = '6f1c2b1e-7a7d-4d9e-8f57-0a4f5c1d2e3f';
const endpoint = { url: 'https://probe.example/hooks', events: ['points.earned'] };
const samplesByMethod: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  RecordOrder: orderSamples,
  RecordOrders: orderSamples,
  UpsertCustomer: { trigger: 'updated' },
  UpsertCustomers: { trigger: 'updated', delivery_id: '' },
  UpdateSync: { status: 'running', kind: 'order' },
  CompleteSetupTask: { status: 'completed' },
  RecordShopVisit: { access: 'connected' },
  ListDeliveries: { status: '' },
  GetCustomer: { shopify_customer_id: '' },
  SubmitGdprRequest: { shopify_customer_id: '', order_ids: ['9001'], phone: '' },
  RedactShop: { shop_domain: 'tenant-a.myshopify.com' },
  RequestShopErasure: { shop_domain: 'tenant-a.myshopify.com', received_at: '' },
  CancelShopErasure: { reason: 'installed_still' },
  UpdateSettings: { points_name: { en: { one: 'star', other: 'stars' } } },
  AdjustPoints: { points: 1 },
  ClaimAction: { action: 'birthday', network: '' },
  UpdatePointsProgram: programSamples,
  SimulateProgram: { ...programSamples, months: 1 },
  CreateCampaign: campaign,
  UpdateCampaign: campaign,
  PreviewCampaign: campaign,
  UpsertLifecycleCampaign: { ...campaign, trigger: 'tier_up' },
  ListCampaigns: { status: '' },
  GetCustomers: { vip_tier_id: '' },
  CreateReferral: traces,
  TrackClick: { referral_code: 'NOBODYS1', click_id: probeClick, channel: 'copy' },
  TrackClicks: {
    clicks: [{ referral_code: 'NOBODYS1', click_id: probeClick, channel: 'copy' }],
  },
  GetOffer: { referral_code: 'NOBODYS1' },
  ClaimReferral: { ...traces, referral_code: 'NOBODYS1', click_id: '', channel: 'copy' },
  CompleteReferral: {
    ...traces,
    referral_code: 'NOBODYS1',
    click_id: '',
    channel: 'copy',
    ordered_at: '',
  },
  KeepTraces: traces,
  ReportOrderRisk: { risk: 'low' },
  UpdateReferralConfig: {
    complete_on: 'signup',
    min_order: '',
    kind: 'points',
    discount: '',
    value: '',
    min_purchase: '',
    tiers: [],
    channels: ['copy'],
    refuse_from: 90,
  },
  ListReferrals: { status: '' },
  DecideReferral: { decision: 'denied' },
  GetReferralFunnel: { days: 7 },
  QueueMessages: { event_ids: ['1'] },
  ClaimMessage: { lease_seconds: 1 },
  BeginSending: { lease_id: probeClick, provider: 'klaviyo', channel: 'email', phone: '' },
  SettleMessage: {
    lease_id: probeClick,
    status: 'sent',
    reason: '',
    retry_at: '',
  },
  ListMessages: { status: '' },
  RecordEvents: { event_ids: ['1'] },
  OpenEventDelivery: { lease_id: probeClick },
  SettleEventDelivery: { lease_id: probeClick, failure: '', answer_excerpt: '' },
  CreateEventEndpoint: { ...endpoint, creation_key: probeClick },
  UpdateEventEndpoint: { ...endpoint, revision: '' },
  SetEventEndpointStatus: { status: 'active' },
  SendTestEvent: { type: 'points.earned' },
  ListEventDeliveries: { status: '' },
  ReplayEvents: { since: '2026-11-01T10:00:00.000Z' },
  ReportFlowTrigger: { type: 'points.earned' },
  Unsubscribe: { token: 'probe' },
  ReadUnsubscribe: { token: 'probe' },
  UpdateMessagingSettings: {
    sender_name: 'Probe',
    reply_to: 'probe@example.com',
    channels: { points_earned: 'email' },
    email_provider: 'klaviyo',
    sms_provider: '',
    quiet_from: 0,
    quiet_until: 0,
    revision: '',
    providers: [],
  },
  UpdateMessagingProvider: { provider: 'klaviyo', credentials: {}, disconnect: false },
  GetMessagingCredentials: { provider: 'klaviyo' },
  RecordProviderCheck: { provider: 'klaviyo', reason: '' },
  BeginTestMessage: { channel: 'email' },
  RecordTestMessage: { lease_id: probeClick, provider: 'ses', status: 'sent', reason: '' },
  RecordProviderReport: {
    provider: 'klaviyo',
    outcome: 'opted_out',
    provider_message_id: 'probe',
    email: 'probe@example.com',
    reason: '',
    shopify_customer_id: '5001',
    phone: '',
  },
  DismissTip: { tip_id: 'tiers' },
  GetLogs: { kind: '', from_day: '', to_day: '' },
  UpsertReward: {
    kind: 'amount_off',
    status: 'active',
    title: { en: 'probe' },
    description: {},
    value: '1.00',
    discount: '',
    mode: '',
    applies_to: '',
    collection_id: '',
    product_id: '',
    variant_id: '',
    max_shipping: '',
    min_purchase: '',
    code_prefix: '',
    tier_ids: [],
    segments: [],
    icon_url: '',
  },
  SetRewardStatus: { status: 'disabled' },
  GetMessageTemplate: { type: 'points_earned' },
  UpdateNotificationTemplate: {
    type: 'points_earned',
    subject: 'probe',
    blocks: '{"blocks":[{"type":"divider"}]}',
    text: 'probe',
  },
  ResetMessageTemplate: { type: 'points_earned' },
  UpdateContent: {
    color: '#0f766e',
    position: 'left',
    icon: 'star',
    text: { en: 'probe' },
    welcome: { en: 'probe' },
    title: { en: 'probe' },
    logo_url: '',
    link: '/pages/rewards',
  },
};

interface Probe {
  /** The field that gets the other tenant's id; the others get our own. */
  readonly path: string;
}

/** The names of ids that are ours to give, however deep in the request. */
function idPaths(message: DescMessage, prefix = '', depth = 0): Probe[] {
  if (depth > 4) return [];
  return message.fields.flatMap((field) => {
    const path = `${prefix}${field.name}`;
    // Shopify's own ids of payments: they are no entries.
    if (path.endsWith('.transactions')) return [];
    if (isOwnId(field)) return [{ path }];
    return field.message === undefined ? [] : idPaths(field.message, `${path}.`, depth + 1);
  });
}

function isOwnId(field: DescField): boolean {
  const isText = field.scalar === ScalarType.STRING;
  return isText && Object.hasOwn(own, singular(field.name));
}

const singular = (name: string) => name.replace(/_ids$/, '_id');

function requestFor(method: DescMethod, foreignPath: string): Record<string, unknown> {
  const special = samplesByMethod[method.name] ?? {};
  const build = (message: DescMessage, prefix: string, depth: number): Record<string, unknown> =>
    Object.fromEntries(
      message.fields.map((field) => [
        field.localName,
        valueOf(field, `${prefix}${field.name}`, depth),
      ]),
    );
  const valueOf = (field: DescField, path: string, depth: number): unknown => {
    const one = () => {
      if (isOwnId(field)) return (path === foreignPath ? foreign : own)[singular(field.name)];
      if (Object.hasOwn(special, field.name)) return special[field.name];
      if (Object.hasOwn(samples, field.name)) return samples[field.name];
      if (field.scalar === ScalarType.STRING && /(amount|total)$/.test(field.name)) return '10.00';
      if (field.name.endsWith('_at')) return '2026-11-01T10:00:00.000Z';
      if (field.message !== undefined)
        return depth > 4 ? undefined : build(field.message, `${path}.`, depth + 1);
      if (field.scalar === ScalarType.STRING) return `probe-${method.name}`;
      if (field.scalar === ScalarType.BOOL) return true;
      return 1;
    };
    if (Object.hasOwn(special, field.name) && !(isOwnId(field) && path === foreignPath))
      return special[field.name];
    if (field.name === 'problem') return undefined;
    if (field.name === 'expires_at') return new Date(Date.now() + 60_000).toISOString();
    if (field.fieldKind === 'list') return field.name === 'types' ? [] : [one()];
    return one();
  };
  return build(method.input, '', 0);
}

/** Calls a method by its name and returns the code it failed with, or its answer. */
async function call(
  method: DescMethod,
  request: unknown,
): Promise<{ code: string; answer: unknown }> {
  const definition = definitions.find((item) => item.fullName === method.parent.typeName);
  if (definition === undefined)
    throw new Error(`${method.parent.typeName} is served and not known to this test`);
  const authorization = `Bearer ${test.tokenFor({ merchant: ownMerchant, actor: 'customer:5001', scopes: ['system', 'customer:points'] })}`;
  // A tenant named anywhere but in the token is not listened to.
  const metadata = Metadata({
    authorization,
    merchant: foreignMerchant,
    'x-merchant-id': foreignMerchant,
  });
  let code = '';
  let field = '';
  const factory = createClientFactory().use(async function* (next, options) {
    return yield* next.next(next.request, {
      ...options,
      metadata,
      onTrailer(trailer) {
        code = trailer.get('loyalnest-error-code') ?? '';
        field = trailer.get('loyalnest-error-field') ?? '';
      },
    });
  });
  const client: Record<string, unknown> = factory.create(definition, test.channel);
  const invoke = client[method.localName] as ((request: unknown) => unknown) | undefined;
  if (invoke === undefined) throw new Error(`${method.name} is not a method`);
  try {
    if (method.methodKind === 'server_streaming') {
      const answers: unknown[] = [];
      for await (const item of invoke(request) as AsyncIterable<unknown>) answers.push(item);
      return { code, answer: answers };
    }
    if (method.methodKind === 'bidi_streaming') {
      const answers: unknown[] = [];
      const requests = (async function* () {
        yield await Promise.resolve(request);
      })();
      for await (const item of invoke(requests) as AsyncIterable<unknown>) answers.push(item);
      return { code, answer: answers };
    }
    return { code, answer: await invoke(request) };
  } catch (error) {
    if (code === '' && !(error instanceof CallFailure)) throw error;
    return { code, answer: field };
  }
}

/** Every text of a request, however deep, by the names that lead to it. */
function textPaths(message: DescMessage, prefix: readonly DescField[] = []): DescField[][] {
  if (prefix.length > 4) return [];
  return message.fields.flatMap((field) => {
    const path = [...prefix, field];
    if (field.scalar === ScalarType.STRING && field.fieldKind !== 'map') return [path];
    return field.message === undefined ? [] : textPaths(field.message, path);
  });
}

/** The request with another value at the end of the path. */
function withValue(request: unknown, path: readonly DescField[], value: unknown): unknown {
  const [field, ...rest] = path;
  if (field === undefined) return value;
  const here = (request ?? {}) as Record<string, unknown>;
  const inside = here[field.localName];
  const changed =
    field.fieldKind === 'list'
      ? [withValue(Array.isArray(inside) ? inside[0] : undefined, rest, value)]
      : withValue(inside, rest, value);
  return { ...here, [field.localName]: changed };
}

describe('what cannot be stored', () => {
  it('is refused by name in every text of every method, and moves nothing', async () => {
    const before = await everythingOf(test, ownMerchant);
    const wrong: string[] = [];
    let probed = 0;
    for (const method of methods) {
      if (policies[method.parent.typeName]?.[method.localName]?.tenant !== true) continue;
      for (const path of textPaths(method.input)) {
        // An import is always one, whatever it says.
        if (method.name === 'ImportPoints' && path.at(-1)?.name === 'type') continue;
        for (const text of ['\0', `${own['customer_id']}\0`]) {
          const { code, answer } = await call(
            method,
            withValue(requestFor(method, ''), path, text),
          );
          probed++;
          const refused =
            code === 'invalid_input' || JSON.stringify(answer ?? {}).includes('"invalid_input"');
          const name = path.map((field) => field.name).join('.');
          if (!refused) wrong.push(`${method.name}.${name}: ${code} ${JSON.stringify(answer)}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(probed).toBeGreaterThan(500);
    expect(await everythingOf(test, ownMerchant)).toBe(before);
  }, 120_000);

  it('is refused alone where one call carries many', async () => {
    const system = test.clients({ merchant: ownMerchant });
    const order = (orderId: string, name: string) => ({
      trigger: 'paid',
      order: {
        orderId,
        name,
        currency: 'USD',
        subtotal: '1.00',
        currentSubtotal: '1.00',
        total: '1.00',
        financialStatus: 'paid',
        orderedAt: '2026-11-01T10:00:00Z',
        updatedAt: '2026-11-01T10:00:00Z',
      },
    });
    const { results } = await system.points.recordOrders({
      orders: [order('88001', 'a\0b'), order('88002', 'fine')],
    });
    expect(results.map((result) => result.problem?.code ?? '')).toEqual(['invalid_input', '']);
    const customerId = String(own['customer_id']);
    const awards = await system.points.awardMany({
      awards: [
        { customerId, points: 1, idempotencyKey: 'bad\0' },
        { customerId, points: 1, idempotencyKey: 'good' },
      ],
    });
    expect(awards.results.map((result) => result.status)).toEqual(['refused', 'awarded']);
    const person = (shopifyCustomerId: string, firstName: string) => ({
      customer: { shopifyCustomerId, firstName },
      trigger: 'synced',
    });
    const upserted = await system.admin.upsertCustomers({
      customers: [person('88101', 'a\0'), person('88102', 'fine')],
    });
    expect(upserted.problems.map(({ code }) => code)).toEqual(['invalid_input', '']);
    expect(upserted.created).toBe(1);
  });

  it('a cursor that names no place that can be is an empty page or a typed refusal, never a failure', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    const places = [
      ['2026-02-31T00:00:00.000000Z', id],
      ['9999-99-99T99:99:99.999999Z', id],
      ['0000-01-01T00:00:00.000000Z', id],
      ['999999999999999999', id],
      ['-999999999999999999', id],
      ['1e400', id],
      ['\0', id],
      [id],
      ['999999999999999999'],
      [null],
      { length: 2 },
    ];
    const cursors = [
      ...places.map((place) => Buffer.from(JSON.stringify(place)).toString('base64url')),
      'nonsense',
      '\ud800',
      '999999999999999999999',
    ];
    const wrong: string[] = [];
    let probed = 0;
    for (const method of methods) {
      if (policies[method.parent.typeName]?.[method.localName]?.tenant !== true) continue;
      const path = textPaths(method.input).find((fields) => fields.at(-1)?.name === 'cursor');
      if (path === undefined) continue;
      for (const cursor of cursors) {
        const { code, answer } = await call(
          method,
          withValue(requestFor(method, ''), path, cursor),
        );
        probed++;
        if (code !== '' && code !== 'invalid_input')
          wrong.push(`${method.name} ${cursor}: ${code} ${JSON.stringify(answer)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(probed).toBeGreaterThan(50);
  });
});

describe('as one tenant, with the ids of another', () => {
  it('every method that takes an id answers not found and leaves both as they were', async () => {
    const probed: string[] = [];
    const wrong: string[] = [];
    const before = {
      own: await everythingOf(test, ownMerchant),
      foreign: await everythingOf(test, foreignMerchant),
    };
    for (const method of methods) {
      const policy = policies[method.parent.typeName]?.[method.localName];
      if (policy === undefined) throw new Error(`${method.name} has no policy`);
      if (!policy.tenant) continue;
      for (const { path } of idPaths(method.input)) {
        // Reads and writes of many return each item's result, and a sync reports what it is given.
        const request = requestFor(method, path);
        if (method.name === 'UpsertCustomers' && path.endsWith('delivery_id')) continue;
        const { code, answer } = await call(method, request);
        probed.push(`${method.name}.${path}`);
        const refusedInside = JSON.stringify(answer ?? {}).includes('"code":"not_found"');
        if (code !== 'not_found' && !refusedInside) {
          wrong.push(`${method.name}.${path}: ${code} ${JSON.stringify(answer)}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(probed.length).toBeGreaterThan(20);
    expect(await everythingOf(test, foreignMerchant)).toBe(before.foreign);
    expect(await everythingOf(test, ownMerchant)).toBe(before.own);
  });

  it('every other method moves nothing of theirs, whatever Shopify ids it is given', async () => {
    const before = await everythingOf(test, foreignMerchant);
    for (const method of methods) {
      if (policies[method.parent.typeName]?.[method.localName]?.tenant !== true) continue;
      // Last, as it ends the tenant that calls.
      if (method.name === 'RedactShop' || method.name === 'RepeatShopErasure') continue;
      await call(method, requestFor(method, ''));
    }
    expect(await everythingOf(test, foreignMerchant)).toBe(before);
  });

  it('a shop can be erased only by itself', async () => {
    const own = test.clients({ merchant: ownMerchant });
    const before = await everythingOf(test, foreignMerchant);
    await expect(
      own.admin.redactShop({ shopDomain: 'tenant-b.myshopify.com' }),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(await everythingOf(test, foreignMerchant)).toBe(before);
  });
});
