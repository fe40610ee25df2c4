import { z } from 'zod';
import type { AdminDocument } from '../admin-client.server.ts';
import { userErrors } from './user-errors.ts';

const createData = z.object({
  giftCardCreate: z
    .object({ giftCard: z.object({ id: z.string() }).nullish(), userErrors })
    .nullable(),
});

interface GiftCardInput {
  code: string;
  customerId: string;
  initialAmount: { amount: string; currencyCode: string };
  expiresOn: string | null;
  /** Not shown to the shopper. */
  note: string;
}

export const createGiftCard: AdminDocument<
  z.output<typeof createData>,
  { input: GiftCardInput }
> = {
  name: 'CreateGiftCard',
  cost: 10,
  data: createData,
  query: `#graphql
    mutation CreateGiftCard($input: GiftCardCreateInput!) {
      giftCardCreate(input: $input) {
        giftCard { id }
        userErrors { field message code }
      }
    }`,
};

const findData = z.object({
  giftCards: z.object({ nodes: z.array(z.object({ id: z.string(), note: z.string().nullish() })) }),
});

/** Shopify never shows a card's code again, but can search by it. */
export const findGiftCards: AdminDocument<z.output<typeof findData>, { query: string }> = {
  name: 'FindGiftCards',
  cost: 5,
  data: findData,
  query: `#graphql
    query FindGiftCards($query: String!) {
      giftCards(first: 5, query: $query) {
        nodes { id note }
      }
    }`,
};

const listData = z.object({
  giftCards: z.object({
    nodes: z.array(
      z.object({
        id: z.string(),
        note: z.string().nullish(),
        createdAt: z.string(),
        expiresOn: z.string().nullish(),
        initialValue: z.object({ amount: z.string(), currencyCode: z.string() }),
        customer: z.object({ id: z.string() }).nullish(),
      }),
    ),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  }),
});

/** Cards by a search, those of this app among them. */
export const listGiftCards: AdminDocument<
  z.output<typeof listData>,
  { query: string; after: string | null }
> = {
  name: 'ListGiftCards',
  cost: 60,
  data: listData,
  query: `#graphql
    query ListGiftCards($query: String!, $after: String) {
      giftCards(first: 50, query: $query, after: $after) {
        nodes {
          id
          note
          createdAt
          expiresOn
          initialValue { amount currencyCode }
          customer { id }
        }
        pageInfo { hasNextPage endCursor }
      }
    }`,
};
