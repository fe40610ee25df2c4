import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAmount } from './money.rules.ts';
import { DEFAULT_PROGRAM } from './program.rules.ts';
import {
  refundedShare,
  settle,
  type OrderFacts,
  type PlannedEntry,
  type RecordedEntry,
  type RefundFact,
} from './settlement.rules.ts';

const amount = (text: string): bigint => parseAmount(text) ?? 0n;

function order(changes: Partial<OrderFacts> = {}): OrderFacts {
  return {
    orderId: '1001',
    gross: amount('50.00'),
    currency: 'USD',
    isPaid: true,
    isCancelled: false,
    isHistorical: false,
    hasMember: true,
    refunds: [],
    snapshot: '2026-11-01T10:00:00.000Z',
    ...changes,
  };
}

const refund = (
  refundId: string,
  subtotal: string,
  at = `2026-11-0${refundId}T00:00:00Z`,
): RefundFact => ({
  refundId,
  subtotal: amount(subtotal),
  at,
});

/** What the ledger would say after posting a plan. */
function post(
  recorded: readonly RecordedEntry[],
  facts: OrderFacts,
  program = DEFAULT_PROGRAM,
): RecordedEntry[] {
  const settlement = settle(facts, recorded, program);
  if (settlement.kind !== 'post') return [...recorded];
  return [...recorded, ...settlement.entries.map(asRecorded)];
}

function asRecorded(plan: PlannedEntry): RecordedEntry {
  const { base, rate } = plan.metadata;
  return {
    transactionId: plan.key,
    key: plan.key,
    points: plan.points,
    ...(typeof base === 'string' && { base: amount(base) }),
    ...(typeof rate === 'string' && { rate: amount(rate) }),
  };
}

const net = (entries: readonly RecordedEntry[]): number =>
  entries.reduce((sum, entry) => sum + entry.points, 0);

describe('an order earns when it is paid', () => {
  it('gives 500 points for $50.00 at 10 per dollar, and says on what they were computed', () => {
    const settlement = settle(order(), [], DEFAULT_PROGRAM);
    expect(settlement).toMatchObject({
      kind: 'post',
      entries: [
        {
          key: 'order/1001/paid',
          points: 500,
          metadata: { base: '50.00', rate: '10', rounding: 'floor', rule_version: 1 },
        },
      ],
    });
  });

  it('gives nothing twice', () => {
    const once = post([], order());
    expect(settle(order(), once, DEFAULT_PROGRAM)).toEqual({ kind: 'idle', reason: 'nothing_new' });
  });

  it.each([
    ['it is not paid yet', order({ isPaid: false }), 'not_paid'],
    ['it has no customer', order({ hasMember: false }), 'no_customer'],
    ['it is from before the shop joined', order({ isHistorical: true }), 'historical'],
    ['it was cancelled before it was paid', order({ isCancelled: true }), 'cancelled'],
    ['it is worth less than a point', order({ gross: amount('0.05') }), 'no_points'],
  ])('gives nothing when %s', (_why, facts, reason) => {
    expect(settle(facts, [], DEFAULT_PROGRAM)).toEqual({ kind: 'idle', reason });
  });

  it('gives nothing while the programme or the purchase rule is off', () => {
    for (const off of [{ isActive: false }, { isPurchaseEnabled: false }]) {
      expect(settle(order(), [], { ...DEFAULT_PROGRAM, ...off })).toEqual({
        kind: 'idle',
        reason: 'program_inactive',
      });
    }
  });

  it('gives points as soon as it is placed when the merchant chose so', () => {
    const entries = post([], order({ isPaid: false }), { ...DEFAULT_PROGRAM, awardOn: 'created' });
    expect(net(entries)).toBe(500);
  });

  it('refuses an order that would earn more than a thousand million points', () => {
    expect(settle(order({ gross: amount('1000000000000') }), [], DEFAULT_PROGRAM)).toEqual({
      kind: 'too_large',
    });
  });
});

