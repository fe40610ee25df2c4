/** Every topic that we subscribe to; the path of each is /webhooks/<topic>. */
export const webhookTopics = [
  'orders/create',
  'orders/paid',
  'orders/updated',
  'orders/edited',
  'orders/cancelled',
  'orders/risk_assessment_changed',
  'refunds/create',
  'customers/create',
  'customers/update',
  'customers/enable',
  'customers/merge',
  'customers/delete',
  'customers_email_marketing_consent/update',
  'customer.tags_added',
  'customer.tags_removed',
  'bulk_operations/finish',
  'app/uninstalled',
  'app/scopes_update',
  'shop/update',
  'customers/data_request',
  'customers/redact',
  'shop/redact',
] as const;

/**
 * Those that need a scope which a shop may not have given: `shopify.app.toml` cannot name them, and they are subscribed
 * to over the API once the scope is there (subscribe-topics.server.ts).
 */
export const topicsByScope = {
  'customers/merge': 'read_customer_merge',
} as const satisfies Partial<Record<(typeof webhookTopics)[number], string>>;

export type WebhookTopic = (typeof webhookTopics)[number];

const known: ReadonlySet<string> = new Set(webhookTopics);

export function isWebhookTopic(text: string): text is WebhookTopic {
  return known.has(text);
}
