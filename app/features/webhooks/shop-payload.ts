import { z } from 'zod';
import { currencyCode, parsePayload, text } from './payload-fields.ts';

const shopPayload = z.object({ name: text(255), currency: currencyCode, iana_timezone: text(100) });

export function parseShop(payload: Uint8Array): {
  name: string;
  currency: string;
  timezone: string;
} {
  const shop = parsePayload(shopPayload, payload);
  return { name: shop.name, currency: shop.currency, timezone: shop.iana_timezone };
}

const scopesPayload = z.object({ current: z.array(z.string()) });

export function parseScopes(payload: Uint8Array): string[] {
  return parsePayload(scopesPayload, payload).current;
}
