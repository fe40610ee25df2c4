import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { OutcomeReason } from '#proto/common/v1/common.ts';
import { activitySchemas } from '../activity/requests.ts';
import { parseRequest } from '../call/validation.ts';
import { campaignSchemas } from '../campaigns/requests.ts';
import { consoleSchemas } from '../console/requests.ts';
import { customerSchemas } from '../customers/requests.ts';
import { earningSchemas } from '../earning/requests.ts';
import { deliverySchemas } from '../inbox/requests.ts';
import { memberReviewSchemas } from '../member-review/requests.ts';
import { merchantSchemas } from '../merchants/requests.ts';
import { operationSchemas } from '../operations/requests.ts';
import { orderSchemas } from '../orders/requests.ts';
import { pointsSchemas } from '../points/requests.ts';
import { privacySchemas } from '../privacy/requests.ts';
import { programSchemas } from '../program/requests.ts';
import { reportSchemas } from '../reports/requests.ts';
import { rewardSchemas } from '../rewards/requests.ts';
import { rfmSchemas } from '../rfm/requests.ts';
import { DomainError } from '../shared/errors.ts';
import { shopHealthSchemas } from '../shop-health/requests.ts';
import { simulatorSchemas } from '../simulator/requests.ts';
import { storefrontSchemas } from '../storefront/requests.ts';
import { tierSchemas } from '../tiers/requests.ts';
import { tipSchemas } from '../tips/requests.ts';

/** How long, how much and how many of it a caller may send: the last that is taken, and the first that is refused. */

interface Bounds {
  readonly taken: readonly unknown[];
  readonly refused: readonly unknown[];
}

const uuid = '0190a3f2-7c1e-4b9a-8d4f-2a6c1b3e5f70';
const instant = '2026-11-30T12:00:00Z';

const text = (most: number, least = 0): Bounds => ({
  taken: ['x'.repeat(most), 'x'.repeat(least)],
  refused: ['x'.repeat(most + 1), ...(least > 0 ? ['x'.repeat(least - 1)] : [])],
});
const whole = (least: number, most: number): Bounds => ({
  taken: [least, most],
  refused: [least - 1, most + 1, least + 0.5],
});
const list = (item: unknown, most: number, least = 0): Bounds => ({
  taken: [Array<unknown>(most).fill(item), Array<unknown>(least).fill(item)],
  refused: [Array<unknown>(most + 1).fill(item), ...(least > 0 ? [[]] : [])],
});
const oneOf = (taken: readonly unknown[], refused: readonly unknown[] = []): Bounds => ({
  taken,
  refused: ['mutant', ...refused],
});
const id = oneOf([uuid, uuid.toUpperCase()], ['', 7]);
const idOrNone = oneOf(['', uuid]);
const shopifyId = oneOf(['7', '1'.repeat(20)], ['', '1'.repeat(21), 'gid://shopify/Order/7']);
const shopifyIdOrNone = oneOf(['', '7'], ['1'.repeat(21)]);
const time = oneOf([instant, '2026-11-30T12:00:00+02:00'], ['', '2026-11-30']);
const timeOrNone = oneOf(['', instant], ['2026-11-30']);
const shop = oneOf(['demo.myshopify.com', 'DEMO.myshopify.com'], ['', 'demo.example']);

type Table = Readonly<Record<string, Bounds>>;

function changed(value: unknown, [key = '', ...rest]: readonly string[], to: unknown): unknown {
  const inner = value as Readonly<Record<string, unknown>> | readonly unknown[];
  const next = rest.length === 0 ? to : changed((inner as Record<string, unknown>)[key], rest, to);
  return Array.isArray(inner)
    ? inner.map((one: unknown, index) => (String(index) === key ? next : one))
    : { ...inner, [key]: next };
}

function refusalOf(schema: z.ZodType, request: unknown): string | undefined {
  try {
    parseRequest(schema, request);
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error.code).toBe('invalid_input');
    expect(error.message, error.field).toMatch(/\w/);
    return error.field;
  }
}

const spelled = (path: string): string =>
  path.replaceAll(/\.(\d+)/g, '[$1]').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const shown = (value: unknown): string => String(value).slice(0, 60);

function bounds(method: string, schema: z.ZodType | undefined, fine: object, table: Table): void {
  describe(method, () => {
    if (schema === undefined) throw new Error(`${method} has no schema`);
    it('takes what is right', () => {
      expect(refusalOf(schema, fine)).toBeUndefined();
    });
    it.each(Object.entries(table))('keeps to the bounds of %s', (path, { taken, refused }) => {
      for (const value of taken)
        expect(refusalOf(schema, changed(fine, path.split('.'), value)), shown(value)).toBe(
          undefined,
        );
      for (const value of refused)
        // A list is named by its first item that is wrong, or by itself.
        expect(refusalOf(schema, changed(fine, path.split('.'), value)), shown(value)).toMatch(
          spelled(path),
        );
    });
  });
}

const page = { pageSize: 0, cursor: '' };
const pages: Table = { 'page.pageSize': whole(0, 250), 'page.cursor': text(500) };
const revision = { revision: text(64) };

