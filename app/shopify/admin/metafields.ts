import { z } from 'zod';
import type { AdminDocument } from '../admin-client.server.ts';
import { userErrors } from './user-errors.ts';

/**
 * In the app's own namespace: no other app can write it. Defined in shopify.app.toml, so that the theme's Liquid may read
 * it as `customer.metafields`.
 */
export const balanceMetafield = {
  namespace: '$app',
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

const shownData = z.object({
  nodes: z.array(
    z
      .object({
        id: z.string(),
        metafield: z.object({ value: z.string() }).nullish(),
      })
      .nullable(),
  ),
});

/** What the balance metafields of customers say. */
export const readBalances: AdminDocument<z.output<typeof shownData>, { ids: string[] }> = {
  name: 'ReadBalances',
  cost: 60,
  data: shownData,
  query: `#graphql
    query ReadBalances($ids: [ID!]!) {
      nodes(ids: $ids) {
        id
        ... on Customer { metafield(namespace: "${balanceMetafield.namespace}", key: "${balanceMetafield.key}") { value } }
      }
    }`,
};
