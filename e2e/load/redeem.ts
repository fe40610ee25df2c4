import { createHash, createHmac, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { shopCredentials } from '#infra/local/services.ts';
import { shopDomain } from './deliveries.ts';
import { signedTextOf } from './guide-scenarios.ts';
import type { Product } from './product.ts';

const answer = z.object({ redemption: z.object({ id: z.string() }) });

/** A shopper's click: retried with the same key until it is answered, as the widget does. */
export async function redeem(
  product: Pick<Product, 'webUrl'>,
  rewardId: string,
  shopifyId: string,
): Promise<string> {
  const body = JSON.stringify({ reward_id: rewardId, idempotency_key: randomUUID() });
  for (;;) {
    try {
      const response = await fetch(`${product.webUrl}${signedPath('redeem', shopifyId, body)}`, {
        method: 'POST',
        body,
        signal: AbortSignal.timeout(15_000),
      });
      const text = await response.text();
      if (response.ok) return answer.parse(JSON.parse(text)).redemption.id;
      // Tried again too often while the core was gone: the limit of a minute holds for this shopper too.
      if (response.status === 429) await pause(5_000);
      else if (response.status < 500) throw new Error(`refused with ${response.status}: ${text}`);
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('refused')) throw error;
    }
    await pause(200 + Math.random() * 400);
  }
}

/** As Shopify's app proxy signs what it forwards. */
export function signedPath(
  path: string,
  shopifyId: string,
  body = '',
  shop: string = shopDomain,
  more: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams({
    shop,
    path_prefix: '/apps/loyalnest',
    timestamp: String(Math.floor(Date.now() / 1000)),
    logged_in_customer_id: shopifyId,
    ...more,
    ...(body !== '' && { body_sha256: createHash('sha256').update(body).digest('base64') }),
  });
  query.set('signature', proxySignature(Object.fromEntries(query)));
  return `/proxy/${path}?${query.toString()}`;
}

export const proxySignature = (query: Readonly<Record<string, string>>): string =>
  createHmac('sha256', shopCredentials.SHOPIFY_API_SECRET)
    .update(signedTextOf(query))
    .digest('hex');
