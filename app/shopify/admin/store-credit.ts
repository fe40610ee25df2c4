import { z } from 'zod';
import type { AdminDocument } from '../admin-client.server.ts';
import { userErrors } from './user-errors.ts';

const creditData = z.object({
  storeCreditAccountCredit: z
    .object({
      storeCreditAccountTransaction: z.object({ id: z.string() }).nullish(),
      userErrors,
    })
    .nullable(),
});

interface CreditVariables {
  /** Of the customer: Shopify makes the account when there is none. */
  id: string;
  credit: {
    creditAmount: { amount: string; currencyCode: string };
    expiresAt: string | null;
  };
}

export const creditStoreCredit: AdminDocument<z.output<typeof creditData>, CreditVariables> = {
  name: 'CreditStoreCredit',
  cost: 10,
  data: creditData,
  query: `#graphql
    mutation CreditStoreCredit($id: ID!, $credit: StoreCreditAccountCreditInput!) {
      storeCreditAccountCredit(id: $id, creditInput: $credit) {
        storeCreditAccountTransaction { id }
        userErrors { field message code }
      }
    }`,
};

const transaction = z.object({
  id: z.string().optional(),
  createdAt: z.string(),
  expiresAt: z.string().nullish(),
  amount: z.object({ amount: z.string(), currencyCode: z.string() }),
});
const readData = z.object({
  customer: z
    .object({
      storeCreditAccounts: z.object({
        nodes: z.array(z.object({ transactions: z.object({ nodes: z.array(transaction) }) })),
      }),
    })
    .nullable(),
});

/** The latest credits of a customer; other movements have no id here. */
export const readStoreCredits: AdminDocument<z.output<typeof readData>, { id: string }> = {
  name: 'ReadStoreCredits',
  cost: 25,
  data: readData,
  query: `#graphql
    query ReadStoreCredits($id: ID!) {
      customer(id: $id) {
        storeCreditAccounts(first: 5) {
          nodes {
            transactions(first: 25, reverse: true, sortKey: CREATED_AT) {
              nodes {
                createdAt
                amount { amount currencyCode }
                ... on StoreCreditAccountCreditTransaction { id expiresAt }
              }
            }
          }
        }
      }
    }`,
};
