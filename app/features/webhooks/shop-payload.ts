import { z } from 'zod';
import type { UpdateShopProfileRequest } from '#proto/admin/v1/admin.ts';
import { currencyCode, parsePayload, text } from './payload-fields.ts';

const shopPayload = z.object({
  name: text(255),
  currency: currencyCode,
  iana_timezone: text(100),
  plan_name: text(100),
});

/** Names of Shopify's plans of stores to try things in: GraphQL's `partnerDevelopment`. */
const developmentPlans: ReadonlySet<string> = new Set([
  'affiliate',
  'partner_test',
  'plus_partner_sandbox',
]);

export function parseShop(payload: Uint8Array): UpdateShopProfileRequest {
  const shop = parsePayload(shopPayload, payload);
  return {
    name: shop.name,
    currency: shop.currency,
    timezone: shop.iana_timezone,
    ...(shop.plan_name !== '' && { isDevelopment: developmentPlans.has(shop.plan_name) }),
  };
}

const scopesPayload = z.object({ current: z.array(z.string()) });

export function parseScopes(payload: Uint8Array): string[] {
  return parsePayload(scopesPayload, payload).current;
}
