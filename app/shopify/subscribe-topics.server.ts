import type { AdminClient } from './admin-client.server.ts';
import { readMergeSubscription, subscribeToMerges } from './admin/subscriptions.ts';
import { refusalOf } from './admin/user-errors.ts';
import { topicsByScope } from './webhook-topics.ts';

const topic = 'customers/merge';

/** What the shop lets us do, and why it refused a subscription that it should allow. */
interface Subscriptions {
  readonly scopes: readonly string[];
  readonly refused: ReadonlyMap<string, Error>;
}

/**
 * Subscribes to what a shop lets us hear of beyond shopify.app.toml. Shopify drops a subscription made over the API
 * when its deliveries fail for hours, so this is asked again every night; what is there already stays as it is.
 */
export async function renewSubscriptions(
  shopify: AdminClient,
  appUrl: string,
): Promise<Subscriptions> {
  const uri = new URL(`/webhooks/${topic}`, appUrl).href;
  const known = await shopify.request(readMergeSubscription, {});
  const scopes = known.currentAppInstallation.accessScopes.map(({ handle }) => handle);
  const isHeard = known.webhookSubscriptions.nodes.some((one) => one.uri === uri);
  if (isHeard || !scopes.includes(topicsByScope[topic])) return { scopes, refused: new Map() };
  const { webhookSubscriptionCreate } = await shopify.request(subscribeToMerges, { uri });
  const refusal = refusalOf('webhookSubscriptionCreate', webhookSubscriptionCreate);
  // Another worker was faster: an address is taken once.
  const isTaken = /already been taken/.test(refusal?.message ?? '');
  return { scopes, refused: new Map(refusal !== undefined && !isTaken ? [[topic, refusal]] : []) };
}

/** @throws AdminApiError when the shop refuses one of them */
export async function subscribeToTopics(shopify: AdminClient, appUrl: string): Promise<void> {
  const { refused } = await renewSubscriptions(shopify, appUrl);
  for (const refusal of refused.values()) throw refusal;
}
