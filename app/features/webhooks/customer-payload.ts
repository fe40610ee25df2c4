import { z } from 'zod';
import type { UpsertCustomerRequest } from '#proto/admin/v1/admin.ts';
import type { CustomerIdentity } from '#proto/points/v1/points.ts';
import { instant, parsePayload, PayloadRefusal, shopifyId, text } from './payload-fields.ts';

/** The person of an order or of a customer topic: only what a programme needs of them. */
export const customerFields = z.object({
  id: shopifyId,
  email: text(320),
  first_name: text(255),
  last_name: text(255),
  locale: text(35),
  state: text(20),
});

const states: ReadonlySet<string> = new Set(['disabled', 'invited', 'enabled', 'declined']);

export function toIdentity(
  customer: z.output<typeof customerFields>,
  locale = '',
): CustomerIdentity {
  return {
    shopifyCustomerId: customer.id,
    email: customer.email,
    firstName: customer.first_name,
    lastName: customer.last_name,
    locale: customer.locale === '' ? locale : customer.locale,
    state: states.has(customer.state) ? customer.state : '',
  };
}

const customerPayload = customerFields.extend({
  updated_at: instant.nullish(),
  email_marketing_consent: z.object({ state: text(40) }).nullish(),
});

export type CustomerTrigger = 'created' | 'updated' | 'enabled';

/** Of customers/create, customers/update and customers/enable. */
export function parseCustomer(
  payload: Uint8Array,
  trigger: CustomerTrigger,
  triggeredAt: string,
): Omit<UpsertCustomerRequest, 'deliveryId'> {
  const customer = parsePayload(customerPayload, payload);
  return {
    customer: toIdentity(customer),
    trigger,
    updatedAt: customer.updated_at ?? triggeredAt,
    marketing: marketingOf(customer.email_marketing_consent?.state),
  };
}

/** Only who confirmed has subscribed; asking for a confirmation is not yet one. */
function marketingOf(state: string | undefined): string {
  if (state === undefined || state === '') return '';
  return state === 'subscribed' ? 'subscribed' : 'not_subscribed';
}

const mergePayload = z.object({
  admin_graphql_api_customer_kept_id: shopifyId,
  admin_graphql_api_customer_deleted_id: shopifyId,
  status: text(40),
});

/** Undefined for a merge that failed, or that is still under way: nothing has become of the two customers. */
export function parseMerge(
  payload: Uint8Array,
): { keptShopifyCustomerId: string; removedShopifyCustomerId: string } | undefined {
  const merge = parsePayload(mergePayload, payload);
  if (merge.status !== 'completed') return undefined;
  return {
    keptShopifyCustomerId: merge.admin_graphql_api_customer_kept_id,
    removedShopifyCustomerId: merge.admin_graphql_api_customer_deleted_id,
  };
}

const personalId = z.union([z.literal(''), shopifyId]);

const dataRequestPayload = z.object({
  // A guest may have no id.
  customer: z.object({
    id: personalId.nullish().transform((id) => id ?? ''),
    email: text(320),
    phone: text(40),
  }),
  orders_to_redact: z.array(shopifyId).max(5_000).nullish(),
  data_request: z.object({ id: shopifyId }).nullish(),
});

export interface PrivacyRequest {
  /** Empty when the request names a person by address, number or orders alone. */
  readonly shopifyCustomerId: string;
  readonly email: string;
  readonly phone: string;
  /** The orders that are to be erased with the person. */
  readonly orderIds: readonly string[];
  /** Empty when Shopify names none. */
  readonly requestId: string;
}

/** Of customers/data_request and customers/redact. */
export function parsePrivacyRequest(payload: Uint8Array): PrivacyRequest {
  const request = parsePayload(dataRequestPayload, payload);
  const { id, email, phone } = request.customer;
  const orderIds = request.orders_to_redact ?? [];
  if (id === '' && email === '' && phone === '' && orderIds.length === 0)
    throw new PayloadRefusal('customer.id', 'Names nobody.');
  return {
    shopifyCustomerId: id,
    email,
    phone,
    orderIds,
    requestId: request.data_request?.id ?? '',
  };
}
