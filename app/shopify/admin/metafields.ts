import { z } from 'zod';
import type { AdminDocument } from '../admin-client.server.ts';
import { userErrors } from './user-errors.ts';

/** The app's own namespace: no other app can write it. The theme's Liquid reads it as `customer.metafields`. */
export const balanceMetafield = {
  namespace: '$app:loyalnest',
  key: 'balance',
  type: 'number_integer',
} as const;

/** Of the app's installation: the theme's Liquid reads it as `app.metafields.loyalnest.settings`. */
export const settingsMetafield = {
  namespace: 'loyalnest',
  key: 'settings',
  type: 'json',
} as const;

/** Shopify's limit for one call. */
export const metafieldsPerCall = 25;

const definitionData = z.object({
  metafieldDefinitionCreate: z
    .object({ createdDefinition: z.object({ id: z.string() }).nullish(), userErrors })
    .nullable(),
});

interface DefinitionVariables {
  definition: {
    name: string;
    description: string;
    namespace: string;
    key: string;
    type: string;
    ownerType: 'CUSTOMER';
    access: { storefront: 'PUBLIC_READ' | 'NONE' };
  };
}

export const createMetafieldDefinition: AdminDocument<
  z.output<typeof definitionData>,
  DefinitionVariables
> = {
  name: 'CreateBalanceDefinition',
  cost: 10,
  data: definitionData,
  query: `#graphql
    mutation CreateBalanceDefinition($definition: MetafieldDefinitionInput!) {
      metafieldDefinitionCreate(definition: $definition) {
        createdDefinition { id }
        userErrors { field message code }
      }
    }`,
};

const setData = z.object({
  metafieldsSet: z
    .object({ metafields: z.array(z.object({ id: z.string() })).nullish(), userErrors })
    .nullable(),
});

interface MetafieldValue {
  ownerId: string;
  namespace: string;
  key: string;
  type: string;
  value: string;
}

export const setMetafields: AdminDocument<
  z.output<typeof setData>,
  { metafields: MetafieldValue[] }
> = {
  name: 'SetBalances',
  cost: 10,
  data: setData,
  query: `#graphql
    mutation SetBalances($metafields: [MetafieldsSetInput!]!) {
      metafieldsSet(metafields: $metafields) {
        metafields { id }
        userErrors { field message code }
      }
    }`,
};
