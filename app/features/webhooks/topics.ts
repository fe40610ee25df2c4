/** Every topic that `shopify.app.toml` subscribes to; the path of each is /webhooks/<topic>. */
export const webhookTopics = [
  'orders/create',
  'orders/paid',
  'orders/updated',
  'orders/edited',
  'orders/cancelled',
  'refunds/create',
  'customers/create',
  'customers/update',
  'customers/enable',
  'customers/merge',
  'customers/delete',
  'customers_email_marketing_consent/update',
  'customer.tags_added',
  'customer.tags_removed',
  'discounts/update',
  'discounts/delete',
  'bulk_operations/finish',
  'app/uninstalled',
  'app/scopes_update',
  'app_subscriptions/update',
  'shop/update',
  'customers/data_request',
  'customers/redact',
  'shop/redact',
] as const;

export type WebhookTopic = (typeof webhookTopics)[number];

const known: ReadonlySet<string> = new Set(webhookTopics);

export function isWebhookTopic(text: string): text is WebhookTopic {
  return known.has(text);
}