describe('points', () => {
  const most = 1_000_000_000_000;
  bounds(
    'getPointsBalance',
    pointsSchemas.getPointsBalance,
    { customerId: uuid },
    {
      customerId: id,
    },
  );
  bounds(
    'listEntries',
    pointsSchemas.listEntries,
    { customerId: '', page, types: ['earn'] },
    { customerId: idOrNone, types: list('earn', 16), 'types.0': text(32), ...pages },
  );
  bounds(
    'adjustPoints',
    pointsSchemas.adjustPoints,
    { customerId: uuid, points: 5, reason: 'Sorry', idempotencyKey: 'k', expiresAt: '' },
    {
      customerId: id,
      points: { taken: [-most, -1, 1, most], refused: [0, -most - 1, most + 1, 0.5] },
      reason: { taken: ['x', 'x'.repeat(500)], refused: ['', ' ', 'x'.repeat(501)] },
      idempotencyKey: text(200, 1),
      expiresAt: oneOf(['', instant, 'never']),
    },
  );
  bounds(
    'reverseEntry',
    pointsSchemas.reverseEntry,
    { transactionId: uuid, reason: '', customerId: '' },
    { transactionId: id, reason: text(500), customerId: idOrNone },
  );
  bounds(
    'holdPoints',
    pointsSchemas.holdPoints,
    { customerId: uuid, points: 1, idempotencyKey: 'k', purpose: '', expiresAt: instant },
    {
      customerId: id,
      points: whole(1, most),
      idempotencyKey: text(200, 1),
      purpose: text(100),
      expiresAt: time,
    },
  );
  bounds('expirePoints', pointsSchemas.expirePoints, { limit: 1 }, { limit: whole(0, 1_000) });
  const month = oneOf(['2026-01', '2026-12'], ['', '2026-13', '2026-00', '1999-01', '2026-1']);
  bounds(
    'listExpiringMembers',
    pointsSchemas.listExpiringMembers,
    { month: '2026-11', page },
    { month, ...pages },
  );
  bounds(
    'extendExpiry',
    pointsSchemas.extendExpiry,
    { customerId: '', month: '2026-11', days: 1, idempotencyKey: 'k' },
    { customerId: idOrNone, month, days: whole(1, 3_650), idempotencyKey: text(200, 1) },
  );
  bounds('notifyExpiring', pointsSchemas.notifyExpiring, { limit: 1 }, { limit: whole(0, 5_000) });
});

describe('orders', () => {
  const refund = {
    refundId: '9',
    subtotal: '5.00',
    refundedAt: instant,
    linesSubtotal: '',
    lines: [{ lineId: '1', subtotal: '5.00', tip: false }],
    detailed: true,
    adjustments: [{ reason: 'x', amount: '-1.00' }],
    transactions: [
      { transactionId: '1', kind: 'refund', status: 'success', amount: '5.00', currency: 'USD' },
    ],
    linesTax: '',
    otherSubtotal: '',
  };
  const line = {
    lineId: '1',
    productId: '1',
    title: 'A mug',
    quantity: 1,
    price: '5.00',
    subtotal: '5.00',
    giftCard: false,
    tip: false,
  };
  const order = {
    orderId: '1',
    name: '#1',
    customer: {
      shopifyCustomerId: '7',
      email: '',
      firstName: '',
      lastName: '',
      locale: '',
      state: '',
    },
    currency: 'USD',
    presentmentCurrency: '',
    subtotal: '5.00',
    currentSubtotal: '',
    total: '',
    financialStatus: 'paid',
    channel: '',
    orderedAt: instant,
    updatedAt: instant,
    cancelledAt: '',
    refunds: [refund],
    lines: [line],
    discountCodes: ['TEN'],
    test: false,
    country: '',
    observedAt: '',
    source: '',
    customerVisible: true,
    currentTotal: '',
    totalRefunded: '',
    taxesIncluded: true,
    tax: '',
    createdAt: '',
    company: false,
  };
  const fine = { order, refund: undefined, trigger: 'paid', deliveryId: '' };
  const amount = oneOf(['0', '12.3456'], ['', '-0.01', '0.00001', '1,5', '1'.repeat(25)]);
  const amountOrNone = oneOf(['', '0', '12.3456'], ['-0.01', '0.00001']);
  const country = oneOf(['', 'FR'], ['fr', 'FRA', 'F']);
  bounds('recordOrder', orderSchemas.recordOrder, fine, {
    deliveryId: idOrNone,
    trigger: oneOf(['created', 'reconciled'], ['']),
    'order.orderId': shopifyId,
    'order.customer.shopifyCustomerId': shopifyId,
    'order.customer.email': text(320),
    'order.customer.firstName': text(255),
    'order.customer.lastName': text(255),
    'order.customer.locale': text(35),
    'order.customer.state': oneOf(['', 'enabled']),
    'order.currency': oneOf(['EUR', 'USDC'], ['', 'US', 'usd', '1SD', 'ABCDEFGHI']),
    'order.subtotal': amount,
    'order.currentSubtotal': amountOrNone,
    'order.financialStatus': text(32),
    'order.channel': oneOf(['', 'pos']),
    'order.orderedAt': time,
    'order.updatedAt': time,
    'order.cancelledAt': timeOrNone,
    'order.refunds': list(refund, 5_000),
    'order.refunds.0.refundId': shopifyId,
    'order.refunds.0.subtotal': amount,
    'order.refunds.0.refundedAt': time,
    'order.refunds.0.linesSubtotal': amountOrNone,
    'order.refunds.0.lines': list(refund.lines[0], 5_000),
    'order.refunds.0.lines.0.subtotal': amount,
    'order.refunds.0.adjustments': list(refund.adjustments[0], 5_000),
    'order.refunds.0.adjustments.0.reason': text(60),
    'order.refunds.0.adjustments.0.amount': oneOf(['-5.00', '5'], ['']),
    'order.refunds.0.transactions': list(refund.transactions[0], 5_000),
    'order.lines': list(line, 5_000),
    'order.lines.0.quantity': { taken: [0, 9], refused: [-1, 0.5] },
    'order.lines.0.price': amountOrNone,
    'order.lines.0.subtotal': amountOrNone,
    'order.discountCodes': list('TEN', 100),
    'order.discountCodes.0': text(255),
    'order.country': country,
    'order.observedAt': timeOrNone,
    'order.source': oneOf(['', 'reading']),
    'order.createdAt': timeOrNone,
  });
  bounds(
    'recordOrder of a refund alone',
    orderSchemas.recordOrder,
    { ...fine, order: undefined, refund: { orderId: '1', refund, currency: '', observedAt: '' } },
    {
      'refund.orderId': shopifyId,
      'refund.observedAt': timeOrNone,
      'refund.refund.refundId': shopifyId,
    },
  );
  bounds(
    'calculateDynamicPoints',
    orderSchemas.calculateDynamicPoints,
    { customerId: '', lines: [{ productId: '1', subtotal: '5' }], country: '' },
    {
      customerId: idOrNone,
      lines: list({ productId: '1', subtotal: '5' }, 250),
      'lines.0.productId': text(32),
      'lines.0.subtotal': amount,
      country,
    },
  );

  it('are not refused for what nothing is decided by: it is cut, or left out', () => {
    const odd = {
      ...order,
      name: 'x'.repeat(300),
      total: 'much',
      tax: '-5.00',
      currentTotal: '12.00',
      presentmentCurrency: 'dollars',
      refunds: [
        {
          ...refund,
          linesTax: 'much',
          transactions: [
            {
              transactionId: 'y'.repeat(300),
              kind: 'refund',
              status: 'success',
              amount: '-1',
              currency: 'usd',
            },
          ],
        },
      ],
    };
    expect(parseRequest(orderSchemas.recordOrder, { ...fine, order: odd }).order).toMatchObject({
      name: 'x'.repeat(255),
      total: '',
      tax: '',
      currentTotal: '12.00',
      presentmentCurrency: '',
      refunds: [
        {
          linesTax: '',
          transactions: [{ transactionId: 'y'.repeat(255), amount: '', currency: '' }],
        },
      ],
    });
    const known = { ...order, presentmentCurrency: 'EUR' };
    expect(parseRequest(orderSchemas.recordOrder, { ...fine, order: known }).order).toMatchObject({
      presentmentCurrency: 'EUR',
    });
  });
});

