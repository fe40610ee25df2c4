import { z } from 'zod';
import type { UpsertCustomerRequest } from '#proto/admin/v1/admin.ts';
import type { CustomerIdentity } from '#proto/points/v1/points.ts';
import { instant, parsePayload, PayloadRefusal, shopifyId, text } from './payload-fields.ts';
import { CUSTOMER_STATES, type CustomerTrigger } from '#vocabulary/customers.ts';

/** The person of an order or of a customer topic: only what a program needs of them. */
export const customerFields = z.object({
  id: shopifyId,
  email: text(320),
  first_name: text(255),
  last_name: text(255),
  locale: text(35),
  state: text(20),
});

const states: ReadonlySet<string> = new Set(CUSTOMER_STATES);

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

const consent = z.object({ state: text(40) });

const customerPayload = customerFields.extend({
  updated_at: instant.nullish(),
  // Only in API versions before 2025-01; today it has its own topic.
  email_marketing_consent: consent.nullish(),
});

export type ToldCustomerTrigger = Extract<CustomerTrigger, 'created' | 'updated' | 'enabled'>;

/** Of customers/create, customers/update and customers/enable. */
export function parseCustomer(
  payload: Uint8Array,
  trigger: ToldCustomerTrigger,
  triggeredAt: string,
): Omit<UpsertCustomerRequest, 'deliveryId'> {
  const customer = parsePayload(customerPayload, payload);
  return {
    customer: toIdentity(customer),
    trigger,
    updatedAt: customer.updated_at ?? triggeredAt,
    marketing: marketingOf(customer.email_marketing_consent?.state),
    tagsAdded: [],
    tagsRemoved: [],
    company: '',
  };
}

const consentPayload = z.object({
  customer_id: shopifyId,
  email_address: text(320),
  email_marketing_consent: consent,
});

/**
 * Of customers_email_marketing_consent/update. Its own `consent_updated_at` is when they agreed, which may be years ago
 * or nothing; which of two notices is the newer one only Shopify's time of sending says.
 */
export function parseConsent(
  payload: Uint8Array,
  triggeredAt: string,
): Omit<UpsertCustomerRequest, 'deliveryId'> {
  const told = parsePayload(consentPayload, payload);
  return {
    ...onlyNamed(told.customer_id, told.email_address),
    updatedAt: triggeredAt,
    marketing: marketingOf(told.email_marketing_consent.state),
  };
}

const tagsPayload = z.object({
  customerId: shopifyId,
  tags: z.array(text(255)).max(500),
  occurredAt: instant.nullish(),
});

/** Of customer.tags_added and customer.tags_removed. */
export function parseTags(
  payload: Uint8Array,
  topic: 'customer.tags_added' | 'customer.tags_removed',
  triggeredAt: string,
): Omit<UpsertCustomerRequest, 'deliveryId'> {
  const told = parsePayload(tagsPayload, payload);
  const tags = told.tags.map((tag) => tag.trim()).filter((tag) => tag !== '');
  return {
    ...onlyNamed(told.customerId),
    updatedAt: told.occurredAt ?? triggeredAt,
    ...(topic === 'customer.tags_added' ? { tagsAdded: tags } : { tagsRemoved: tags }),
  };
}

/** A person of whom one thing is told, and nothing that could overwrite what is known. */
function onlyNamed(
  shopifyCustomerId: string,
  email = '',
): Omit<UpsertCustomerRequest, 'deliveryId'> {
  return {
    customer: { shopifyCustomerId, email, firstName: '', lastName: '', locale: '', state: '' },
    trigger: 'partial',
    updatedAt: '',
    marketing: '',
    tagsAdded: [],
    company: '',
    tagsRemoved: [],
  };
}

/** Only a confirmed subscription counts, not a pending confirmation. */
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
    throw new PayloadRefusal('customer.id', 'Names no customer.');
  return {
    shopifyCustomerId: id,
    email,
    phone,
    orderIds,
    requestId: request.data_request?.id ?? '',
  };
}