describe('a refund takes back its share', () => {
  it('takes half of the points for half of the money', () => {
    const entries = post(post([], order()), order({ refunds: [refund('1', '25.00')] }));
    expect(entries.map((entry) => [entry.key, entry.points])).toEqual([
      ['order/1001/paid', 500],
      ['refund/1', -250],
    ]);
  });

  it('takes exactly everything in the end, however the refunds were cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 1n, max: 400_000n }), { minLength: 1, maxLength: 8 }),
        (parts) => {
          const gross = parts.reduce((sum, part) => sum + part, 0n);
          const refunds = parts.map((subtotal, index) => ({
            refundId: String(index),
            subtotal,
            at: `2026-11-01T00:00:0${index}Z`,
          }));
          let entries = post([], order({ gross }));
          for (let known = 1; known <= refunds.length; known++) {
            entries = post(entries, order({ gross, refunds: refunds.slice(0, known) }));
          }
          expect(net(entries)).toBe(0);
        },
      ),
    );
  });

  it('is computed at the rate of the award, not at today’s', () => {
    const today = { ...DEFAULT_PROGRAM, rate: 10_000n, version: 2 };
    const entries = post(post([], order()), order({ refunds: [refund('1', '25.00')] }), today);
    expect(net(entries)).toBe(250);
  });

  it('still takes back when the programme has been switched off since', () => {
    const entries = post(post([], order()), order({ refunds: [refund('1', '50.00')] }), {
      ...DEFAULT_PROGRAM,
      isActive: false,
    });
    expect(net(entries)).toBe(0);
  });

  it('rounds in the member’s favour', () => {
    expect(refundedShare(5n, amount('1.00'), amount('3.00'))).toBe(1n);
    expect(refundedShare(5n, amount('3.00'), amount('3.00'))).toBe(5n);
    expect(refundedShare(5n, amount('9.00'), amount('3.00'))).toBe(5n);
  });
});

describe('a cancelled order leaves no points', () => {
  it('takes back what its refunds left', () => {
    const paid = post([], order());
    const refunded = post(paid, order({ refunds: [refund('1', '20.00')] }));
    const cancelled = post(refunded, order({ refunds: [refund('1', '20.00')], isCancelled: true }));
    expect(net(cancelled)).toBe(0);
    expect(cancelled.at(-1)).toMatchObject({ key: 'order/1001/cancelled', points: -300 });
  });

  it('takes nothing more when the refund of a cancelled order is told later', () => {
    const cancelled = post(post([], order()), order({ isCancelled: true }));
    expect(
      net(post(cancelled, order({ isCancelled: true, refunds: [refund('1', '50.00')] }))),
    ).toBe(0);
  });
});

describe('an edited order is worth what it is now', () => {
  it('adds and takes the difference', () => {
    const paid = post([], order());
    const more = post(paid, order({ gross: amount('80.00'), snapshot: 'b' }));
    expect(net(more)).toBe(800);
    const less = post(more, order({ gross: amount('30.00'), snapshot: 'c' }));
    expect(net(less)).toBe(300);
  });
});

describe('the order of arrival changes nothing', () => {
  it('ends at the same points whichever fact is learned first', () => {
    const facts = fc.record({
      gross: fc.bigInt({ min: 1n, max: 5_000_000n }),
      edited: fc.option(fc.bigInt({ min: 1n, max: 5_000_000n }), { nil: undefined }),
      parts: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
      isCancelled: fc.boolean(),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(
        facts,
        fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
        ({ gross, edited, parts, isCancelled }, shuffle) => {
          const final = edited ?? gross;
          const refunds = parts.map((percent, index) => ({
            refundId: String(index),
            subtotal: (final * BigInt(percent)) / 100n,
            at: `2026-11-01T00:00:0${index}Z`,
          }));
          type News = (known: OrderFacts) => OrderFacts;
          const news: News[] = [
            (known) => ({ ...known, isPaid: true }),
            ...refunds.map((one): News => (known) => ({
              ...known,
              refunds: [...known.refunds, one],
            })),
          ];
          if (isCancelled) news.push((known) => ({ ...known, isCancelled: true }));
          if (edited !== undefined)
            news.push((known) => ({ ...known, gross: edited, snapshot: 'edited' }));

          const play = (sequence: readonly News[]): number => {
            let known = order({ gross, isPaid: false });
            let entries: RecordedEntry[] = [];
            for (const learn of sequence) {
              known = learn(known);
              entries = post(entries, known);
              expect(net(entries)).toBeGreaterThanOrEqual(0);
            }
            return net(entries);
          };
          const shuffled = news
            .map((one, index) => ({ one, at: shuffle[index % shuffle.length] ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ one }) => one);
          expect(play(shuffled)).toBe(play(news));
        },
      ),
      { numRuns: 500 },
    );
  });
});
