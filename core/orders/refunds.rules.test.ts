import { describe, expect, it } from 'vitest';
import {
  worthOfRefund,
  type RefundFact,
  type RefundedOrder,
  type RefundTransactionFact,
} from './refunds.rules.ts';

/** 100 of goods in dollars, and 20 of shipping. */
const order: RefundedOrder = {
  goods: 100n,
  excluded: {},
  cost: 120n,
  currency: 'USD',
  taxesIncluded: true,
};
const refund = (changes: Partial<RefundFact> = {}): RefundFact => ({
  refundId: '1',
  at: '2026-11-01T00:00:00Z',
  lines: {},
  goods: 0n,
  stated: null,
  tax: 0n,
  other: 0n,
  adjustments: [],
  transactions: [],
  ...changes,
});
const money = (
  amount: bigint,
  changes: Partial<RefundTransactionFact> = {},
): RefundTransactionFact => ({
  transactionId: String(amount),
  kind: 'refund',
  status: 'success',
  amount,
  currency: 'USD',
  ...changes,
});
const earning = (changes: Partial<RefundFact>, of: Partial<RefundedOrder> = {}) =>
  worthOfRefund(refund(changes), { ...order, ...of }).earning;

describe('goods that were returned', () => {
  it('deduct what they were worth, whether their money went back or none was due', () => {
    expect(earning({ goods: 40n, transactions: [money(40n)] })).toBe(40n);
    expect(earning({ goods: 40n })).toBe(40n);
    expect(worthOfRefund(refund({ goods: 40n, transactions: [money(40n)] }), order)).toEqual({
      earning: 40n,
      returned: 40n,
      isPartKept: false,
    });
  });

  it('that never earned take nothing back', () => {
    const lines = { gift: 30n, mug: 10n };
    const excluded = { gift: 30n };
    expect(earning({ goods: 40n, lines, transactions: [money(40n)] }, { excluded })).toBe(10n);
    expect(earning({ goods: 20n, lines, transactions: [money(20n)] }, { excluded })).toBe(0n);
  });

  it('are taken at their word where a source knows neither rows nor money', () => {
    const lines = { gift: 30n };
    const told = refund({ goods: 40n, stated: 50n, lines, transactions: [money(1n)] });
    expect(worthOfRefund(told, order)).toEqual({ earning: 50n, returned: 40n, isPartKept: false });
    expect(worthOfRefund(told, { ...order, excluded: { gift: 30n } })).toMatchObject({
      earning: 20n,
      returned: 10n,
    });
    expect(earning({ stated: 20n, lines }, { excluded: { gift: 30n } })).toBe(0n);
  });
});

describe('money that did not arrive', () => {
  it('takes nothing back: a refund that failed, or is on its way', () => {
    for (const status of ['failure', 'pending', 'error'])
      expect(earning({ goods: 40n, transactions: [money(40n, { status })] }), status).toBe(0n);
  });

  it('deducts the part that did arrive', () => {
    const transactions = [money(10n), money(30n, { status: 'failure' })];
    expect(earning({ goods: 40n, transactions })).toBe(10n);
  });

  it('counts once when it failed and was tried again', () => {
    const transactions = [money(40n, { status: 'failure' }), money(40n)];
    expect(earning({ goods: 40n, transactions })).toBe(40n);
    const parts = [money(20n), money(20n, { status: 'failure' }), money(20n)];
    expect(earning({ goods: 40n, transactions: parts })).toBe(40n);
  });

  it('of nothing deducts what was returned, if it succeeded', () => {
    expect(earning({ goods: 40n, transactions: [money(0n)] })).toBe(40n);
    expect(earning({ goods: 40n, transactions: [money(0n, { status: 'failure' })] })).toBe(0n);
    const mixed = [money(0n), money(40n, { status: 'failure' })];
    expect(earning({ goods: 40n, transactions: mixed })).toBe(0n);
  });

  it.each(['sale', 'capture', 'authorization', 'change', 'emv_authorization'])(
    'is not meant by a row of the kind %s',
    (kind) => {
      const transactions = [money(40n, { kind, status: 'failure' }), money(40n)];
      expect(earning({ goods: 40n, transactions })).toBe(40n);
      expect(earning({ goods: 40n, transactions: [money(5n, { kind })] })).toBe(40n);
    },
  );

  it('in another currency says in what proportion, not how much', () => {
    const other = (amount: bigint, status = 'success') =>
      money(amount, { currency: 'EUR', status });
    expect(earning({ goods: 40n, transactions: [other(5n), other(15n, 'failure')] })).toBe(10n);
    const again = [other(20n, 'failure'), other(20n)];
    expect(earning({ goods: 40n, transactions: again })).toBe(20n);
    const unknown = [money(40n, { currency: '', status: 'failure' }), money(40n, { currency: '' })];
    expect(earning({ goods: 40n, transactions: unknown })).toBe(40n);
  });
});