describe('rewards', () => {
  const most = 1_000_000_000_000;
  const reward = {
    rewardId: '',
    kind: 'amount_off',
    channel: '',
    status: '',
    title: { en: 'Five off' },
    description: {},
    pointsCost: 500,
    value: '5',
    currency: '',
    discount: '',
    mode: '',
    minPoints: 0,
    maxPoints: 0,
    appliesTo: '',
    collectionId: '',
    productId: '',
    variantId: '',
    targetTitle: '',
    maxShipping: '',
    minPurchase: '',
    codePrefix: '',
    combinesWith: { order: false, product: false, shipping: false },
    expiresAfterDays: 0,
    tierIds: [uuid],
    segments: ['vip'],
    iconUrl: '',
    position: 0,
    createdAt: '',
    updatedAt: '',
    redeemed: 0,
    used: 0,
    pointsSpent: 0,
    revision: '',
  };
  bounds(
    'upsertReward',
    rewardSchemas.upsertReward,
    { reward, idempotencyKey: '' },
    {
      idempotencyKey: text(100),
      'reward.rewardId': idOrNone,
      'reward.kind': oneOf(['gift_card'], ['']),
      'reward.channel': oneOf(['', 'pos']),
      'reward.status': oneOf(['', 'active', 'disabled'], ['deleted']),
      'reward.title': {
        taken: [{}, { fr: 'x'.repeat(120) }],
        refused: [{ en: 'x'.repeat(121) }, { english: 'x' }],
      },
      'reward.description': {
        taken: [{ en: 'x'.repeat(300) }],
        refused: [{ en: 'x'.repeat(301) }],
      },
      'reward.value': text(24),
      'reward.currency': text(3),
      'reward.discount': oneOf(['', 'percent']),
      'reward.mode': oneOf(['', 'incremental']),
      'reward.minPoints': whole(0, most),
      'reward.maxPoints': whole(0, most),
      'reward.appliesTo': oneOf(['', 'collection']),
      'reward.collectionId': shopifyIdOrNone,
      'reward.productId': shopifyIdOrNone,
      'reward.variantId': shopifyIdOrNone,
      'reward.targetTitle': text(255),
      'reward.maxShipping': text(24),
      'reward.minPurchase': text(24),
      'reward.codePrefix': text(16),
      'reward.tierIds': list(uuid, 50),
      'reward.segments': list('vip', 50),
      'reward.segments.0': text(64, 1),
      'reward.iconUrl': oneOf(
        [
          '',
          'https://shop.example/a.png',
          `picture:${'0a'.repeat(16)}`,
          `https://shop.example/${'x'.repeat(979)}`,
        ],
        [
          'http://shop.example/a.png',
          `picture:${'0a'.repeat(15)}`,
          `picture:../${'0a'.repeat(16)}`,
          `https://shop.example/${'x'.repeat(980)}`,
        ],
      ),
      'reward.createdAt': text(40),
      'reward.updatedAt': text(40),
      'reward.revision': text(64),
    },
  );
  bounds(
    'setRewardStatus',
    rewardSchemas.setRewardStatus,
    { rewardId: uuid, status: 'active' },
    { rewardId: id, status: oneOf(['deleted'], ['']) },
  );
  bounds(
    'reorderRewards',
    rewardSchemas.reorderRewards,
    { rewardIds: [uuid] },
    {
      rewardIds: list(uuid, 200, 1),
    },
  );
  bounds(
    'startRedemption',
    rewardSchemas.startRedemption,
    { rewardId: uuid, points: 0, idempotencyKey: 'k', customerId: '' },
    {
      rewardId: id,
      points: whole(0, most),
      idempotencyKey: text(150, 1),
      customerId: idOrNone,
    },
  );
  bounds(
    'listRedemptions',
    rewardSchemas.listRedemptions,
    { customerId: '', page },
    {
      customerId: idOrNone,
      ...pages,
    },
  );
  bounds(
    'completeRedemption',
    rewardSchemas.completeRedemption,
    { redemptionId: uuid, shopifyId: 'gid' },
    { redemptionId: id, shopifyId: text(200, 1) },
  );
  bounds(
    'failRedemption',
    rewardSchemas.failRedemption,
    { redemptionId: uuid, failureCode: 'refused' },
    { failureCode: oneOf(['timeout'], ['']) },
  );
  bounds(
    'claimStuckRedemptions',
    rewardSchemas.claimStuckRedemptions,
    { limit: 1, olderThanSeconds: 0 },
    { limit: whole(1, 1_000), olderThanSeconds: whole(0, 86_400) },
  );
});

