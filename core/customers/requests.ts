import { z } from 'zod';
import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import {
  count,
  instantOrEmpty,
  locale,
  page,
  shopifyId,
  text,
  uuid,
  uuidOrEmpty,
} from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { MAX_EXCLUDED_TAGS, MAX_TAG_LENGTH } from '../members/participation.rules.ts';
import {
  CUSTOMER_SORTS,
  CUSTOMER_STATES,
  CUSTOMER_TRIGGERS,
  COMPANY_STATES,
  MARKETING_STATES,
} from '#vocabulary/customers.ts';

const shopifyIdOrEmpty = z.union([z.literal(''), shopifyId]);
const ids = (max: number) => z.array(uuid).max(max);
/** Shopify allows 250 tags a customer. */
const tags = z.array(text(255, 1)).max(500);
/** Of a list, each item is checked on its own when it is processed, so that one bad customer does not fail the page. */
export const upsertCustomer = z.object({
  customer: z.object({
    shopifyCustomerId: shopifyId,
    email: text(320),
    firstName: text(255),
    lastName: text(255),
    locale,
    state: z.enum(['', ...CUSTOMER_STATES]),
  }),
  trigger: z.enum(CUSTOMER_TRIGGERS),
  updatedAt: instantOrEmpty,
  deliveryId: uuidOrEmpty,
  marketing: z.enum(['', ...MARKETING_STATES]),
  tagsAdded: tags,
  tagsRemoved: tags,
  company: z.enum(['', ...COMPANY_STATES]),
});

const participation = z
  .object({
    excludedTags: z.array(text(MAX_TAG_LENGTH, 1)).max(MAX_EXCLUDED_TAGS),
    excludesCompanies: z.boolean(),
    revision: text(64),
  })
  .optional();

export const customerSchemas = {
  upsertCustomer,
  getCustomers: z.object({
    query: text(320),
    page,
    sort: z.enum(['', ...CUSTOMER_SORTS]),
    vipTierId: uuidOrEmpty,
    segmentId: text(40),
    excluded: z.boolean(),
  }),
  getCustomer: z
    .object({ customerId: uuidOrEmpty, shopifyCustomerId: shopifyIdOrEmpty })
    .refine((value) => (value.customerId === '') !== (value.shopifyCustomerId === ''), {
      path: ['customerId'],
      message: 'exactly one of customer_id and shopify_customer_id is needed',
    }),
  getParticipation: z.object({}),
  updateParticipation: z.object({ participation }),
  previewExclusions: z.object({ participation }),
  mergeCustomers: z
    .object({
      keptShopifyCustomerId: shopifyId,
      removedShopifyCustomerId: shopifyId,
      deliveryId: uuidOrEmpty,
    })
    .refine((value) => value.keptShopifyCustomerId !== value.removedShopifyCustomerId, {
      path: ['removedShopifyCustomerId'],
      message: 'a customer cannot be merged into itself',
    }),
  getMetafieldBalances: z.object({ customerIds: ids(250) }),
  confirmMetafieldBalances: z.object({
    balances: z
      .array(
        z.object({
          customerId: uuid,
          shopifyCustomerId: text(64),
          // Many entries make a balance: it may be more than one entry can be.
          balance: z.number().int(),
          version: count,
        }),
      )
      .max(250),
  }),
} satisfies RequestSchemas<typeof AdminServiceDefinition>;
