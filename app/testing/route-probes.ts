import { randomUUID } from 'node:crypto';
import type { Belongings } from '#core/testing/fixture-shop.ts';
import { MESSAGE_TYPES } from '#vocabulary/messages.ts';

/** One right request of an action: the fields of a form, its file, or the body of a storefront's request. */
export interface ActionRequest {
  readonly form?: Readonly<Record<string, string>>;
  readonly file?: { readonly field: string; readonly content: string };
  readonly json?: unknown;
}

const form = (fields: Readonly<Record<string, string>>): ActionRequest => ({ form: fields });

/** One pixel, in base64. */
const smallestPng =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const messageWords = {
  subject: 'You earned {{ points }}',
  blocks: JSON.stringify({ preheader: '', blocks: [{ type: 'heading', text: 'Thanks' }] }),
  text: 'You earned {{ points }}',
};
const inEnglish = (en: string) => ({ en, es: '', fr: '' });

/** The rules of a program, as its page sends them. */
const programFields = {
  active: 'true',
  purchaseEnabled: 'true',
  ratePoints: '10',
  ratePer: '1',
  awardOn: 'paid',
  signupEnabled: 'true',
  signupPoints: '100',
  expiryDays: '0',
  expiryMode: 'fixed',
  refundPolicy: 'debt',
};

const referralSide = {
  kind: 'points',
  points: '60',
  discount: 'percent',
  value: '10',
  minPurchase: '',
  expiresAfterDays: '30',
};
const referralForm = {
  active: true,
  goal: 'signup',
  minOrder: '',
  expiresAfterDays: '30',
  advocate: referralSide,
  friend: referralSide,
  friendTiers: [],
  refundWindowDays: '30',
  monthlyLimit: '0',
  channels: ['copy', 'sms'],
  holdFrom: '40',
  refuseFrom: '85',
};

/** Parts of a path that are words and no ids. */
export const wordParams: Readonly<Record<string, string>> = {
  way: 'purchase',
  type: 'points_earned',
};

/**
 * The requests that each action answers well, one for each thing it can be asked to do, made of the shop's own ids.
 * A route with an action that is not here fails the test of tenancy: describe its forms here, and add
 * the rows they name to the fixture (core/testing/fixture-shop.ts). Loaders need no entry.
 */
export const actionRequests: Readonly<
  Record<string, (own: Belongings) => readonly ActionRequest[]>
