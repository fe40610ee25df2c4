import { callLimiter } from '../../cache/limiters.server.ts';
import { CoreError, errorBody, httpStatusOf } from '../../core-client/errors.server.ts';
import { storeDelivery } from '../../core-client/inbox.server.ts';
import { appSecrets } from '../../env.server.ts';
import { log } from '../../log.server.ts';
import { deliveryProducer } from '../../jobs/delivery-producer.server.ts';
import { isShopDomain, isSignedWebhook } from '../../shopify/signatures.server.ts';
import { isWebhookTopic } from '../../shopify/webhook-topics.ts';
import type { WebhookTopic } from '../../shopify/webhook-topics.ts';
import { readObject } from './delivered-body.rules.ts';
import { createFailureLimiter } from './failure-limiter.ts';

/** What core takes; Shopify's largest bodies are a few hundred kilobytes. */
const maxBodyBytes = 1024 * 1024;

/** An unread rest of a body would be parsed as the connection's next request. */
const unread = { connection: 'close' };

const failuresAMinute = 600;
const failures = createFailureLimiter({
  failures: callLimiter('unsigned', failuresAMinute),
  perMinute: failuresAMinute,
});

/**
 * Receives one delivery: verifies its signature, has core store it, and answers. It is processed later by
 * the worker; whatever the queue loses is found again in core's inbox.
 */
export async function receiveWebhook(
  request: Request,
  path: string | undefined,
): Promise<Response> {
  if (request.method !== 'POST') return refusal(405, 'method_not_allowed', { allow: 'POST' });
  const address = request.headers.get('x-client-address') ?? '';
  if (failures.isBlocked(address)) return refusal(429, 'rate_limited', { 'retry-after': '60' });
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes)
    return refusal(413, 'payload_too_large', unread);
  const body = new Uint8Array(await request.arrayBuffer());
  if (body.length > maxBodyBytes) return refusal(413, 'payload_too_large', unread);
  // Before the signature, as a body that is not there cannot carry one; nothing is stored either way.
  if (body.length === 0) return refusal(400, 'empty_body');
  const signature = request.headers.get('x-shopify-hmac-sha256');
  if (!appSecrets().some((secret) => isSignedWebhook(body, signature, secret))) {
    await failures.recordFailure(address);
    return refusal(401, 'unauthenticated');
  }
  // Whatever else is signed with this key, tokens and links, is no object: nothing of it is kept.
  if (readObject(body) === undefined) return refusal(400, 'invalid_input', {}, 'body');
  const delivery = readHeaders(request.headers, path);
  if (typeof delivery === 'string') return refusal(400, 'invalid_input', {}, delivery);
  return store({
    ...delivery,
    payload: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
  });
}

interface DeliveryHeaders {
  shopDomain: string;
  topic: WebhookTopic;
  webhookId: string;
  eventId: string;
  apiVersion: string;
  triggeredAt: string;
}

/** The delivery's headers, or the name of the one that is missing or malformed. */
function readHeaders(headers: Headers, path: string | undefined): DeliveryHeaders | string {
  const topic = headers.get('x-shopify-topic') ?? '';
  if (!isWebhookTopic(topic) || (path !== undefined && path !== topic)) return 'x-shopify-topic';
  const shopDomain = (headers.get('x-shopify-shop-domain') ?? '').toLowerCase();
  if (!isShopDomain(shopDomain)) return 'x-shopify-shop-domain';
  const webhookId = headers.get('x-shopify-webhook-id') ?? '';
  if (webhookId === '' || webhookId.length > 200) return 'x-shopify-webhook-id';
  return {
    shopDomain,
    topic,
    webhookId,
    eventId: (headers.get('x-shopify-event-id') ?? '').slice(0, 200),
    apiVersion: (headers.get('x-shopify-api-version') ?? '').slice(0, 20),
    triggeredAt: instant(headers.get('x-shopify-triggered-at')),
  };
}

/** As ISO 8601 in UTC; empty when absent or malformed: the time of arrival would pass for one that Shopify named. */
function instant(text: string | null): string {
  const time = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}

async function store(delivery: DeliveryHeaders & { payload: Buffer }): Promise<Response> {
  try {
    const stored = await storeDelivery(delivery);
    // Not awaited, and also for a duplicate: Shopify sends one again that it has not heard the answer of.
    deliveryProducer().enqueue(stored.deliveryId, delivery.shopDomain);
    return new Response(null, { status: 200 });
  } catch (error) {
    if (isAbort(error)) return refusal(503, 'timeout');
    if (!(error instanceof CoreError)) throw error;
    const status =
      error.code === 'invalid_input' ? 400 : error.code === 'payload_too_large' ? 413 : 503;
    // A client error is not an alarm.
    log()[status === 503 ? 'error' : 'warn'](
      { topic: delivery.topic, shop: delivery.shopDomain, code: error.code },
      'A delivery could not be stored',
    );
    return Response.json(errorBody(error), {
      status: httpStatusOf(error.code) >= 500 ? 503 : status,
    });
  }
}

function refusal(
  status: number,
  code: string,
  headers: Record<string, string> = {},
  field = '',
): Response {
  return Response.json(
    { error: { code, message: code.replaceAll('_', ' '), field } },
    { status, headers },
  );
}

/** Core did not answer in time. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}
