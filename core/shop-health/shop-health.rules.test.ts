import { describe, expect, it } from 'vitest';
import { problemsOf, worstFirst } from './shop-health.rules.ts';
import type { HealthFacts } from './shop-health.rules.ts';

const now = new Date('2026-11-30T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const hour = 3_600;

const newShop: HealthFacts = {
  medianMs: 0,
  waitingSince: null,
  failed: 0,
  reconciledAt: null,
  reconcileFailedAt: null,
  drifted: 0,
  balancesCheckedAt: null,
  balancesBroken: 0,
  access: null,
  missingScopes: 0,
  missingTopics: 0,
};
const visited: HealthFacts = {
  ...newShop,
  medianMs: 60_000,
  waitingSince: ago(300),
  reconciledAt: ago(50 * hour),
  balancesCheckedAt: ago(50 * hour),
  access: 'connected',
};

describe('a shop is well', () => {
  it('when it was just installed and no one looked at it yet', () => {
    expect(problemsOf(newShop, now)).toEqual([]);
  });

  it('as long as orders wait five minutes, points take a minute and a visit is missed', () => {
    expect(problemsOf(visited, now)).toEqual([]);
  });
});

describe('a shop is told', () => {
  it.each<[string, Partial<HealthFacts>]>([
    ['balances_broken', { balancesBroken: 1 }],
    ['not_connected', { access: 'not_connected' }],
    ['orders_waiting', { waitingSince: ago(301) }],
    ['deliveries_failed', { failed: 1 }],
    ['scopes_missing', { missingScopes: 1 }],
    ['topics_missing', { missingTopics: 1 }],
    ['reconcile_failed', { reconcileFailedAt: ago(1) }],
    ['reconcile_late', { reconciledAt: ago(50 * hour + 1) }],
    ['balances_unchecked', { balancesCheckedAt: ago(50 * hour + 1) }],
    ['points_slow', { medianMs: 60_001 }],
    ['orders_drifted', { drifted: 1 }],
    ['frozen', { access: 'frozen' }],
  ])('%s', (problem, facts) => {
    expect(problemsOf({ ...visited, ...facts }, now)).toEqual([problem]);
  });

  it('the worst first, and a reading that failed not also as late', () => {
    const facts = {
      ...visited,
      drifted: 3,
      balancesBroken: 1,
      reconciledAt: ago(90 * hour),
      reconcileFailedAt: ago(hour),
    };
    expect(problemsOf(facts, now)).toEqual([
      'balances_broken',
      'reconcile_failed',
      'orders_drifted',
    ]);
  });
});

it('the console shows the worst shop first, and none that is well', () => {
  const shops = [
    { shop: 'drifted', problems: ['orders_drifted'] },
    { shop: 'well', problems: [] },
    { shop: 'waits', problems: ['orders_waiting'] },
    { shop: 'waits and fails', problems: ['orders_waiting', 'deliveries_failed'] },
    { shop: 'broken', problems: ['balances_broken'] },
  ] as const;
  expect(worstFirst(shops).map(({ shop }) => shop)).toEqual([
    'broken',
    'waits and fails',
    'waits',
    'drifted',
  ]);
});
