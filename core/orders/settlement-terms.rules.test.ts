import { describe, expect, it } from 'vitest';
import { campaignFromRow } from '../program/campaign-conditions.rules.ts';
import { NO_CONTEXT } from '../program/multipliers.rules.ts';
import { DEFAULT_PROGRAM, type Program } from '../program/program.rules.ts';
import { quotePoints } from './quote.rules.ts';
import {
  awardKey,
  PLAIN_ORDER,
  type OrderFacts,
  type RecordedEntry,
} from './settlement-facts.rules.ts';
import {
  contextTerms,
  earningTerms,
  termsOf,
  termsToday,
  whyNoAward,
} from './settlement-terms.rules.ts';

const money = (units: number): bigint => BigInt(units) * 10_000n;
const order = (changes: Partial<OrderFacts> = {}): OrderFacts => ({
  ...PLAIN_ORDER,
  orderId: '7',
  gross: money(50),
  placed: money(50),
  currency: 'USD',
  orderedAt: '2026-11-25T12:00:00Z',
  ...changes,
});
const program = (changes: Partial<Program> = {}, earning: object = {}): Program => ({
  ...DEFAULT_PROGRAM,
  ...changes,
  earning: { ...DEFAULT_PROGRAM.earning, ...earning },
});

describe('an order earns nothing', () => {
  it.each<[string, Partial<OrderFacts>]>([
    ['no_customer', { owner: null }],
    ['redacted_customer', { isOwnerErased: true }],
    ['excluded_customer', { absence: 'tag' }],
    ['excluded_company', { absence: 'company' }],
    ['test_order', { isTest: true }],
    ['historical', { isHistorical: true }],
    ['foreign_currency', { isForeign: true }],
    ['cancelled', { isCancelled: true }],
    ['order_refunded', { isGivenBack: true }],
    ['program_inactive', { isFromPause: true }],
    ['not_paid', { isPaid: false }],
  ])('and says %s', (reason, changes) => {
    expect(whyNoAward(order(changes), program(), NO_CONTEXT)).toBe(reason);
  });

  it('for reasons of the program', () => {
    const why = (changes: Partial<Program>, earning = {}, context = NO_CONTEXT) =>
      whyNoAward(order(), program(changes, earning), context);
    expect(why({})).toBeUndefined();
    expect(why({ isActive: false })).toBe('program_inactive');
    expect(why({ isPurchaseEnabled: false })).toBe('purchases_off');
    const guest = { ...NO_CONTEXT, hasAccount: false };
    expect(why({}, { participants: 'accounts' }, guest)).toBe('no_account');
    expect(why({}, { participants: 'accounts' })).toBeUndefined();
    expect(why({}, {}, guest)).toBeUndefined();
  });

  it('while nothing is known of it or of its member', () => {
    expect(whyNoAward(order({ isKnown: false }), program(), null)).toBe('order_unknown');
    expect(whyNoAward(order(), program(), null)).toBe('nothing_new');
    expect(whyNoAward(order({ isKnown: false }), program(), NO_CONTEXT)).toBeUndefined();
  });

  it('unless the shop wants it so: test orders, and orders that are placed', () => {
    expect(
      whyNoAward(order({ isTest: true }), program({ testOrdersEarn: true }), NO_CONTEXT),
    ).toBeUndefined();
    expect(
      whyNoAward(order({ isPaid: false }), program({ awardOn: 'created' }), NO_CONTEXT),
    ).toBeUndefined();
  });
});

describe('the goods that earn', () => {
  const lines = [
    { lineId: 'a', productId: 'mug', worth: money(30) },
    { lineId: 'b', productId: 'card', worth: money(20), isGiftCard: true },
  ];

  it('are without gift cards, unless the shop lets them', () => {
    const today = (changes: Partial<Program>) =>
      termsToday(order({ lines }), program(changes), NO_CONTEXT);
    expect(today({})).toMatchObject({ excluded: { b: money(20) }, goods: money(30) });
    expect(today({ giftCardsEarn: true })).toMatchObject({ excluded: {}, goods: money(50) });
  });

  it('are without excluded products', () => {
    const excludedProducts = [{ productId: 'mug', title: '' }];
    expect(
      termsToday(
        order({ lines }),
        program({ giftCardsEarn: true }, { excludedProducts }),
        NO_CONTEXT,
      ),
    ).toMatchObject({ excluded: { a: money(30) }, goods: money(20), base: money(20) });
  });

  it('are without what was added while the program was off, and never less than nothing', () => {
    const base = (addedInPause: bigint) =>
      termsToday(order({ addedInPause }), program(), NO_CONTEXT).base;
    expect(base(money(20))).toBe(money(30));
    expect(base(money(60))).toBe(0n);
  });

  it('stay those of the award, with what an edit added of the same products', () => {
    const award: RecordedEntry = {
      transactionId: 't',
      key: awardKey('7'),
      points: 300,
      member: 'member',
      isErased: false,
      rate: 100_000n,
      base: money(30),
      excluded: { b: money(20) },
    };
    const more = { lineId: 'c', productId: 'card', worth: money(5) };
    const edited = order({ gross: money(55), lines: [...lines, more] });
    expect(termsOf(edited, award, program())).toMatchObject({
      excluded: { b: money(20), c: money(5) },
      goods: money(30),
      per: 1n,
      factor: 10_000n,
      over: 1n,
      source: '',
      factors: [],
      stacking: 'highest',
      campaigns: [],
    });
    expect(termsOf(order(), award, program()).excluded).toEqual({ b: money(20) });
    const old = { ...award, rate: undefined, per: 9n, excluded: undefined };
    const { rate: _rate, excluded: _excluded, ...bare } = old;
    expect(termsOf(order({ lines }), bare, program({ rate: 30_000n, per: 2n }))).toMatchObject({
      rate: 30_000n,
      per: 2n,
      excluded: {},
    });
  });

  it('are multiplied as the award was, whatever counted towards it', () => {
    const award: RecordedEntry = {
      transactionId: 't',
      key: awardKey('7'),
      points: 300,
      member: 'member',
      isErased: false,
      rate: 100_000n,
      per: 3n,
      multiplier: 25_000n,
      multiplierOver: 10n,
      multiplierSource: 'tier',
    };
    expect(termsOf(order(), award, program())).toMatchObject({
      per: 3n,
      factor: 25_000n,
      over: 10n,
      source: 'tier',
    });
    const factors = [
      { source: 'first_purchase_24h', factor: 30_000n },
      { source: 'tier', factor: 15_000n },
    ] as const;
    const told = { ...award, factors };
    expect(termsOf(order(), told, program())).toMatchObject({ factor: 30_000n, factors });
    expect(termsOf(order({ isFirst: false }), told, program())).toMatchObject({
      factor: 15_000n,
      source: 'tier',
    });
    expect(termsOf(order(), { ...told, stacking: 'multiply' }, program())).toMatchObject({
      factor: 45_000n,
      over: 1n,
      stacking: 'multiply',
    });
  });
});

