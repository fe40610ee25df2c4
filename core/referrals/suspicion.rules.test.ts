import { describe, expect, it } from 'vitest';
import { scoreOf, SIGNAL_WEIGHTS, suspicionOf, type Observed } from './suspicion.rules.ts';
import { DEFAULT_REFERRAL_CONFIG } from './referral-config.rules.ts';
import { REFERRAL_SIGNALS } from '#vocabulary/referrals.ts';

const nothing: Observed = {
  inCommon: new Set(),
  others: {},
  isEmailDisposable: false,
  claimsThatDay: 0,
  secondsToAccount: 3_600,
  orderRisk: 'low',
  order: { net: 500_000n, average: 500_000n },
};
const { holdFrom, refuseFrom } = DEFAULT_REFERRAL_CONFIG.review;
const score = (changes: Partial<Observed>) => suspicionOf({ ...nothing, ...changes }).score;

describe('who is paid at once', () => {
  it('is a stranger', () => {
    expect(suspicionOf(nothing)).toEqual({ score: 0, signals: [] });
  });

  it('is a flatmate: one network, one address', () => {
    expect(score({ inCommon: new Set(['network', 'address']) })).toBeLessThan(holdFrom);
  });

  it('is a fellow student whose friends share the campus', () => {
    expect(score({ inCommon: new Set(['network']), others: { network: 40 } })).toBeLessThan(
      holdFrom,
    );
  });

  it('is a namesake of another friend, also after a party', () => {
    expect(score({ others: { mailbox: 1 } })).toBeLessThan(holdFrom);
    expect(score({ claimsThatDay: 6, inCommon: new Set(['network']) })).toBeLessThan(holdFrom);
  });
});

describe('who is looked at', () => {
  it.each<[string, Partial<Observed>]>([
    ['the same telephone', { inCommon: new Set(['phone']) }],
    ['the same browser', { inCommon: new Set(['device']) }],
    ['a numbered variant of the address', { inCommon: new Set(['mailbox']) }],
    ['a mailbox for ten minutes', { isEmailDisposable: true }],
    ['many in one day', { claimsThatDay: 10 }],
    ['three friends who live in one flat', { others: { address: 2 } }],
    ['two friends who gave one telephone number', { others: { phone: 1 } }],
    [
      'a numbered variant of another friend’s address on the same connection',
      { others: { mailbox: 1, network: 3 } },
    ],
    ['an order that Shopify finds risky', { orderRisk: 'high' }],
  ])('is %s', (_who, changes) => {
    expect(score(changes)).toBeGreaterThanOrEqual(holdFrom);
    expect(score(changes)).toBeLessThan(refuseFrom);
  });
});

describe('who is refused', () => {
  it.each<[string, Partial<Observed>]>([
    ['the advocate’s own inbox', { inCommon: new Set(['email', 'mailbox']) }],
    ['one browser and one telephone', { inCommon: new Set(['device', 'phone']) }],
    [
      'a variant of the address on the same browser',
      { inCommon: new Set(['mailbox', 'device', 'network']) },
    ],
  ])('is %s', (_who, changes) => {
    expect(score(changes)).toBeGreaterThanOrEqual(refuseFrom);
  });
});

it('names the heaviest reason first', () => {
  const { signals } = suspicionOf({
    ...nothing,
    inCommon: new Set(['network', 'device', 'address']),
    secondsToAccount: 3,
  });
  expect(signals).toEqual(['same_device', 'same_address', 'too_fast', 'same_network']);
});

it('only ever grows by another reason, and never beyond 100', () => {
  for (const first of REFERRAL_SIGNALS)
    for (const second of REFERRAL_SIGNALS) {
      if (first === second) continue;
      expect(scoreOf([first, second])).toBeGreaterThanOrEqual(scoreOf([first]));
      expect(scoreOf([first, second])).toBeLessThanOrEqual(100);
    }
  expect(scoreOf(['same_network', 'same_address'])).toBe(29);
  expect(scoreOf(['same_email'])).toBe(SIGNAL_WEIGHTS.same_email);
});

it('does not compare orders before the shop has an average', () => {
  expect(score({ order: { net: 1n, average: 0n } })).toBe(0);
  expect(suspicionOf({ ...nothing, order: { net: 40_000n, average: 500_000n } }).signals).toEqual([
    'unusual_order',
  ]);
});
