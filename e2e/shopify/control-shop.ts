// Verbs about the shop as a whole: its webhooks, its clock, the app's installation.
import { z } from 'zod';
import { durationMs } from './clock.ts';
import { collectionsOf } from './collections.ts';
import { settle, times, type Verb, wait } from './control-verb.ts';
import { orderBody } from './order-payloads.ts';
import { scopesUpdateBody, shopBody, shopRedactBody } from './payloads.ts';
import { missingScope } from './topic-scopes.ts';
import { Refusal, type World } from './world.ts';

const DAY_MS = 86_400_000;
/** Shopify asks for a shop's erasure this long after the app was removed. */
const REDACT_SHOP_AFTER_MS = 2 * DAY_MS;

const uninstall: Verb = async (world, body) => {
  const input = z.object({ times, wait }).parse(body),
    { installation } = world.data;
  if (!installation.installed) throw new Refusal('the app is not installed', 409);
  Object.assign(installation, {
    installed: false,
    accessTokens: [],
    refreshTokens: [],
    installedAt: null,
  });
  world.data.subscriptions = [];
  world.data.scheduled.push({
    at: world.clock.now() + REDACT_SHOP_AFTER_MS,
    topic: 'shop/redact',
    payload: shopRedactBody(world),
  });
  world.store.changed();
  return {
    ok: true,
    installed: false,
    shop_redact_due: world.clock.iso(world.clock.now() + REDACT_SHOP_AFTER_MS),
    webhook_ids: await settle(
      [world.emit('app/uninstalled', shopBody(world), { times: input.times })],
      input.wait,
    ),
  };
};
const install: Verb = async (world, body) => {
  const input = z.object({ scopes: z.array(z.string()).optional(), wait }).parse(body),
    { installation } = world.data,
    previous = installation.scopes,
    scopes = input.scopes ?? world.config.scopes,
    was = installation.installed;
  Object.assign(installation, { installed: true, scopes, installedAt: world.clock.iso() });
  // What a scope was needed for ends with it.
  world.data.subscriptions = world.data.subscriptions.filter(
    ({ topic }) => missingScope(topic, scopes) === undefined,
  );
  world.data.scheduled = world.data.scheduled.filter((item) => item.topic !== 'shop/redact');
  world.store.changed();
  const sent =
    was && previous.join() !== scopes.join()
      ? [world.emit('app/scopes_update', scopesUpdateBody(world, previous, scopes))]
      : [];
  return { ok: true, installed: true, scopes, webhook_ids: await settle(sent, input.wait) };
};

const deliver: Verb = async (_world, body, { sender }) => {
  const item = z.object({
    topic: z.string().min(1),
    body: z.unknown(),
    uri: z.string().startsWith('/').optional(),
    times,
    delay_ms: z.number().int().min(0).max(60_000).default(0),
    signature: z.enum(['good', 'bad', 'missing']).default('good'),
    same_id: z.boolean().default(true),
    retry: z.boolean().default(false),
    headers: z.record(z.string(), z.string()).optional(),
  });
  const input = z
    .union([
      item.extend({ shuffle: z.boolean().default(false) }),
      z.object({
        deliveries: z.array(item).min(1).max(5_000),
        shuffle: z.boolean().default(false),
      }),
    ])
    .parse(body);
  const items = 'deliveries' in input ? input.deliveries : [input];
  const queue =
    input.shuffle && items.length === 1
      ? items.flatMap((one) => Array.from({ length: one.times }, () => ({ ...one, times: 1 })))
      : [...items];
  if (input.shuffle)
    for (let i = queue.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1)),
        a = queue[i],
        b = queue[j];
      if (a && b) {
        queue[i] = b;
        queue[j] = a;
      }
    }
  const results = await Promise.all(
    queue.map((one) =>
      sender.deliver({
        topic: one.topic,
        body: one.body,
        times: one.times,
        delayMs: one.delay_ms,
        signature: one.signature,
        retry: one.retry,
        sameId: one.same_id,
        ...(one.uri === undefined ? {} : { uri: one.uri }),
        ...(one.headers === undefined ? {} : { headers: one.headers }),
      }),
    ),
  );
  const answers = results.flatMap((list, i) =>
    list.map((answer) => ({ topic: queue[i]?.topic, ...answer })),
  );
  return { ok: true, statuses: answers.map((answer) => answer.status), answers };
};

const deliveries: Verb = (world, body) => {
  const input = z
      .object({
        topic: z.string().optional(),
        status: z.enum(['pending', 'delivered', 'failed']).optional(),
        ids: z.array(z.string()).optional(),
        limit: z.number().int().min(1).max(5_000).default(100),
      })
      .parse(body),
    all = world.data.deliveries;
  const counts = { pending: 0, delivered: 0, failed: 0 };
  for (const delivery of all) counts[delivery.status]++;
  const matching = all.filter(
    (d) =>
      (!input.topic || d.topic === input.topic) &&
      (!input.status || d.status === input.status) &&
      (!input.ids || input.ids.includes(d.webhookId)),
  );
  return Promise.resolve({
    ok: true,
    counts,
    deliveries: matching
      .slice(-input.limit || Infinity)
      .reverse()
      .map(({ body: _body, nextAttemptAt, ...rest }) => ({
        ...rest,
        nextAttemptAt: nextAttemptAt === null ? null : world.clock.iso(nextAttemptAt),
      })),
  });
};

