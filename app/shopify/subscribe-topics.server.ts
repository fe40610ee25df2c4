import type { AdminClient } from './admin-client.server.ts';
import { readMergeSubscription, subscribeToMerges } from './admin/subscriptions.ts';
import { refusalOf } from './admin/user-errors.ts';
import { topicsByScope } from './webhook-topics.ts';

const topic = 'customers/merge';

/**
 * Subscribes to what a shop lets us hear of beyond shopify.app.toml. Shopify drops a subscription made over the API
 * when its deliveries fail for hours, so this is asked again every night; what is there already stays as it is.
 */
export async function subscribeToTopics(shopify: AdminClient, appUrl: string): Promise<void> {
  const uri = new URL(`/webhooks/${topic}`, appUrl).href;
  const known = await shopify.request(readMergeSubscription, {});
  const scopes = known.currentAppInstallation.accessScopes.map(({ handle }) => handle);
  const isHeard = known.webhookSubscriptions.nodes.some((one) => one.uri === uri);
  if (isHeard || !scopes.includes(topicsByScope[topic])) return;
  const { webhookSubscriptionCreate } = await shopify.request(subscribeToMerges, { uri });
  const refusal = refusalOf('webhookSubscriptionCreate', webhookSubscriptionCreate);
  // Another worker was faster: an address is taken once.
  const isTaken = /already been taken/.test(refusal?.message ?? '');
  if (refusal !== undefined && !isTaken) throw refusal;
}
