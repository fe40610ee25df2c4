// Sends webhooks as Shopify does: signed over the raw bytes, at least once, retried for hours, each answer kept.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { webhookSignature } from './signatures.ts';
import type { Delivery } from './state.ts';
import type { Emitted, World } from './world.ts';

/** Waits between the first try and the eight retries: about four hours in all. */
const RETRY_WAITS_MS = [5_000, 30_000, 120_000, 300_000, 900_000, 1_800_000, 3_600_000, 7_650_000];
/** Shopify gives an endpoint five seconds for the whole answer. */
const ANSWER_WITHIN_MS = 5_000;
const AT_ONCE = 40;
const KEEP_DELIVERIES = 3_000;
const LOOK_EVERY_MS = 200;

export interface DeliverInput {
  topic: string;
  body: unknown;
  uri?: string;
  times?: number;
  delayMs?: number;
  signature?: Delivery['signature'];
  retry?: boolean;
  sameId?: boolean;
  headers?: Record<string, string>;
}

/** A body cut to the fields that a subscription names; a period leads into an object, or into each item of a list. */
export function onlyFields(body: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(body)) return body.map((item) => onlyFields(item, fields));
  if (typeof body !== 'object' || body === null) return body;
  const below = new Map<string, string[]>();
  for (const field of fields) {
    const [name = '', ...rest] = field.split('.');
    below.set(name, [...(below.get(name) ?? []), ...(rest.length > 0 ? [rest.join('.')] : [])]);
  }
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => {
      const inner = below.get(name);
      if (inner === undefined) return [];
      return [
        [name, fields.includes(name) || inner.length === 0 ? value : onlyFields(value, inner)],
      ];
    }),
  );
}

export class WebhookSender {
  readonly #world: World;
  readonly #timer: NodeJS.Timeout;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #stopped = false;