> = {
  'routes/app._index': () => [
    form({ task: 'launch_program', status: 'completed' }),
    form({ intent: 'turn_on' }),
  ],
  'routes/app.tips': () => [form({ tipId: 'tiers', undo: 'false' })],
  'routes/app.sync': () => [form({})],
  'routes/app.customers.$id': (own) => [
    form({ intent: 'adjust', points: '5', reason: 'a reason', key: randomUUID() }),
    form({ intent: 'undo', transactionId: own['transaction_id'] ?? '', reason: 'a reason' }),
    form({ intent: 'return', redemptionId: own['redemption_id'] ?? '' }),
    form({ intent: 'link' }),
  ],
  'routes/app.messages': (own) => [form({ id: own['message_id'] ?? '' })],
  'routes/app.webhooks.$id': (own) => [
    form({ intent: 'test', type: 'points.earned' }),
    form({ intent: 'retry', delivery: own['event_delivery_id'] ?? '' }),
    form({ intent: 'replay', hours: '24', onlyFailed: 'true' }),
    form({
      intent: 'save',
      url: 'https://hooks.example.com/loyalty',
      description: '',
      events: 'points.earned,tier.changed',
      revision: '',
    }),
    form({ intent: 'pause' }),
    form({ intent: 'resume' }),
  ],
  'routes/app.integrations': () => [
    form({ intent: 'switch', provider: 'klaviyo', enabled: 'true' }),
    form({
      intent: 'settings',
      revision: '',
      senderName: 'A shop',
      replyTo: 'help@shop.example',
      emailProvider: '',
      smsProvider: '',
      quietFrom: '21:00',
      quietUntil: '08:00',
      fallback: 'true',
      ...Object.fromEntries(MESSAGE_TYPES.map((type) => [`channel.${type}`, 'email'])),
    }),
  ],
  'routes/app.deliveries': (own) => [form({ id: own['delivery_id'] ?? '' })],
  'routes/app.pictures': () => [
    { form: { picture: '' }, file: { field: 'picture', content: smallestPng } },
  ],
  'routes/app.program_.participants': () => [
    form({ revision: '', tag: 'wholesale', companies: 'true' }),
  ],
  'routes/app.program_.try': () => [form({ ...programFields, history: 'true' })],
  'routes/app.program': () => [
    form({ intent: 'turn_off' }),
    form({ intent: 'turn_on' }),
    form({ intent: 'restore', version: '2', currentVersion: '0' }),
  ],
  ...Object.fromEntries(
    ['earn.$way', 'rules', 'expiration', 'trial'].map((page) => [
      `routes/app.program_.${page}`,
      () => [form({ ...programFields, revision: '' })],
    ]),
  ),
  'routes/app.campaigns.$id': () => [
    form({
      intent: 'save',
      key: randomUUID(),
      revision: '',
      name: 'Double week',
      kind: 'multiplier',
      published: 'true',
      multiplier: '2',
      goalAmount: '',
      points: '',
      trigger: 'first_order',
      segment: 'vip',
      cooldownDays: '0',
      startLocal: '2099-01-01T00:00',
      endLocal: '2099-01-08T00:00',
      segments: 'vip',
      tierIds: '',
      countries: 'FR',
      regions: 'EU',
      minSpend: '',
    }),
    form({ intent: 'end' }),
  ],
  'routes/app.referrals.$id': () => [form({ decision: 'approved' })],
  'routes/app.referrals.settings': () => [
    form({ revision: '1', currency: 'USD', form: JSON.stringify(referralForm) }),
  ],
  'routes/app.settings': (own) => [
    form({
      revision: '',
      defaultLanguage: 'en',
      'pointsName.en.one': 'star',
      'pointsName.en.other': 'stars',
      'pointsName.es.one': '',
      'pointsName.es.other': '',
      'pointsName.fr.one': '',
      'pointsName.fr.other': '',
    }),
    form({ intent: 'download', requestId: own['request_id'] ?? '' }),
  ],
  'routes/app.rewards._index': (own) => [
    form({ intent: 'status', rewardId: own['reward_id'] ?? '', status: 'active' }),
    form({ intent: 'order', rewardIds: own['reward_id'] ?? '' }),
  ],
  'routes/app.rewards.$id': () => [
    form({
      revision: '',
      key: randomUUID(),
      kind: 'amount_off',
      channel: 'online',
      active: 'true',
      titleEn: 'A reward',
      titleEs: '',
      titleFr: '',
      descriptionEn: '',
      descriptionEs: '',
      descriptionFr: '',
      pointsCost: '500',
      value: '5',
      discount: 'amount',
      mode: 'fixed',
      minPoints: '',
      maxPoints: '',
      appliesTo: 'order',
      collectionId: '',
      productId: '',
      variantId: '',
      targetTitle: '',
      maxShipping: '',
      minPurchase: '',
      codePrefix: 'LN',
      combineOrder: 'false',
      combineProduct: 'false',
      combineShipping: 'true',
      expiresAfterDays: '',
      tierIds: '',
      segments: '',
      iconUrl: '',
    }),
  ],
  'routes/proxy.redeem': (own) => [
    { json: { reward_id: own['reward_id'] ?? '', idempotency_key: randomUUID(), wait_ms: 0 } },
    { json: { campaign_id: own['offer_id'] ?? '', idempotency_key: randomUUID(), wait_ms: 0 } },
  ],
  'routes/proxy.redemptions.$id_.return': () => [{ json: { wait_ms: 0 } }],
  'routes/proxy.referrals': () => [{ json: { device: 'a-device' } }],
  'routes/proxy.referrals_.claim': (own) => [
    { json: { code: own['link_code'] ?? '', channel: 'sms' } },
  ],
  'routes/extension.checkout': () => [
    { json: { lines: [{ product_id: '1', subtotal: '10.00' }], currency: 'USD', country: 'US' } },
  ],
  'routes/extension.redeem': (own) => [
    { json: { reward_id: own['reward_id'] ?? '', idempotency_key: randomUUID(), wait_ms: 0 } },
  ],
  'routes/extension.redemptions.$id_.return': () => [{ json: { wait_ms: 0 } }],
  'routes/extension.pos.redeem': (own) => [
    {
      json: {
        customer: '5001',
        reward_id: own['reward_id'] ?? '',
        idempotency_key: randomUUID(),
        wait_ms: 0,
      },
    },
  ],
  'routes/extension.pos.redemptions.$id_.return': () => [{ json: { wait_ms: 0 } }],
  'routes/proxy.claim': () => [
    { json: { action: 'birthday', birthday: '05-17', idempotency_key: randomUUID() } },
  ],
  'routes/app.expiry': (own) => [
    form({ intent: 'extend', month: '2031-03', days: '5', key: randomUUID() }),
    form({ intent: 'undo', extensionId: own['extension_id'] ?? '' }),
  ],
  'routes/app.tiers': (own) => [
    form({
      intent: 'draft',
      revision: '',
      currency: 'USD',
      tierSet: JSON.stringify({
        basis: 'points',
        period: 'lifetime',
        graceDays: '30',
        tiers: [
          {
            key: 'one',
            tierId: own['tier_id'] ?? '',
            names: { en: 'A tier', es: '', fr: '' },
            spend: '',
            points: '100',
            multiplier: '1',
            entryPoints: '0',
            earlyAccess: false,
            freeShipping: true,
            entryRewardId: own['entry_reward_id'] ?? '',
            perks: { en: '', es: '', fr: '' },
          },
        ],
      }),
    }),
    form({ intent: 'discard', revision: '' }),
  ],
  'routes/app.content': () => [
    form({
      intent: 'save',
      version: '1',
      content: JSON.stringify({
        launcher: { color: '#0f766e', position: 'left', icon: 'star', text: inEnglish('Perks') },
        panel: { color: '', logoUrl: '', welcome: inEnglish('Welcome') },
        stickyBar: { enabled: true, text: inEnglish('Join'), color: '', link: '/pages/rewards' },
        page: { color: '', title: inEnglish('') },
        postPurchase: { enabled: true, text: inEnglish('') },
        checkoutPointsDisplay: true,
      }),
    }),
    form({ intent: 'restore', version: '1', currentVersion: '2' }),
  ],
  'routes/app.content_.messages._index': () => [form({ type: 'tier_change', enabled: 'false' })],
  'routes/app.content_.messages.$type': () => [
    form({
      version: '0',
      template: JSON.stringify({
        enabled: true,
        fallbackLanguage: 'en',
        contents: [{ language: 'en', ...messageWords }],
      }),
    }),
    form({ intent: 'reset', version: '1' }),
    form({
      intent: 'test',
      to: 'probe@example.com',
      message: JSON.stringify({
        type: 'points_earned',
        channel: 'email',
        language: 'en',
        content: messageWords,
        customerId: '',
      }),
    }),
  ],
  'routes/app.content_.messages.preview': () => [
    form({
      message: JSON.stringify({
        type: 'points_earned',
        channel: 'email',
        language: 'en',
        content: messageWords,
        customerId: '',
      }),
    }),
  ],
  'routes/proxy.events': () => [
    {
      json: {
        events: [
          {
            name: 'points_balance_viewed',
            at: new Date().toISOString(),
            props: { surface: 'block', locale: 'en' },
          },
        ],
      },
    },
  ],
};