describe('tiers', () => {
  const tier = {
    tierId: '',
    names: { en: 'Gold' },
    spendThreshold: '',
    pointsThreshold: 0,
    benefits: {
      pointsMultiplier: '',
      entryPoints: 0,
      earlyAccess: false,
      perks: {},
      entryRewardId: '',
      freeShipping: false,
    },
    members: 0,
  };
  const tierSet = {
    version: 0,
    status: '',
    basis: 'spend',
    period: 'lifetime',
    graceDays: 0,
    tiers: [tier],
    publishedAt: '',
    actor: '',
    restoresVersion: 0,
  };
  const amount = oneOf(['', '12.3456'], ['0.00001', '1'.repeat(25)]);
  bounds(
    'configureVipTiers',
    tierSchemas.configureVipTiers,
    { tierSet, publish: false, revision: '' },
    {
      ...revision,
      'tierSet.status': text(40),
      'tierSet.basis': oneOf(['all'], ['']),
      'tierSet.period': oneOf(['rolling_365'], ['']),
      'tierSet.graceDays': whole(0, 365),
      'tierSet.tiers': list(tier, 10),
      'tierSet.publishedAt': text(40),
      'tierSet.actor': text(100),
      'tierSet.tiers.0.tierId': idOrNone,
      'tierSet.tiers.0.names': {
        taken: [{}, { fr: 'x'.repeat(60) }],
        refused: [{ en: 'x'.repeat(61) }, { de: 'x' }],
      },
      'tierSet.tiers.0.spendThreshold': amount,
      'tierSet.tiers.0.pointsThreshold': whole(-1, 1_000_000_000_000),
      'tierSet.tiers.0.benefits.pointsMultiplier': amount,
      'tierSet.tiers.0.benefits.entryPoints': whole(0, 1_000_000),
      'tierSet.tiers.0.benefits.perks': {
        taken: [{ en: 'x'.repeat(500) }],
        refused: [{ en: 'x'.repeat(501) }],
      },
      'tierSet.tiers.0.benefits.entryRewardId': idOrNone,
    },
  );
  bounds(
    'previewVipTiers',
    tierSchemas.previewVipTiers,
    { tierSet, direction: 'rise', page },
    { direction: oneOf(['fall'], ['']), ...pages },
  );
  bounds(
    'restoreVipTiers',
    tierSchemas.restoreVipTiers,
    { version: 1, revision: '' },
    {
      version: { taken: [1, 99], refused: [0, 1.5] },
      ...revision,
    },
  );
  bounds(
    'reviewVipTiers',
    tierSchemas.reviewVipTiers,
    { cursor: '', limit: 1, outdatedOnly: false },
    { cursor: idOrNone, limit: whole(0, 1_000) },
  );
});

describe('campaigns', () => {
  const campaign = {
    name: 'A week',
    translations: {},
    type: 'double_points',
    published: false,
    multiplier: '2',
    startLocal: '',
    endLocal: '',
    conditions: {
      segments: ['vip'],
      tierIds: [uuid],
      countries: ['FR'],
      regions: ['EU'],
      minSpend: '',
      goalAmount: '',
      trigger: '',
      segment: '',
      cooldownDays: 0,
    },
    rewardPoints: 0,
    discount: { kind: 'percent_off', value: '', expiresAfterDays: 0, endsWithCampaign: false },
  };
  const code = oneOf(['at_risk', 'x'.repeat(40)], ['x'.repeat(41), 'At risk']);
  bounds(
    'createCampaign',
    campaignSchemas.createCampaign,
    { campaign, idempotencyKey: 'k' },
    {
      idempotencyKey: text(200, 1),
      'campaign.name': text(200),
      'campaign.translations': {
        taken: [{ es: 'x'.repeat(200) }],
        refused: [{ fr: 'x'.repeat(201) }, { en: 'A week' }],
      },
      'campaign.type': text(40),
      'campaign.multiplier': text(24),
      'campaign.startLocal': text(16),
      'campaign.endLocal': text(16),
      'campaign.conditions.segments': list('vip', 50),
      'campaign.conditions.segments.0': { ...code, refused: [...code.refused.slice(1), ''] },
      'campaign.conditions.tierIds': list(uuid, 50),
      'campaign.conditions.countries': list('FR', 250),
      'campaign.conditions.countries.0': oneOf(['DE'], ['', 'de', 'DEU']),
      'campaign.conditions.regions': list('EU', 20),
      'campaign.conditions.regions.0': text(40),
      'campaign.conditions.minSpend': text(24),
      'campaign.conditions.goalAmount': text(24),
      'campaign.conditions.trigger': text(40),
      'campaign.conditions.segment': { taken: ['', 'vip'], refused: ['x'.repeat(41)] },
      'campaign.discount.kind': text(40),
      'campaign.discount.value': text(24),
    },
  );
  bounds(
    'listCampaigns',
    campaignSchemas.listCampaigns,
    { page, status: '' },
    {
      status: oneOf(['', 'cancelled']),
      ...pages,
    },
  );
  bounds(
    'upsertLifecycleCampaign',
    campaignSchemas.upsertLifecycleCampaign,
    { name: 'A week', conditions: undefined, rewardPoints: 5 },
    { name: text(200) },
  );
  bounds(
    'redeemCampaignDiscount',
    campaignSchemas.redeemCampaignDiscount,
    { customerId: '', campaignId: uuid },
    { customerId: idOrNone, campaignId: id },
  );
  bounds(
    'advanceCampaigns',
    campaignSchemas.advanceCampaigns,
    { limit: 1 },
    {
      limit: whole(0, 1_000),
    },
  );
  bounds(
    'settlePendingOrders',
    orderSchemas.settlePendingOrders,
    { limit: 1 },
    { limit: whole(1, 10_000) },
  );
});

