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
          updatedAt
        }
      }
    }
  }`;

export const bulkCustomer = customerNode.extend({ updatedAt: z.string() });

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