const clock: Verb = (world, body, { sender }) => {
  const input = z
    .object({
      advance: z.union([z.string(), z.number().min(0)]).optional(),
      days: z.number().min(0).optional(),
      hours: z.number().min(0).optional(),
      minutes: z.number().min(0).optional(),
      seconds: z.number().min(0).optional(),
      reset: z.boolean().optional(),
    })
    .parse(body);
  const by =
    (typeof input.advance === 'number'
      ? input.advance * 1000
      : input.advance
        ? durationMs(input.advance)
        : 0) +
    (input.days ?? 0) * DAY_MS +
    (input.hours ?? 0) * 3_600_000 +
    (input.minutes ?? 0) * 60_000 +
    (input.seconds ?? 0) * 1000;
  world.clock.offset = input.reset ? 0 : world.clock.offset + by;
  world.data.clockOffset = world.clock.offset;
  const fired = runScheduled(world);
  sender.retryDue();
  world.store.changed();
  return Promise.resolve({
    ok: true,
    now: world.clock.iso(),
    offset_ms: world.clock.offset,
    fired,
  });
};

/** Sends what has become due, such as shop/redact two days after an uninstall. */
export function runScheduled(world: World): string[] {
  const due = world.data.scheduled.filter((item) => item.at <= world.clock.now());
  if (due.length === 0) return [];
  world.data.scheduled = world.data.scheduled.filter((item) => item.at > world.clock.now());
  for (const item of due) world.emit(item.topic, item.payload);
  world.store.changed();
  return due.map((item) => item.topic);
}

const state: Verb = (world, body) => {
  const input = z.object({ limit: z.number().int().min(0).max(10_000).default(50) }).parse(body),
    { data } = world;
  const { accessTokens, refreshTokens, ...installation } = data.installation;
  return Promise.resolve({
    ok: true,
    now: world.clock.iso(),
    shop: data.shop,
    installation: {
      ...installation,
      live_access_tokens: accessTokens.filter((token) => token.expiresAt > Date.now()).length,
      live_refresh_tokens: refreshTokens.filter((token) => !token.spent).length,
    },
    counts: {
      customers: data.customers.size,
      orders: data.orders.size,
      discounts: data.discounts.size,
      deliveries: data.deliveries.length,
      metafields: data.metafields.size,
      bulk: data.bulk.length,
    },
    products: data.products.map(({ id, variantId, handle, title, price, type }) => ({
      id,
      variantId,
      handle,
      title,
      price,
      type,
    })),
    collections: collectionsOf(world),
    customers: [...data.customers.values()].slice(0, input.limit),
    orders: [...data.orders.values()]
      .slice(-input.limit || Infinity)
      .map((one) => ({ ...orderBody(world, one) })),
    discounts: [...data.discounts.values()].slice(-input.limit || Infinity),
    gift_cards: data.giftCards.slice(-input.limit || Infinity),
    store_credits: data.storeCredits.slice(-input.limit || Infinity),
    metafields: [...data.metafields.values()].slice(-input.limit || Infinity),
    definitions: data.definitions,
    bulk: data.bulk.slice(-20),
    scheduled: data.scheduled.map(({ at, topic }) => ({ at: world.clock.iso(at), topic })),
    theme: data.theme,
    subscriptions: [...world.config.subscriptions, ...data.subscriptions],
    log: world.entries.slice(-200),
  });
};

const theme: Verb = (world, body) => {
  const input = z
      .object({
        embed: z.boolean().optional(),
        block: z.boolean().optional(),
        settings: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
      })
      .parse(body),
    { theme: current } = world.data;
  current.embedOn = input.embed ?? current.embedOn;
  current.blockOn = input.block ?? current.blockOn;
  current.settings = { ...current.settings, ...input.settings };
  world.store.changed();
  return Promise.resolve({ ok: true, theme: current });
};
const tokens: Verb = (world, body) => {
  const input = z.object({ expire: z.enum(['access', 'refresh', 'all']) }).parse(body),
    { installation } = world.data;
  if (input.expire !== 'refresh') installation.accessTokens = [];
  if (input.expire !== 'access') installation.refreshTokens = [];
  world.store.changed();
  return Promise.resolve({ ok: true });
};
const throttle: Verb = (world, body, { graphql }) => {
  const input = z.object({ empty: z.boolean() }).parse(body);
  if (input.empty) graphql.bucket.drain(world.data.shop.plan);
  else graphql.bucket.refill();
  return Promise.resolve({ ok: true, throttle: graphql.bucket.status(world.data.shop.plan) });
};
const shop: Verb = async (world, body) => {
  const input = z
      .object({
        name: z.string().min(1).optional(),
        email: z.string().optional(),
        plan: z.enum(['basic', 'advanced', 'plus']).optional(),
        time_zone: z.string().optional(),
        access: z.enum(['open', 'frozen', 'locked']).optional(),
        development: z.boolean().optional(),
        wait,
      })
      .parse(body),
    current = world.data.shop;
  Object.assign(current, {
    name: input.name ?? current.name,
    email: input.email ?? current.email,
    plan: input.plan ?? current.plan,
    timeZone: input.time_zone ?? current.timeZone,
    access: input.access ?? current.access ?? 'open',
    isDevelopment: input.development ?? current.isDevelopment ?? false,
    updatedAt: world.clock.iso(),
  });
  world.store.changed();
  return {
    ok: true,
    shop: current,
    webhook_ids: await settle([world.emit('shop/update', shopBody(world))], input.wait),
  };
};
const reset: Verb = (_world, body, tools) => {
  const input = z
    .object({
      seed: z.enum(['none', 'demo']).default('demo'),
      customers: z.number().int().min(0).max(200_000).default(0),
    })
    .parse(body);
  tools.reset(input.seed, input.customers);
  return Promise.resolve({ ok: true });
};

export const shopVerbs = {
  deliver,
  deliveries,
  clock,
  state,
  theme,
  tokens,
  throttle,
  shop,
  install,
  uninstall,
  reset,
};