describe('what an award stores', () => {
  const week = campaignFromRow({
    campaign_id: 'week',
    name: 'A week',
    translations: { es: 'Una semana' },
    type: 'double_points',
    status: 'active',
    start_date: null,
    end_date: null,
    multiplier: '2.00',
    conditions: {},
    reward: {},
  });
  const context = {
    ...NO_CONTEXT,
    segments: ['vip'],
    tierId: 'gold',
    tierFactor: 15_000n,
    isFirstPurchase: true,
    campaigns: [week],
  };
  const first = { firstPurchase: { isEnabled: true, factor: 30_000n } };

  it('is what it was computed on', () => {
    const terms = termsToday(order(), program({}, first), context);
    expect(earningTerms('order_paid', terms, 4)).toEqual({
      reason_code: 'order_paid',
      base: '50.00',
      rate: '10',
      multiplier: '3',
      multiplier_source: 'first_purchase_24h',
      rounding: 'floor',
      rule_version: 4,
    });
    const lines = [{ lineId: 'a', productId: 'card', worth: money(20), isGiftCard: true }];
    const plain = termsToday(order({ lines }), program({ per: 2n }), NO_CONTEXT);
    expect(earningTerms('order_paid', plain, 4)).toEqual({
      reason_code: 'order_paid',
      base: '30.00',
      rate: '10/2',
      multiplier: '1',
      excluded: { a: '20.00' },
      rounding: 'floor',
      rule_version: 4,
    });
  });

  it('is who the member was', () => {
    const terms = termsToday(order(), program({}, first), context);
    expect(contextTerms(terms, context, true)).toEqual({
      segments: ['vip'],
      tier_id: 'gold',
      tier_multiplier: '1.5',
      campaign_ids: ['week'],
      campaign_multiplier: '2',
      subject: { '': 'A week', es: 'Una semana' },
      factors: { first_purchase_24h: '3', tier: '1.5', campaign: '2' },
      stacking: 'highest',
      first_purchase: true,
    });
    expect(contextTerms(terms, context, false)).not.toHaveProperty('first_purchase');
    const plain = termsToday(order(), program(), NO_CONTEXT);
    expect(contextTerms(plain, NO_CONTEXT, true)).toEqual({});
  });
});

describe('a quote', () => {
  const purchase = { at: new Date('2026-11-25T12:00:00Z'), currency: 'USD', country: 'FR' };
  const lines = [
    { lineId: '1', productId: 'mug', worth: money(30) },
    { lineId: '2', productId: 'tea', worth: money(20) },
  ];

  it('is what the goods would earn if they were paid now', () => {
    expect(quotePoints(lines, program(), NO_CONTEXT, purchase)).toMatchObject({
      points: 500,
      reason: '',
      metadata: { reason_code: 'order_paid', base: '50.00', rate: '10' },
    });
    const excludedProducts = [{ productId: 'tea', title: '' }];
    expect(quotePoints(lines, program({}, { excludedProducts }), NO_CONTEXT, purchase).points).toBe(
      300,
    );
  });

  it('counts a campaign for where and when it is bought', () => {
    const campaign = campaignFromRow({
      campaign_id: 'week',
      name: 'A week',
      type: 'double_points',
      status: 'active',
      start_date: '2026-11-25T12:00:00Z',
      end_date: '2026-11-25T12:00:01Z',
      multiplier: '2',
      conditions: { countries: ['FR'] },
      reward: {},
    });
    const context = { ...NO_CONTEXT, campaigns: [campaign] };
    expect(quotePoints(lines, program(), context, purchase).points).toBe(1_000);
    expect(quotePoints(lines, program(), context, { ...purchase, country: 'US' }).points).toBe(500);
  });

  it('says why there is nothing', () => {
    expect(quotePoints(lines, program({ isActive: false }), NO_CONTEXT, purchase)).toEqual({
      points: 0,
      metadata: undefined,
      reason: 'program_inactive',
    });
    expect(quotePoints([], program(), NO_CONTEXT, purchase).reason).toBe('no_points');
  });
});
