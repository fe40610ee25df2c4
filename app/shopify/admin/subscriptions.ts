import { z } from 'zod';
import type { AdminDocument } from '../admin-client.server.ts';
import { userErrors } from './user-errors.ts';

const mergeTopicData = z.object({
  currentAppInstallation: z.object({ accessScopes: z.array(z.object({ handle: z.string() })) }),
  webhookSubscriptions: z.object({ nodes: z.array(z.object({ id: z.string(), uri: z.string() })) }),
});

/** Whether the shop lets us see merges of customers, and whether we hear of them. */
export const readMergeSubscription: AdminDocument<
  z.output<typeof mergeTopicData>,
  Record<string, never>
> = {
  name: 'ReadMergeSubscription',
  cost: 7,
  data: mergeTopicData,
  query: `#graphql
    query ReadMergeSubscription {
      currentAppInstallation { accessScopes { handle } }
      webhookSubscriptions(first: 5, topics: [CUSTOMERS_MERGE]) { nodes { id uri } }
    }`,
};

const subscribeData = z.object({
  webhookSubscriptionCreate: z
    .object({ webhookSubscription: z.object({ id: z.string() }).nullish(), userErrors })
    .nullable(),
});

export const subscribeToMerges: AdminDocument<z.output<typeof subscribeData>, { uri: string }> = {
  name: 'SubscribeToMerges',
  cost: 10,
  data: subscribeData,
  query: `#graphql
    mutation SubscribeToMerges($uri: String!) {
      webhookSubscriptionCreate(
        topic: CUSTOMERS_MERGE
        webhookSubscription: { uri: $uri, format: JSON }
      ) {
        webhookSubscription { id }
        userErrors { field message }
      }
    }`,
};