/** A request with one value in it exchanged, and what stood there. */
export interface ExchangedRequest {
  readonly field: string;
  readonly was: unknown;
  readonly request: ActionRequest;
}

/** The request once for each value in it, however deep, with `value` in its place. */
export function exchanged(request: ActionRequest, value: string): ExchangedRequest[] {
  const forms = Object.entries(request.form ?? {}).map(([field, was]) => ({
    field,
    was,
    request: { form: { ...request.form, [field]: value } },
  }));
  const bodies = leavesOf(request.json).map(({ path, was }) => ({
    field: path.join('.'),
    was,
    request: { json: withLeaf(request.json, path, value) },
  }));
  return [...forms, ...bodies];
}

function leavesOf(
  value: unknown,
  path: readonly string[] = [],
): { path: string[]; was: unknown }[] {
  if (typeof value !== 'object' || value === null)
    return value === undefined ? [] : [{ path: [...path], was: value }];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function withLeaf(value: unknown, [key, ...rest]: readonly string[], leaf: string): unknown {
  if (key === undefined) return leaf;
  if (Array.isArray(value))
    return value.map((item: unknown, index) =>
      String(index) === key ? withLeaf(item, rest, leaf) : item,
    );
  const record = value as Record<string, unknown>;
  return { ...record, [key]: withLeaf(record[key], rest, leaf) };
}

/**
 * Which names the code under test asks addresses and forms for, as long as `record` runs: so that no field has to be
 * listed by hand, and none is forgotten.
 */
export async function namesAskedFor(
  record: () => Promise<void>,
): Promise<{ query: Set<string>; form: Set<string> }> {
  const asked = { query: new Set<string>(), form: new Set<string>() };
  const restore = [
    spyOn(URLSearchParams.prototype, asked.query),
    spyOn(FormData.prototype, asked.form),
  ];
  try {
    await record();
  } finally {
    for (const undo of restore) undo();
  }
  return asked;
}

type Getter = (this: unknown, name: string) => unknown;

function spyOn(prototype: URLSearchParams | FormData, names: Set<string>): () => void {
  const originals = (['get', 'getAll', 'has'] as const).map((method) => {
    const original = Object.getOwnPropertyDescriptor(prototype, method);
    if (original === undefined) throw new Error(`${method} is not there to be listened to`);
    const call = original.value as Getter;
    Object.defineProperty(prototype, method, {
      ...original,
      value: function listened(this: unknown, name: string, ...rest: unknown[]) {
        names.add(name);
        return Reflect.apply(call, this, [name, ...rest]) as unknown;
      },
    });
    return () => Object.defineProperty(prototype, method, original);
  });
  return () => {
    for (const undo of originals) undo();
  };
}
