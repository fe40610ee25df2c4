import { z } from 'zod';
import type { CustomerIdentity } from '#proto/points/v1/points.ts';
import { numericId } from './ids.ts';

export const customerSelection = `
  id
  firstName
  lastName
  locale
  state
  defaultEmailAddress { emailAddress }`;

export const customerNode = z.object({
  id: z.string(),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  locale: z.string().nullish(),
  state: z.string().nullish(),
  defaultEmailAddress: z.object({ emailAddress: z.string() }).nullish(),
});

/** Every customer of the shop, one JSON line each. */
export const allCustomersQuery = `#graphql
  {
    customers {
      edges {
        node {
          ${customerSelection}
          defaultEmailAddress { marketingState }
          tags
          updatedAt
        }
      }
    }
  }`;

export const bulkCustomer = customerNode.extend({
  updatedAt: z.string(),
  tags: z.array(z.string()),
  defaultEmailAddress: z
    .object({ emailAddress: z.string(), marketingState: z.string().nullish() })
    .nullish(),
});

/** Only who confirmed has subscribed. Empty: Shopify knows no address, and so no wish. */
export function marketingOf({ defaultEmailAddress }: z.output<typeof bulkCustomer>): string {
  const state = defaultEmailAddress?.marketingState ?? '';
  if (state === '') return '';
  return state === 'SUBSCRIBED' ? 'subscribed' : 'not_subscribed';
}

export function toIdentity(node: z.output<typeof customerNode>): CustomerIdentity {
  return {
    shopifyCustomerId: numericId(node.id),
    email: node.defaultEmailAddress?.emailAddress ?? '',
    firstName: node.firstName ?? '',
    lastName: node.lastName ?? '',
    locale: node.locale ?? '',
    state: (node.state ?? '').toLowerCase(),
  };
}
