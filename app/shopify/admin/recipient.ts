import { z } from 'zod';
import type { AdminDocument } from '../admin-client.server.ts';
import { customerGid } from './ids.ts';

const node = z.object({
  defaultPhoneNumber: z
    .object({ phoneNumber: z.string(), marketingState: z.string().nullish() })
    .nullish(),
  defaultAddress: z
    .object({ countryCodeV2: z.string().nullish(), provinceCode: z.string().nullish() })
    .nullish(),
});
const data = z.object({ customer: node.nullish() });

/** What a text message needs to know of its recipient: asked when it is sent, and kept nowhere. */
export const readRecipient: AdminDocument<z.output<typeof data>, { readonly id: string }> = {
  name: 'readRecipient',
  query: `#graphql
    query readRecipient($id: ID!) {
      customer(id: $id) {
        defaultPhoneNumber { phoneNumber marketingState }
        defaultAddress { countryCodeV2 provinceCode }
      }
    }`,
  data,
  cost: 3,
};

export interface PhoneRecipient {
  /** E.164; empty when there is none. */
  readonly phone: string;
  readonly hasConsent: boolean;
  readonly country: string;
  readonly region: string;
}

export const recipientVariables = (shopifyCustomerId: string) => ({
  id: customerGid(shopifyCustomerId),
});

/** Undefined when Shopify does not know the customer any more. */
export function phoneRecipient({ customer }: z.output<typeof data>): PhoneRecipient | undefined {
  if (!customer) return undefined;
  return {
    phone: customer.defaultPhoneNumber?.phoneNumber ?? '',
    hasConsent: customer.defaultPhoneNumber?.marketingState === 'SUBSCRIBED',
    country: customer.defaultAddress?.countryCodeV2 ?? '',
    region: customer.defaultAddress?.provinceCode ?? '',
  };
}