describe('customers', () => {
  bounds(
    'upsertCustomer',
    customerSchemas.upsertCustomer,
    {
      customer: {
        shopifyCustomerId: '7',
        email: '',
        firstName: '',
        lastName: '',
        locale: '',
        state: '',
      },
      trigger: 'created',
      updatedAt: '',
      deliveryId: '',
      marketing: '',
      tagsAdded: ['vip'],
      tagsRemoved: ['vip'],
      company: '',
    },
    {
      'customer.shopifyCustomerId': shopifyId,
      'customer.email': text(320),
      'customer.firstName': text(255),
      'customer.lastName': text(255),
      'customer.locale': oneOf(['', 'es-MX', 'pt_BR'], ['e', 'es MX']),
      'customer.state': oneOf(['', 'enabled']),
      trigger: oneOf(['partial'], ['']),
      updatedAt: timeOrNone,
      deliveryId: idOrNone,
      marketing: oneOf(['', 'subscribed']),
      tagsAdded: list('vip', 500),
      'tagsAdded.0': text(255, 1),
      tagsRemoved: list('vip', 500),
    },
  );
  bounds(
    'getCustomers',
    customerSchemas.getCustomers,
    { query: '', page, sort: '', vipTierId: '', segmentId: '', excluded: false },
    {
      query: text(320),
      sort: oneOf(['', 'balance']),
      vipTierId: idOrNone,
      segmentId: text(40),
      ...pages,
    },
  );
  bounds(
    'getMetafieldBalances',
    customerSchemas.getMetafieldBalances,
    { customerIds: [] },
    {
      customerIds: list(uuid, 250),
    },
  );
  const balance = { customerId: uuid, shopifyCustomerId: '7', balance: -5, version: 1 };
  bounds(
    'confirmMetafieldBalances',
    customerSchemas.confirmMetafieldBalances,
    { balances: [balance] },
    {
      balances: list(balance, 250),
      'balances.0.shopifyCustomerId': text(64),
      'balances.0.version': whole(0, 1_000_000_000_000),
    },
  );

  it('are asked for by exactly one of their two ids', () => {
    const refusal = (customerId: string, shopifyCustomerId: string) =>
      refusalOf(customerSchemas.getCustomer, { customerId, shopifyCustomerId });
    expect(refusal(uuid, '')).toBeUndefined();
    expect(refusal('', '7')).toBeUndefined();
    expect(refusal('', '')).toBe('customer_id');
    expect(refusal(uuid, '7')).toBe('customer_id');
    expect(refusal('', 'x')).toBe('shopify_customer_id');
  });

  it('are not merged into themselves', () => {
    const refusal = (kept: string, removed: string) =>
      refusalOf(customerSchemas.mergeCustomers, {
        keptShopifyCustomerId: kept,
        removedShopifyCustomerId: removed,
        deliveryId: '',
      });
    expect(refusal('7', '8')).toBeUndefined();
    expect(refusal('7', '7')).toBe('removed_shopify_customer_id');
  });
});

describe('the console', () => {
  bounds(
    'signInAdmin',
    consoleSchemas.signInAdmin,
    { login: '', password: '', address: '' },
    {
      login: text(320),
      password: text(1_000),
      address: text(64),
    },
  );
  bounds(
    'confirmAdminCode',
    consoleSchemas.confirmAdminCode,
    { sessionToken: '', code: '' },
    {
      sessionToken: text(200),
      code: text(64),
    },
  );
  bounds(
    'createAdminUser',
    consoleSchemas.createAdminUser,
    { username: 'ada', email: 'ada@shop.example', role: 'superadmin' },
    {
      username: {
        taken: ['ab', ` ${'X'.repeat(40)} `],
        refused: ['a', 'x'.repeat(41), '-ada', 'ada!'],
      },
      email: oneOf([' ADA@shop.example '], ['', `${'x'.repeat(310)}@shop.example`]),
      role: oneOf([], ['']),
    },
  );
  bounds(
    'listPlatformDeliveries',
    consoleSchemas.listPlatformDeliveries,
    { status: '', topic: '', shopDomain: '', page },
    {
      status: oneOf(['', 'failed']),
      topic: text(80),
      shopDomain: { taken: ['', 'demo.myshopify.com'], refused: ['demo.example'] },
      ...pages,
    },
  );
  bounds(
    'replayPlatformDeliveries',
    consoleSchemas.replayPlatformDeliveries,
    { deliveryIds: [uuid] },
    {
      deliveryIds: list(uuid, 100, 1),
    },
  );
  bounds(
    'recordQueueAct',
    consoleSchemas.recordQueueAct,
    { act: 'retry', queue: 'emails', jobIds: ['1'] },
    {
      act: oneOf([], ['']),
      queue: { taken: ['x'.repeat(40)], refused: ['', 'x'.repeat(41), 'E mails'] },
      jobIds: list('1', 500, 1),
      'jobIds.0': text(200, 1),
    },
  );
  bounds(
    'stopShopErasure',
    consoleSchemas.stopShopErasure,
    { erasureId: uuid, reason: 'why' },
    {
      erasureId: id,
      reason: text(300, 3),
    },
  );
});

