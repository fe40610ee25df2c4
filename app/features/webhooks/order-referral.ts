import { z } from 'zod';
import type { DeepPartial, Traces } from '#proto/referrals/v1/referrals.ts';
import { referralAttribute, referralIn } from '../../shopify/order-referral.ts';
import type { OrderReferral } from '../../shopify/order-referral.ts';
import { parsePayload, shopifyId, text } from './payload-fields.ts';
import type { OrderRisk } from '#vocabulary/referrals.ts';

const addressFields = z
  .object({
    address1: text(300),
    address2: text(300),
    zip: text(40),
    country_code: text(2),
    phone: text(40),
  })
  .nullish()
  .catch(null);

/** Optional information: an odd value never keeps the order from counting. */
const told = z.object({
  customer: z
    .object({ id: shopifyId, phone: text(40) })
    .nullish()
    .catch(null),
  phone: z.unknown().optional(),
  test: z.unknown().optional(),
  note_attributes: z
    .array(z.object({ name: text(255), value: text(255) }))
    .nullish()
    .catch(null),
  shipping_address: addressFields,
});

/** What an order tells of a referral. Telephone and home go to core, which keeps hashes of them, and nowhere else. */
export interface ToldOfReferral {
  readonly shopifyCustomerId: string;
  readonly referral: OrderReferral | undefined;
  readonly traces: DeepPartial<Traces>;
}

/** Whether an order's body names a link at all, without reading it. */
export const mayNameLink = (payload: Uint8Array): boolean =>
  Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).includes(referralAttribute);

/** Undefined for an order without a customer, and for one that is only a test. */
export function parseReferral(payload: Uint8Array): ToldOfReferral | undefined {
  const order = parsePayload(told, payload);
  if (order.test === true || !order.customer) return undefined;
  const address = order.shipping_address;
  const phone = typeof order.phone === 'string' ? order.phone.slice(0, 40) : '';
  const country = (address?.country_code ?? '').toUpperCase();
  return {
    shopifyCustomerId: order.customer.id,
    referral: referralIn(order.note_attributes ?? []),
    traces: {
      phone: phone || address?.phone || '',
      ...(address && {
        address: {
          line1: address.address1,
          line2: address.address2,
          zip: address.zip,
          country: /^[A-Z]{2}$/.test(country) ? country : '',
        },
      }),
    },
  };
}

const risks: Readonly<Record<string, OrderRisk>> = { low: 'low', medium: 'medium', high: 'high' };

const riskPayload = z.object({
  order_id: shopifyId.nullish().catch(null),
  admin_graphql_api_order_id: shopifyId.nullish().catch(null),
  risk_level: text(20),
  provider_id: z.unknown().optional(),
  created_at: z.unknown().optional(),
});

/**
 * Of orders/risk_assessment_changed: how Shopify itself rates an order. Undefined for what other apps think of it, and
 * while there is no verdict.
 */
export function parseOrderRisk(
  payload: Uint8Array,
  triggeredAt: string,
): { readonly orderId: string; readonly risk: OrderRisk; readonly ratedAt: string } | undefined {
  const body = parsePayload(riskPayload, payload);
  const orderId = body.order_id ?? body.admin_graphql_api_order_id;
  const risk = risks[body.risk_level.toLowerCase()];
  const isShopifys = body.provider_id === null || body.provider_id === undefined;
  if (!orderId || risk === undefined || !isShopifys) return undefined;
  const at = typeof body.created_at === 'string' ? Date.parse(body.created_at) : Number.NaN;
  return { orderId, risk, ratedAt: Number.isNaN(at) ? triggeredAt : new Date(at).toISOString() };
}