describe('adjustments', () => {
  const kept = (amount: bigint, reason = 'refund_discrepancy') => [{ reason, amount }];

  it('leave the shop a part of the money, and the member the points of it', () => {
    const told = refund({ goods: 40n, adjustments: kept(24n), transactions: [money(16n)] });
    // 24 of the 120 that the order cost are 20 of the 100 that its goods did.
    expect(worthOfRefund(told, order)).toEqual({ earning: 20n, returned: 40n, isPartKept: true });
    expect(worthOfRefund(told, { ...order, cost: 0n }).earning).toBe(16n);
    expect(worthOfRefund(told, { ...order, cost: 100n, goods: 100n }).earning).toBe(16n);
  });

  it('keep no more than what was not paid back', () => {
    expect(earning({ goods: 40n, adjustments: kept(24n), transactions: [money(40n)] })).toBe(40n);
    expect(
      worthOfRefund(
        refund({ goods: 40n, adjustments: kept(24n), transactions: [money(50n)] }),
        order,
      ),
    ).toEqual({ earning: 40n, returned: 40n, isPartKept: false });
    const cost = { cost: 100n };
    expect(earning({ goods: 40n, adjustments: kept(24n), transactions: [money(30n)] }, cost)).toBe(
      30n,
    );
  });

  it('deduct what went beyond any line, once money has moved', () => {
    const cost = { cost: 100n };
    expect(earning({ adjustments: kept(-10n), transactions: [money(10n)] }, cost)).toBe(10n);
    expect(earning({ adjustments: kept(-10n) }, cost)).toBe(0n);
    expect(worthOfRefund(refund({ adjustments: kept(-10n), transactions: [money(10n)] }), order))
      // Of 120 in all the goods are 100.
      .toEqual({ earning: 8n, returned: 0n, isPartKept: false });
  });

  it('that keep more than was returned take nothing back, and give nothing', () => {
    expect(earning({ goods: 10n, adjustments: kept(30n) }, { cost: 100n })).toBe(0n);
  });

  it('that keep something where nothing was returned keep no part of it', () => {
    expect(worthOfRefund(refund({ adjustments: kept(5n) }), order).isPartKept).toBe(false);
  });

  it.each(['shipping_refund', 'pending_refund_discrepancy', 'balancing_adjustment', 'x_balancing'])(
    'that are no second refund do not count: %s',
    (reason) => {
      expect(earning({ goods: 40n, adjustments: kept(24n, reason) })).toBe(40n);
      expect(
        earning({ adjustments: kept(-24n, reason), transactions: [money(24n)] }, { cost: 100n }),
      ).toBe(0n);
    },
  );

  it('are compared with all that the lines are worth: tax on top, shipping and duties', () => {
    const facts = { goods: 40n, tax: 8n, other: 2n, adjustments: kept(20n) };
    // Without tax in the prices 50 were due, of which 40 came: 10 were kept.
    const onTop = { taxesIncluded: false, cost: 100n };
    expect(earning({ ...facts, transactions: [money(40n)] }, onTop)).toBe(30n);
    const included = { taxesIncluded: true, cost: 100n };
    expect(earning({ ...facts, transactions: [money(40n)] }, included)).toBe(38n);
  });
});