describe('deliveries', () => {
  const delivery = {
    shopDomain: 'demo.myshopify.com',
    topic: 'orders/paid',
    webhookId: 'w',
    eventId: '',
    apiVersion: '',
    triggeredAt: '',
    payload: Buffer.from('{}'),
  };
  bounds('storeDelivery', deliverySchemas.storeDelivery, delivery, {
    shopDomain: shop,
    topic: oneOf(['customer.tags_added'], ['', 'orders', 'Orders/Paid', `${'x'.repeat(41)}/paid`]),
    webhookId: text(128, 1),
    eventId: text(128),
    apiVersion: text(16),
    triggeredAt: timeOrNone,
    payload: { taken: [], refused: ['{}'] },
  });
  bounds(
    'storeDeliveries',
    deliverySchemas.storeDeliveries,
    { deliveries: [delivery] },
    {
      deliveries: list(delivery, 64, 1),
    },
  );
  bounds(
    'getDeliveries',
    deliverySchemas.getDeliveries,
    { deliveryIds: [] },
    {
      deliveryIds: list(uuid, 100),
    },
  );
  const outcome = {
    deliveryId: uuid,
    status: 'failed',
    reason: OutcomeReason.UNSPECIFIED,
    problem: { code: '', field: '', message: '' },
    points: 0,
  };
  bounds(
    'finishDeliveries',
    deliverySchemas.finishDeliveries,
    { outcomes: [outcome] },
    {
      outcomes: list(outcome, 500),
      'outcomes.0.deliveryId': id,
      'outcomes.0.status': oneOf([], ['']),
      'outcomes.0.problem.code': text(64),
      'outcomes.0.problem.field': text(200),
      'outcomes.0.problem.message': text(500),
    },
  );
  bounds(
    'claimStaleDeliveries',
    deliverySchemas.claimStaleDeliveries,
    { limit: 1, olderThanSeconds: 0 },
    { limit: whole(1, 1_000), olderThanSeconds: whole(0, 86_400) },
  );
  bounds(
    'listDeliveries',
    deliverySchemas.listDeliveries,
    { page, status: '', topic: '' },
    {
      status: oneOf(['', 'failed']),
      topic: text(80),
      ...pages,
    },
  );
  bounds(
    'replayDeliveries',
    deliverySchemas.replayDeliveries,
    { deliveryIds: [] },
    {
      deliveryIds: list(uuid, 250),
    },
  );
});

describe('privacy', () => {
  bounds(
    'claimOpenPrivacyRequests',
    privacySchemas.claimOpenPrivacyRequests,
    { olderThanSeconds: 1, limit: 1 },
    { olderThanSeconds: whole(1, 86_400), limit: whole(1, 1_000) },
  );
  const request = {
    requestType: 'data_request',
    source: 'webhook',
    customerId: '',
    shopifyCustomerId: '7',
    idempotencyKey: '',
    email: '',
    phone: '',
    orderIds: ['1'],
  };
  bounds('submitGdprRequest', privacySchemas.submitGdprRequest, request, {
    requestType: oneOf([], ['']),
    source: oneOf([], ['']),
    shopifyCustomerId: shopifyIdOrNone,
    idempotencyKey: text(128),
    email: text(320),
    phone: text(40),
    orderIds: list('1', 5_000),
  });
  bounds(
    'claimShopErasures',
    privacySchemas.claimShopErasures,
    { limit: 1 },
    {
      limit: whole(1, 500),
    },
  );
  bounds(
    'requestShopErasure',
    privacySchemas.requestShopErasure,
    { shopDomain: 'demo.myshopify.com', receivedAt: '' },
    { shopDomain: shop, receivedAt: timeOrNone },
  );
  bounds(
    'cancelShopErasure',
    privacySchemas.cancelShopErasure,
    { reason: 'installed_still' },
    {
      reason: oneOf([], ['']),
    },
  );

  it('requests name a customer, and not by two ids', () => {
    const nobody = { ...request, shopifyCustomerId: '', orderIds: [] };
    const refusal = (changes: object) =>
      refusalOf(privacySchemas.submitGdprRequest, { ...nobody, ...changes });
    expect(refusal({})).toBe('customer_id');
    for (const one of [
      { customerId: uuid },
      { shopifyCustomerId: '7' },
      { email: 'ada@shop.example' },
      { phone: '555' },
      { orderIds: ['1'] },
    ])
      expect(refusal(one), JSON.stringify(one)).toBeUndefined();
    expect(refusal({ customerId: uuid, shopifyCustomerId: '7' })).toBe('customer_id');
  });
});

