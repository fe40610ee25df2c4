import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { buildClientSchema, getOperationAST, parse, validate } from 'graphql';
import type { IntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { requestedCost } from '#e2e/shopify/admin-graphql/cost.ts';
import { adminApiVersion } from '../api-version.ts';
import { readBulkOperation, runBulkQuery } from './bulk-operations.ts';
import { allCustomersQuery } from './customers.ts';
import { appInstallation } from './installation.ts';
import {
  createBasicDiscount,
  createBuyGetDiscount,
  createFreeShipping,
  deactivateDiscount,
  findDiscountByCode,
  readVariantPrice,
} from './discounts.ts';
import { createGiftCard, findGiftCards } from './gift-cards.ts';
import { setMetafields } from './metafields.ts';
import {
  allOrdersQuery,
  readChangedOrders,
  readOrder,
  readOrderLines,
  readRefundPage,
} from './order-documents.ts';
import { receiveFlowTrigger } from './flow.ts';
import { shopProfile } from './shop.ts';
import { readMergeSubscription, subscribeToMerges } from './subscriptions.ts';
import { creditStoreCredit, readStoreCredits } from './store-credit.ts';

const file = new URL(
  `../../../e2e/shopify/schema/admin_${adminApiVersion}.json.gz`,
  import.meta.url,
);
const introspection = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as
  IntrospectionQuery | { data: IntrospectionQuery };
const schema = buildClientSchema('data' in introspection ? introspection.data : introspection, {
  assumeValid: true,
});

const documents = [
  shopProfile,
  appInstallation,
  setMetafields,
  runBulkQuery,
  readBulkOperation,
  readOrder,
  readOrderLines,
  readRefundPage,
  readChangedOrders,
  createBasicDiscount,
  createFreeShipping,
  createBuyGetDiscount,
  findDiscountByCode,
  deactivateDiscount,
  readVariantPrice,
  createGiftCard,
  findGiftCards,
  creditStoreCredit,
  readStoreCredits,
  readMergeSubscription,
  subscribeToMerges,
  receiveFlowTrigger,
];

describe(`against Shopify's own schema of ${adminApiVersion}`, () => {
  test.each([
    ...documents.map(({ name, query }) => [name, query] as const),
    ['AllCustomers', allCustomersQuery] as const,
    ['AllOrders', allOrdersQuery] as const,
  ])('%s is valid', (_name, query) => {
    expect(validate(schema, parse(query)).map(({ message }) => message)).toEqual([]);
  });

  test('no document uses a deprecated field', () => {
    for (const { query } of documents)
      expect(query).not.toMatch(/\b(subtotalPrice|totalPrice|currentBulkOperation)\b(?!Set)/);
  });
});

describe('the declared cost of a document', () => {
  // Background work waits for this much of the shop's budget: too little is refused, too much waits needlessly.
  test.each(documents.map((document) => [document.name, document] as const))(
    '%s is the cost that Shopify charges',
    (_name, { query, cost }) => {
      const document = parse(query);
      const operation = getOperationAST(document);
      if (operation === null || operation === undefined) throw new Error('no operation');
      const real = requestedCost(schema, document, operation, {});
      expect(cost).toBeGreaterThanOrEqual(real);
      expect(cost).toBeLessThanOrEqual(real + Math.max(2, real * 0.1));
    },
  );
});

test('shopify.app.toml has the same version and every topic', async () => {
  const { topicsByScope, webhookTopics } = await import('../webhook-topics.ts');
  const toml = readFileSync(new URL('../../../shopify.app.toml', import.meta.url), 'utf8');
  expect(toml).toContain(`api_version = "${adminApiVersion}"`);
  const subscribed = [
    ...toml.matchAll(
      /^\s*(?:compliance_)?topics = \["([^"]+)"\]\n\s*uri = "\/webhooks\/([^"]+)"/gm,
    ),
  ].map(([, topic, path]) => [topic, path]);
  const byScope = new Set(Object.keys(topicsByScope));
  expect(subscribed).toEqual(
    webhookTopics.filter((topic) => !byScope.has(topic)).map((topic) => [topic, topic]),
  );
});
