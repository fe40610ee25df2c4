import { describe, expect, it } from 'vitest';
import { decimalOf, DEFAULT_EARNING, isActionName, isEligible, isHandle } from './earning.rules.ts';

describe('a rule is for a member', () => {
  const gold = { tierId: 'gold', segments: ['vip', 'loyal'], totalSpend: 1_000_000n };
  const nobody = { tierId: null, segments: [], totalSpend: 0n };
  const asks = { tierIds: [], segments: [], minSpend: 0n };

  it('when it asks for nothing', () => {
    expect(isEligible(asks, nobody)).toBe(true);
  });

  it('of its tiers', () => {
    expect(isEligible({ ...asks, tierIds: ['silver', 'gold'] }, gold)).toBe(true);
    expect(isEligible({ ...asks, tierIds: ['silver'] }, gold)).toBe(false);
    expect(isEligible({ ...asks, tierIds: ['silver'] }, nobody)).toBe(false);
  });

  it('in one of its segments', () => {
    expect(isEligible({ ...asks, segments: ['new', 'vip'] }, gold)).toBe(true);
    expect(isEligible({ ...asks, segments: ['new'] }, gold)).toBe(false);
    expect(isEligible({ ...asks, segments: ['new'] }, nobody)).toBe(false);
  });

  it('who has spent as much as it asks for', () => {
    expect(isEligible({ ...asks, minSpend: 1_000_000n }, gold)).toBe(true);
    expect(isEligible({ ...asks, minSpend: 1_000_001n }, gold)).toBe(false);
  });

  it('who fits in everything', () => {
    const all = { tierIds: ['gold'], segments: ['vip'], minSpend: 1n };
    expect(isEligible(all, gold)).toBe(true);
    expect(isEligible({ ...all, segments: ['new'] }, gold)).toBe(false);
    expect(isEligible({ ...all, tierIds: ['silver'] }, gold)).toBe(false);
  });
});

describe('a shop in a network', () => {
  it.each([
    ['x', '@mugs'],
    ['x', `@${'m'.repeat(30)}`],
    ['x', 'https://x.com/mugs'],
    ['x', 'https://www.twitter.com/mugs'],
    ['facebook', 'https://m.facebook.com/mugs'],
    ['facebook', 'https://fb.com/mugs'],
    ['instagram', 'https://www.instagram.com/mugs'],
    ['tiktok', 'https://www.tiktok.com/@mugs'],
  ] as const)('%s is named by %s', (network, handle) => {
    expect(isHandle(network, handle)).toBe(true);
  });

  it.each([
    ['x', ''],
    ['x', 'mugs'],
    ['x', '@'],
    ['x', `@${'m'.repeat(31)}`],
    ['x', '@mugs and more'],
    ['x', 'http://x.com/mugs'],
    ['x', 'https://x.com/'],
    ['x', 'https://facebook.com/mugs'],
    ['x', 'https://x.com.evil.example/mugs'],
    ['instagram', 'https://x.com/mugs'],
  ] as const)('%s is not named by %j', (network, handle) => {
    expect(isHandle(network, handle)).toBe(false);
  });
});

it('decimals are read from texts and numbers alone', () => {
  expect(decimalOf('1.5')).toBe(15_000n);
  expect(decimalOf(1.5)).toBe(15_000n);
  for (const odd of [undefined, null, true, ['1'], 'much', Number.NaN])
    expect(decimalOf(odd)).toBeUndefined();
});

it('actions are those that there are, and all off in the beginning', () => {
  expect(isActionName('review')).toBe(true);
  expect(isActionName('dancing')).toBe(false);
  for (const rule of Object.values(DEFAULT_EARNING.actions))
    expect(rule).toMatchObject({
      isEnabled: false,
      conditions: { tierIds: [], segments: [], minSpend: 0n },
      message: '',
      repeats: false,
      isOnTrust: false,
      since: '',
    });
  expect(DEFAULT_EARNING).toMatchObject({
    participants: 'all',
    excludedProducts: [],
    firstPurchase: { isEnabled: false, factor: 20_000n },
    champions: { isEnabled: false, factor: 15_000n },
    stacking: 'highest',
    purchaseIcon: 'cart',
    signupIcon: 'person',
    actions: {
      newsletter: { points: 100, icon: 'email', limit: 0, networks: {} },
      review: { points: 100, icon: 'star' },
      birthday: { points: 200, icon: 'gift', daysBefore: 30 },
      social_follow: { points: 50, icon: 'heart', daysBefore: 0, amount: 0n },
      social_share: { points: 50, icon: 'share', limit: 5 },
      goal_spend: { points: 200, icon: 'target', amount: 1_000_000n },
    },
  });
});