describe('scores', () => {
  const bin = { aovMultiple: '', minSpend: '' };
  const bins = { five: 1, four: 1, three: 1, two: 1 };
  const range = { low: 1, high: 5 };
  const segment = {
    segmentId: 'vip',
    recency: range,
    frequency: undefined,
    monetary: undefined,
    name: { en: 'VIP' },
  };
  const fine = {
    thresholds: {
      recency: bins,
      frequency: bins,
      monetary: { five: bin, four: bin, three: bin, two: bin },
      recencyDecay: '',
      weights: { recency: '', frequency: '', monetary: '' },
      update: '',
    },
    segments: [segment],
    industry: '',
  };
  bounds('updateRFMConfig', rfmSchemas.updateRFMConfig, fine, {
    'thresholds.recency.five': { taken: [0, 5], refused: [0.5] },
    'thresholds.monetary.five.minSpend': text(24),
    'thresholds.recencyDecay': oneOf(['', 'standard', 'default']),
    'thresholds.weights.recency': text(24),
    'thresholds.update': oneOf(['', 'daily']),
    segments: list(segment, 20),
    'segments.0.segmentId': text(40, 1),
    'segments.0.name': {
      taken: [{}, { fr: 'x'.repeat(60) }],
      refused: [{ en: 'x'.repeat(61) }, { en: '' }, { de: 'x' }],
    },
    industry: { taken: ['', 'x'.repeat(40)], refused: ['x'.repeat(41), 'Coffee'] },
  });
  bounds(
    'rescoreMembers',
    rfmSchemas.rescoreMembers,
    { cursor: '', limit: 1, trigger: 'schedule', onlyIfDue: false },
    {
      cursor: idOrNone,
      limit: whole(1, 5_000),
      trigger: oneOf(['manual'], ['', 'order']),
    },
  );

  it('take the old name of the standard decay for the standard', () => {
    const old = { ...fine, thresholds: { ...fine.thresholds, recencyDecay: 'default' } };
    expect(parseRequest(rfmSchemas.updateRFMConfig, old).thresholds?.recencyDecay).toBe('standard');
  });
});

describe('the storefront', () => {
  bounds(
    'getWidget',
    storefrontSchemas.getWidget,
    { locale: '' },
    {
      locale: oneOf(['', 'fr'], ['f']),
    },
  );
  bounds(
    'getHistory',
    storefrontSchemas.getHistory,
    { cursor: '', pageSize: 0, orderId: '' },
    {
      cursor: text(500),
      pageSize: whole(0, 250),
      orderId: shopifyIdOrNone,
    },
  );
  const content = {
    launcher: { color: '', position: '', icon: '', text: {} },
    panel: { color: '', logoUrl: '', welcome: {} },
    stickyBar: { enabled: false, text: {}, color: '', link: '' },
    page: { color: '', title: {} },
    postPurchase: { enabled: true, text: {} },
    checkoutPointsDisplay: true,
  };
  bounds(
    'updateContent',
    storefrontSchemas.updateContent,
    { content, version: 0 },
    {
      version: whole(0, 1_000_000_000_000),
      'content.launcher.color': text(20),
      'content.launcher.position': text(10),
      'content.launcher.icon': text(20),
      'content.launcher.text': {
        taken: [{ [`${'x'.repeat(8)}`]: 'x'.repeat(1_000) }],
        refused: [{ en: 'x'.repeat(1_001) }, { ['x'.repeat(9)]: '' }],
      },
      'content.panel.color': text(20),
      'content.panel.logoUrl': text(1_000),
      'content.stickyBar.color': text(20),
      'content.stickyBar.link': text(1_000),
      'content.page.color': text(20),
    },
  );
});

describe('the shop', () => {
  bounds(
    'installMerchant',
    merchantSchemas.installMerchant,
    {
      shopDomain: 'demo.myshopify.com',
      name: '',
      currency: '',
      timezone: '',
      locale: '',
      isDevelopment: undefined,
    },
    {
      shopDomain: shop,
      name: text(255),
      currency: oneOf(['', 'EUR'], ['eur', 'EURO']),
      timezone: oneOf(['', 'Europe/Paris'], ['x'.repeat(65)]),
      locale: oneOf(['', 'fr-FR'], ['f']),
    },
  );
  bounds(
    'updateSettings',
    merchantSchemas.updateSettings,
    { defaultLanguage: 'en', revision: '', pointsName: { en: { one: 'a', other: 'b' } } },
    {
      defaultLanguage: oneOf(['fr'], ['']),
      'pointsName.en.one': text(40, 1),
      'pointsName.en.other': text(40, 1),
      'pointsName.es': { taken: [{ one: 'a', other: 'b' }], refused: [] },
      'pointsName.de': { taken: [], refused: [{ one: 'a', other: 'b' }] },
      ...revision,
    },
  );
  bounds(
    'completeSetupTask',
    merchantSchemas.completeSetupTask,
    { task: 't', status: 'skipped' },
    {
      task: text(64, 1),
      status: oneOf(['pending'], ['']),
    },
  );
  const setAside = { kind: 'order', shopifyId: '', code: '', field: '' };
  bounds(
    'updateSync',
    merchantSchemas.updateSync,
    {
      sync: {
        syncId: uuid,
        status: 'running',
        phase: 'orders',
        shopifyOperationId: '',
        customersTotal: 0,
        customersProcessed: 0,
        ordersTotal: 0,
        ordersProcessed: 0,
        problem: { code: '', field: '', message: '' },
        startedAt: '',
        finishedAt: '',
        customersSetAside: 0,
        ordersSetAside: 0,
        setAside: [setAside],
      },
    },
    {
      'sync.status': oneOf(['queued'], ['']),
      'sync.phase': oneOf(['done'], ['']),
      'sync.shopifyOperationId': text(128),
      'sync.customersTotal': whole(0, 1_000_000_000_000),
      'sync.problem.code': text(64),
      'sync.problem.field': text(200),
      'sync.problem.message': text(500),
      'sync.startedAt': timeOrNone,
      'sync.setAside': list(setAside, 100),
      'sync.setAside.0.kind': oneOf(['customer'], ['']),
      'sync.setAside.0.shopifyId': text(32),
      'sync.setAside.0.code': text(64),
      'sync.setAside.0.field': text(200),
    },
  );
  bounds(
    'claimStalledSyncs',
    merchantSchemas.claimStalledSyncs,
    { olderThanSeconds: 1, limit: 1 },
    { olderThanSeconds: whole(1, 86_400), limit: whole(1, 1_000) },
  );
  bounds(
    'dismissTip',
    tipSchemas.dismissTip,
    { tipId: 'tiers', undo: false },
    {
      tipId: oneOf(['expiry'], ['']),
    },
  );
});