  constructor(world: World) {
    this.#world = world;
    for (const delivery of world.data.deliveries)
      if (delivery.status === 'pending') delivery.nextAttemptAt ??= world.clock.now();
    this.#timer = setInterval(() => this.retryDue(), LOOK_EVERY_MS);
    this.#timer.unref();
  }
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  emit(topic: string, payload: unknown, options: { times?: number } = {}): Emitted {
    const { config, data } = this.#world;
    const subscriptions = [...config.subscriptions, ...data.subscriptions].filter(
      (subscription) => subscription.topic === topic,
    );
    if (
      !data.installation.installed &&
      !subscriptions.some((s) => 'compliance' in s && s.compliance) &&
      topic !== 'app/uninstalled'
    )
      return { webhookIds: [], settled: Promise.resolve() };
    const eventId = randomUUID(),
      sends: Promise<void>[] = [],
      webhookIds: string[] = [];
    for (const { uri, includeFields } of subscriptions) {
      const body = includeFields.length > 0 ? onlyFields(payload, includeFields) : payload;
      const delivery = this.#record(topic, uri, JSON.stringify(body), eventId, 'good');
      webhookIds.push(delivery.webhookId);
      for (let i = 0; i < Math.max(1, options.times ?? 1); i++)
        sends.push(this.#attempt(delivery, true).then(() => undefined));
    }
    return { webhookIds, settled: Promise.all(sends).then(() => undefined) };
  }

  /** Sends any body to any topic, for tools and tests. Answers the status of every request, in the order sent. */
  async deliver(
    input: DeliverInput,
  ): Promise<{ webhookId: string; status: number | null; error?: string }[]> {
    const uri =
      input.uri ??
      this.#world.config.subscriptions.find((s) => s.topic === input.topic)?.uri ??
      `/webhooks/${input.topic}`;
    const body = typeof input.body === 'string' ? input.body : JSON.stringify(input.body ?? {});
    const eventId = randomUUID(),
      signature = input.signature ?? 'good';
    let delivery = this.#record(input.topic, uri, body, eventId, signature);
    const sends: Promise<{ webhookId: string; status: number | null; error?: string }>[] = [];
    for (let i = 0; i < Math.max(1, input.times ?? 1); i++) {
      if (i > 0 && input.sameId === false)
        delivery = this.#record(input.topic, uri, body, eventId, signature);
      if (input.delayMs && i > 0) await sleep(input.delayMs);
      const { webhookId } = delivery;
      sends.push(
        this.#attempt(delivery, input.retry ?? false, body, input.headers).then((attempt) => ({
          webhookId,
          ...attempt,
        })),
      );
    }
    return Promise.all(sends);
  }

  /** Tries again whatever is due on the shop's clock. */
  retryDue(): void {
    const now = this.#world.clock.now();
    for (const delivery of this.#world.data.deliveries) {
      if (
        delivery.status !== 'pending' ||
        delivery.nextAttemptAt === null ||
        delivery.nextAttemptAt > now
      )
        continue;
      delivery.nextAttemptAt = null;
      void this.#attempt(delivery, true);
    }
  }

  #record(
    topic: string,
    uri: string,
    body: string,
    eventId: string,
    signature: Delivery['signature'],
  ): Delivery {
    const { data, clock } = this.#world;
    const delivery: Delivery = {
      webhookId: randomUUID(),
      eventId,
      topic,
      uri,
      triggeredAt: new Date(clock.now()).toISOString(),
      status: 'pending',
      attempts: [],
      nextAttemptAt: null,
      body,
      signature,
    };
    data.deliveries.push(delivery);
    if (data.deliveries.length > KEEP_DELIVERIES)
      data.deliveries.splice(0, data.deliveries.length - KEEP_DELIVERIES);
    return delivery;
  }

  async #attempt(
    delivery: Delivery,
    retry: boolean,
    text = delivery.body,
    extra: Record<string, string> = {},
  ): Promise<{ status: number | null; error?: string }> {
    const { settings, data, clock, store, config } = this.#world;
    if (text === null) return { status: null, error: 'given up' };
    await this.#slot();
    const raw = Buffer.from(text),
      started = performance.now();
    let status: number | null = null,
      error: string | undefined;
    try {
      const right = webhookSignature(settings.apiSecret, raw);
      const response = await fetch(new URL(delivery.uri, settings.appUrl), {
        method: 'POST',
        body: raw,
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Shopify-Captain-Hook',
          'x-shopify-topic': delivery.topic,
          'x-shopify-shop-domain': data.shop.domain,
          'x-shopify-api-version': config.apiVersion,
          'x-shopify-webhook-id': delivery.webhookId,
          'x-shopify-event-id': delivery.eventId,
          'x-shopify-triggered-at': delivery.triggeredAt,
          'x-shopify-test': 'true',
          ...(delivery.signature === 'missing'
            ? {}
            : {
                'x-shopify-hmac-sha256':
                  delivery.signature === 'good'
                    ? right
                    : webhookSignature(`not ${settings.apiSecret}`, raw),
              }),
          ...extra,
        },
      });
      status = response.status;
      await response.arrayBuffer();
    } catch (cause) {
      error =
        cause instanceof Error
          ? cause.cause instanceof Error
            ? cause.cause.message
            : cause.message
          : String(cause);
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
    delivery.attempts.push({
      at: clock.iso(),
      status,
      ms: Math.round(performance.now() - started),
      ...(error === undefined ? {} : { error }),
    });
    if (status !== null && status >= 200 && status < 300) {
      delivery.status = 'delivered';
      delivery.nextAttemptAt = null;
      delivery.body = null;
    } else if (delivery.status === 'pending') this.#plan(delivery, retry);
    store.changed();
    return { status, ...(error === undefined ? {} : { error }) };
  }

  #plan(delivery: Delivery, retry: boolean): void {
    const wait = RETRY_WAITS_MS[delivery.attempts.length - 1];
    if (!retry || wait === undefined || this.#stopped) {
      if (this.#stopped && retry) {
        delivery.nextAttemptAt = this.#world.clock.now();
        return;
      }
      delivery.status = 'failed';
      delivery.body = null;
      // A subscription made over the API does not survive a delivery that was given up.
      if (retry)
        this.#world.data.subscriptions = this.#world.data.subscriptions.filter(
          ({ topic }) => topic !== delivery.topic,
        );
      return;
    }
    delivery.nextAttemptAt = this.#world.clock.now() + wait * this.#world.settings.retryScale;
  }

  async #slot(): Promise<void> {
    while (this.#running >= AT_ONCE)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
  }
}
