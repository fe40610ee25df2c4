// Webhook subscriptions made over the API. Those of shopify.app.toml are never listed here, as at Shopify.
import { DEFAULT_TOPICS } from '../../app-config.ts';
import { gid, idOf } from '../../state.ts';
import { type ApiSubscription, missingScope } from '../../topic-scopes.ts';
import { bulkMode, type Resolver } from '../context.ts';
import { notModeled } from '../errors.ts';
import { connection, type GraphNode, type PageArguments } from '../relay.ts';

const enumOf = (topic: string): string => topic.toUpperCase().replace(/[/.]/g, '_');
const TOPICS = new Map(
  [...DEFAULT_TOPICS, 'customers/merge'].map((topic) => [enumOf(topic), topic]),
);

const node = (one: ApiSubscription): GraphNode => ({
  __typename: 'WebhookSubscription',
  id: gid('WebhookSubscription', one.id),
  legacyResourceId: String(one.id),
  topic: enumOf(one.topic),
  uri: one.address,
  format: 'JSON',
  filter: '',
  name: null,
  includeFields: one.includeFields,
  metafieldNamespaces: [],
  metafields: [],
  createdAt: one.createdAt,
  updatedAt: one.createdAt,
});
const refused = (field: string[], message: string): GraphNode => ({
  webhookSubscription: null,
  userErrors: [{ __typename: 'UserError', field, message }],
});

export const subscriptionQueries: Record<string, Resolver> = {
  webhookSubscriptions: (args, context) => {
    const topics = args['topics'] as string[] | null | undefined;
    const all = context.world.data.subscriptions.filter(
      ({ topic }) => !topics || topics.includes(enumOf(topic)),
    );
    return connection(
      'WebhookSubscription',
      all,
      args as PageArguments,
      ({ id }) => String(id),
      node,
      bulkMode(context),
    );
  },
  webhookSubscriptionsCount: (_args, { world }) => ({
    __typename: 'Count',
    count: world.data.subscriptions.length,
    precision: 'EXACT',
  }),
};

export const subscriptionMutations: Record<string, Resolver> = {
  webhookSubscriptionCreate: (args, { world }) => {
    const input = args['webhookSubscription'] as {
        uri?: string | null;
        includeFields?: string[] | null;
        format?: string | null;
      },
      topic = TOPICS.get(String(args['topic']));
    if (topic === undefined) throw notModeled(`a subscription to ${String(args['topic'])}`);
    if ((input.format ?? 'JSON') !== 'JSON') throw notModeled('deliveries as XML');
    const missing = missingScope(topic, world.data.installation.scopes);
    if (missing !== undefined)
      return refused(['topic'], `You do not have permission to subscribe to ${topic}: ${missing}.`);
    if (!input.uri?.startsWith('https:') && !input.uri?.startsWith('http://localhost'))
      return refused(['webhookSubscription', 'uri'], 'Address protocol http:// is not supported');
    const { data, store, clock } = world;
    if (data.subscriptions.some((one) => one.topic === topic && one.address === input.uri))
      return refused(
        ['webhookSubscription', 'uri'],
        'Address for this topic has already been taken',
      );
    const made: ApiSubscription = {
      id: store.nextId('subscription'),
      topic,
      address: input.uri,
      uri: new URL(input.uri).pathname,
      includeFields: input.includeFields ?? [],
      createdAt: clock.iso(),
    };
    data.subscriptions.push(made);
    store.changed();
    return { webhookSubscription: node(made), userErrors: [] };
  },
  webhookSubscriptionDelete: (args, { world }) => {
    const id = idOf('WebhookSubscription', String(args['id'])),
      before = world.data.subscriptions.length;
    world.data.subscriptions = world.data.subscriptions.filter((one) => one.id !== id);
    world.store.changed();
    return world.data.subscriptions.length === before
      ? {
          deletedWebhookSubscriptionId: null,
          userErrors: [
            {
              __typename: 'UserError',
              field: ['id'],
              message: 'Webhook subscription does not exist',
            },
          ],
        }
      : { deletedWebhookSubscriptionId: args['id'], userErrors: [] };
  },
};