describe('and the rest', () => {
  bounds(
    'claimAction',
    earningSchemas.claimAction,
    { action: 'birthday', network: '', birthday: '', idempotencyKey: 'k' },
    {
      action: oneOf(['review'], ['', 'goal_spend']),
      network: oneOf(['', 'x']),
      birthday: text(5),
      idempotencyKey: text(200, 1),
    },
  );
  bounds(
    'recordReview',
    earningSchemas.recordReview,
    { shopifyCustomerId: '7', provider: 'judge-me', reviewId: '1' },
    {
      shopifyCustomerId: shopifyId,
      provider: { taken: ['x'.repeat(30)], refused: ['', 'x'.repeat(31), 'Judge'] },
      reviewId: text(100, 1),
    },
  );
  bounds(
    'simulateProgram',
    simulatorSchemas.simulateProgram,
    { program: undefined, months: 0, includeHistory: false },
    { months: whole(0, 24), program: { taken: [undefined, {}], refused: ['rules'] } },
  );
  bounds(
    'getLogs',
    activitySchemas.getLogs,
    { page, action: '', kind: '', customerId: '', query: '', fromDay: '', toDay: '' },
    {
      action: text(64),
      kind: oneOf(['']),
      customerId: idOrNone,
      query: text(320),
      fromDay: oneOf(['', '2026-11-30'], ['2026-02-30']),
      toDay: oneOf(['', '2026-11-30'], [instant]),
      ...pages,
    },
  );
  bounds('getAnalytics', reportSchemas.getAnalytics, { days: 7 }, { days: whole(0, 365) });
  bounds(
    'claimOutboxEvents',
    operationSchemas.claimOutboxEvents,
    { limit: 1, leaseSeconds: 1 },
    { limit: whole(1, 1_000), leaseSeconds: whole(1, 3_600) },
  );
  bounds(
    'deleteExpired',
    operationSchemas.deleteExpired,
    { limit: 1 },
    {
      limit: whole(1, 10_000),
    },
  );
  bounds(
    'acknowledgeOutboxEvents',
    operationSchemas.acknowledgeOutboxEvents,
    { eventIds: ['1'] },
    {
      eventIds: list('1', 1_000),
      'eventIds.0': { taken: ['1'.repeat(18)], refused: ['', '1'.repeat(19), 'x'] },
    },
  );
  bounds(
    'reencryptValues',
    operationSchemas.reencryptValues,
    { cursor: '', limit: 1 },
    {
      cursor: text(500),
      limit: whole(1, 2_000),
    },
  );
  bounds(
    'reviewMembers',
    memberReviewSchemas.reviewMembers,
    { limit: 1 },
    {
      limit: whole(1, 10_000),
    },
  );
  bounds(
    'checkBalances',
    shopHealthSchemas.checkBalances,
    { cursor: '', limit: 1 },
    { cursor: idOrNone, limit: whole(1, 5_000) },
  );
  bounds(
    'recordShopVisit',
    shopHealthSchemas.recordShopVisit,
    {
      reconcile: { at: '', ordersRead: 0, ordersDrifted: 0, ordersSetAside: 0, failedAt: '' },
      reconcileFailed: false,
      ledger: { at: '', balancesChecked: 0, balancesBroken: 0 },
      access: { at: '', access: 'connected', missingScopes: ['s'], missingTopics: ['t'] },
    },
    {
      reconcile: { taken: [undefined], refused: ['done'] },
      'reconcile.at': text(64),
      'reconcile.ordersRead': whole(0, 1_000_000_000_000),
      ledger: { taken: [undefined], refused: ['fine'] },
      'ledger.balancesBroken': whole(0, 1_000_000_000_000),
      access: { taken: [undefined], refused: ['open'] },
      'access.access': oneOf(['frozen', 'not_connected'], ['']),
      'access.missingScopes': list('s', 50),
      'access.missingScopes.0': text(64, 1),
      'access.missingTopics': list('t', 50),
    },
  );
  bounds(
    'restoreProgram',
    programSchemas.restoreProgram,
    { version: 1, currentVersion: 0 },
    {
      version: { taken: [1, Number.MAX_SAFE_INTEGER], refused: [0, 1.5] },
      currentVersion: { taken: [0, Number.MAX_SAFE_INTEGER], refused: [-1, 1.5] },
    },
  );

  it('figures are of thirty days where none are asked for', () => {
    expect(parseRequest(reportSchemas.getAnalytics, { days: 0 }).days).toBe(30);
    expect(parseRequest(reportSchemas.getAnalytics, { days: 31 }).days).toBe(31);
  });
});
