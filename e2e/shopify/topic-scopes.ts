// Subscriptions that the app makes over the API, and the access scope that a topic asks for beyond those every installation has.
const NEEDED: Readonly<Record<string, string>> = { 'customers/merge': 'read_customer_merge' };

/** The scope that keeps an installation with these scopes from the topic, or undefined. */
export function missingScope(topic: string, scopes: readonly string[]): string | undefined {
  const scope = NEEDED[topic];
  return scope === undefined || scopes.includes(scope) ? undefined : scope;
}

/** Made over the Admin API, beside those of shopify.app.toml. */
export interface ApiSubscription {
  id: number;
  topic: string;
  uri: string;
  address: string;
  includeFields: string[];
  createdAt: string;
}
