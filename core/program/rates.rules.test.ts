import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactDecimal, floorPoints, parseExact } from '../shared/money.rules.ts';
import { multiply, NO_CONTEXT } from './multipliers.rules.ts';
import {
  DEFAULT_PROGRAM,
  parseRate,
  programFromConfig,
  programFromMessage,
  programIntoConfig,
  rateKept,
  toProgramMessage,
} from './program.rules.ts';
import { awardKey, PLAIN_ORDER, type OrderFacts } from '../orders/settlement-facts.rules.ts';
import { settle } from '../orders/settlement.rules.ts';

const amount = (units: number) => BigInt(Math.round(units * 100)) * 100n;
const order = (gross: bigint): OrderFacts => ({
  ...PLAIN_ORDER,
  orderId: '1',
  gross,
  currency: 'JPY',
  orderedAt: '2026-11-01T00:00:00Z',
});

describe('X points per Y of money', () => {
  it('is kept, sent and read again exactly, whatever the numbers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 1_000_000_000 }),
        (points, per) => {
          const program = { ...DEFAULT_PROGRAM, rate: BigInt(points) * 10_000n, per: BigInt(per) };
          const { rate } = program;
          expect(programFromConfig(programIntoConfig({}, program))).toMatchObject({
            rate,
            per: BigInt(per),
          });
          expect(parseRate(rateKept(program))).toEqual({ rate, per: BigInt(per) });
          const message = toProgramMessage(program, null);
          expect(message.purchase).toMatchObject({ points, per });
          expect(programFromMessage(message, program, new Date())).toMatchObject({
            rate,
            per: BigInt(per),
          });
        },
      ),
    );
  });

  it('gives the points of a whole amount and rounds down once: 1 per 15 of 14,999 are 999', () => {
    const program = { ...DEFAULT_PROGRAM, rate: 10_000n, per: 15n };
    const settlement = settle(order(amount(14_999)), [], program);
    expect(settlement).toMatchObject({
      kind: 'post',
      entries: [{ points: 999, metadata: { rate: '1/15', base: '14999.00' } }],
    });
  });

  it('stays the rate of the award, whatever the program says when it is refunded', () => {
    const refunded = {
      ...order(amount(15_000)),
      refunds: [
        {
          refundId: '9',
          at: '2026-11-02T00:00:00Z',
          lines: {},
          goods: amount(7_500),
          stated: amount(7_500),
          tax: 0n,
          other: 0n,
          adjustments: [],
          transactions: [],
        },
      ],
    };
    const award = {
      transactionId: 't',
      key: awardKey('1'),
      points: 1_000,
      member: 'member',
      isErased: false,
      base: amount(15_000),
      ...parseRate('1/15'),
    };
    expect(settle(refunded, [award], DEFAULT_PROGRAM)).toMatchObject({
      entries: [{ points: -500 }],
    });
  });

  it.each([
    ['10', 10, 1],
    ['1.25', 5, 4],
    ['0.1', 1, 10],
    [0.0005, 1, 2_000],
  ])('means what the decimal meant that was stored before: %s', (stored, points, per) => {
    const program = programFromConfig({ earning: { points_per_dollar: stored } });
    expect(program).toMatchObject({ rate: BigInt(points) * 10_000n, per: BigInt(per) });
    const { purchase } = toProgramMessage(program, null);
    expect(purchase).toMatchObject({ points, per, pointsPerUnit: String(stored) });
  });

  it.each([
    [{ points: 0, per: 1 }, 'program.purchase.points'],
    [{ points: 1_000_001, per: 1 }, 'program.purchase.points'],
    [{ points: 1.5, per: 1 }, 'program.purchase.points'],
    [{ points: 10, per: 0 }, 'program.purchase.per'],
    [{ points: 10, per: 1_000_000_001 }, 'program.purchase.per'],
    [{ points: 0, per: 0 }, 'program.purchase.points_per_unit'],
  ])('is refused beside its field: %o', (changes, field) => {
    const message = toProgramMessage(DEFAULT_PROGRAM, null);
    const purchase = { enabled: true, awardOn: 'paid', pointsPerUnit: '', ...changes };
    expect(programFromMessage({ ...message, purchase }, DEFAULT_PROGRAM, new Date())).toMatchObject(
      { field },
    );
  });
});

describe('several multipliers', () => {
  it('are rounded once, at the end', () => {
    const earning = {
      ...DEFAULT_PROGRAM.earning,
      stacking: 'multiply' as const,
      firstPurchase: { isEnabled: true, factor: 13_333n },
      champions: { isEnabled: true, factor: 11_111n },
    };
    const context = {
      ...NO_CONTEXT,
      segments: ['champions'],
      isFirstPurchase: true,
      tierFactor: 10_101n,
    };
    const { factor, over } = multiply(earning, context, {
      orderedAt: '2026-11-01T00:00:00Z',
      country: '',
      base: 0n,
    });
    const text = exactDecimal(factor, over);
    expect(text).toBe('1.496392069263');
    expect(parseExact(text)).toEqual({ value: factor, over });
    const base = amount(1_000_000);
    const exact = (base * 13_333n * 11_111n * 10_101n * 10n) / 10_000n ** 4n;
    expect(floorPoints(base, 100_000n, factor, over)).toBe(exact);
    const settlement = settle(order(base), [], { ...DEFAULT_PROGRAM, earning }, context);
    expect(settlement).toMatchObject({
      entries: [{ points: Number(exact), metadata: { multiplier: text } }],
    });
  });
});
