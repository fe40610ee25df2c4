import { z } from 'zod';
import type { CustomerIdentity } from '#proto/points/v1/points.ts';
import { cleanText } from './clean-text.ts';
import { numericId } from './ids.ts';
import { CUSTOMER_STATES, type MarketingState } from '#vocabulary/customers.ts';

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
          companyContactProfiles { id }
          updatedAt
        }
      }
    }
  }`;

export const bulkCustomer = customerNode.extend({
  updatedAt: z.string(),
  tags: z.array(z.string()),
  companyContactProfiles: z.array(z.object({ id: z.string() })).nullish(),
  defaultEmailAddress: z
    .object({ emailAddress: z.string(), marketingState: z.string().nullish() })
    .nullish(),
});

/** Only who confirmed has subscribed. Empty: Shopify knows no address, and so no wish. */
export function marketingOf({
  defaultEmailAddress,
}: z.output<typeof bulkCustomer>): MarketingState | '' {
  const state = defaultEmailAddress?.marketingState ?? '';
  if (state === '') return '';
  return state === 'SUBSCRIBED' ? 'subscribed' : 'not_subscribed';
}

const states: ReadonlySet<string> = new Set(CUSTOMER_STATES);
const languageTag = /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/;
const longestEmail = 320;

/** Only what core accepts: one invalid field must not exclude the customer, or others. */
export function toIdentity(node: z.output<typeof customerNode>): CustomerIdentity {
  const email = cleanText(node.defaultEmailAddress?.emailAddress, longestEmail + 1);
  const state = (node.state ?? '').toLowerCase();
  const locale = node.locale ?? '';
  return {
    shopifyCustomerId: numericId(node.id),
    // A part of an address would be another address.
    email: email.length > longestEmail ? '' : email,
    firstName: cleanText(node.firstName, 255),
    lastName: cleanText(node.lastName, 255),
    locale: languageTag.test(locale) ? locale : '',
    state: states.has(state) ? state : '',
  };
}

/** Shopify allows 250, of up to 255 characters. */
export const toTags = (tags: readonly string[]): string[] =>
  tags
    .map((tag) => cleanText(tag, 255).trim())
    .filter((tag) => tag !== '')
    .slice(0, 250);
