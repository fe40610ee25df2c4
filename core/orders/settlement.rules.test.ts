import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAmount, parseExact } from '../shared/money.rules.ts';
import { DEFAULT_EARNING, type EarningRules } from '../program/earning.rules.ts';
import { DEFAULT_PROGRAM, type Program } from '../program/program.rules.ts';
import { NO_CONTEXT, type EarningContext } from '../program/multipliers.rules.ts';
import type { RefundFact } from './refunds.rules.ts';
import {
  PLAIN_ORDER,
  type OrderFacts,
  type PlannedEntry,
  type RecordedEntry,
} from './settlement-facts.rules.ts';
import { refundedShare, settle } from './settlement.rules.ts';

const amount = (text: string): bigint => parseAmount(text) ?? 0n;

function order(changes: Partial<OrderFacts> = {}): OrderFacts {
  return {
    ...PLAIN_ORDER,
    orderId: '1001',
    gross: amount('50.00'),
    lines: [],
    currency: 'USD',
    orderedAt: '2026-11-01T10:00:00Z',
    country: '',
    isPaid: true,
    isCancelled: false,
    isHistorical: false,
    refunds: [],
    ...changes,
  };
}

const refund = (
  refundId: string,
  subtotal: string,
  at = `2026-11-0${refundId}T00:00:00Z`,
): RefundFact => stated(refundId, amount(subtotal), at);

/** Told by a source that knows no more than what went back. */
const stated = (
  refundId: string,
  subtotal: bigint,
  at: string,
  lines: Readonly<Record<string, bigint>> = {},
): RefundFact => ({
  refundId,
  at,
  lines,
  goods: subtotal,
  stated: subtotal,
  tax: 0n,
  other: 0n,
  adjustments: [],
  transactions: [],
});

/** What the ledger would say after posting a plan. */
function post(
  recorded: readonly RecordedEntry[],
  facts: OrderFacts,
  program = DEFAULT_PROGRAM,
  context = NO_CONTEXT,
): RecordedEntry[] {
  const settlement = settle(facts, recorded, program, context);
  if (settlement.kind !== 'post') return [...recorded];
  return [...recorded, ...settlement.entries.map(asRecorded)];
}

function asRecorded(plan: PlannedEntry): RecordedEntry {
  const { base, rate, multiplier, multiplier_source: source, excluded } = plan.metadata;
  return {
    transactionId: plan.key,
    key: plan.key,
    points: plan.points,
    member: plan.member,
    isErased: false,
    ...(typeof base === 'string' && { base: amount(base) }),
    ...(typeof rate === 'string' && { rate: amount(rate) }),
    ...(typeof multiplier === 'string' && {
      multiplier: parseExact(multiplier)?.value ?? 10_000n,
      multiplierOver: parseExact(multiplier)?.over ?? 1n,
    }),
    ...(typeof source === 'string' && { multiplierSource: source }),
    ...(typeof excluded === 'object' &&
      excluded !== null && {
        excluded: Object.fromEntries(
          Object.entries(excluded).map(([line, worth]) => [line, amount(String(worth))]),
        ),
      }),
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
    expect(settle(order(), once, DEFAULT_PROGRAM)).toMatchObject({
      kind: 'idle',
      reason: 'nothing_new',
    });
  });

  it.each([
    ['it is not paid yet', order({ isPaid: false }), 'not_paid'],
    ['it has no customer', order({ owner: null }), 'no_customer'],
    ['its customer was erased', order({ isOwnerErased: true }), 'redacted_customer'],
    ['it is a test', order({ isTest: true }), 'test_order'],
    ['its payment was voided', order({ isGivenBack: true }), 'order_refunded'],
    ['it is in a currency the shop gave up', order({ isForeign: true }), 'foreign_currency'],
    ['it was paid while the program was off', order({ isFromPause: true }), 'program_inactive'],
    ['it is from before the shop joined', order({ isHistorical: true }), 'historical'],
    ['it was cancelled before it was paid', order({ isCancelled: true }), 'cancelled'],
    ['it is worth less than a point', order({ gross: amount('0.05') }), 'no_points'],
  ])('gives nothing when %s', (_why, facts, reason) => {
    expect(settle(facts, [], DEFAULT_PROGRAM)).toMatchObject({ kind: 'idle', reason });
  });

  it('gives nothing while the program or the purchase rule is off', () => {
    for (const [off, reason] of [
      [{ isActive: false }, 'program_inactive'],
      [{ isPurchaseEnabled: false }, 'purchases_off'],
    ] as const) {
      expect(settle(order(), [], { ...DEFAULT_PROGRAM, ...off })).toMatchObject({
        kind: 'idle',
        reason,
      });
    }
  });

  it('gives points as soon as it is placed when the merchant chose so', () => {
    const entries = post([], order({ isPaid: false }), { ...DEFAULT_PROGRAM, awardOn: 'created' });
    expect(net(entries)).toBe(500);
  });

  it('gives nothing for an order that would earn more than 10^12 points', () => {
    expect(settle(order({ gross: amount('1000000000000') }), [], DEFAULT_PROGRAM)).toMatchObject({
      kind: 'idle',
      reason: 'too_large',
    });
  });
});

describe('a refund deducts its share', () => {
  it('deducts half of the points for half of the money', () => {
    const entries = post(post([], order()), order({ refunds: [refund('1', '25.00')] }));
    expect(entries.map((entry) => [entry.key, entry.points])).toEqual([
      ['order/1001/paid', 500],
      ['refund/1', -250],
    ]);
  });

  it('deducts exactly all points in the end, however the refunds were split', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 1n, max: 400_000n }), { minLength: 1, maxLength: 8 }),
        (parts) => {
          const gross = parts.reduce((sum, part) => sum + part, 0n);
          const refunds = parts.map((subtotal, index) =>
            stated(String(index), subtotal, `2026-11-01T00:00:0${index}Z`),
          );
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

  it('still deducts when the program has been switched off since', () => {
    const entries = post(post([], order()), order({ refunds: [refund('1', '50.00')] }), {
      ...DEFAULT_PROGRAM,
      isActive: false,
    });
    expect(net(entries)).toBe(0);
  });

  it('rounds in the member’s favor', () => {
    expect(refundedShare(5n, amount('1.00'), amount('3.00'))).toBe(1n);
    expect(refundedShare(5n, amount('3.00'), amount('3.00'))).toBe(5n);
    expect(refundedShare(5n, amount('9.00'), amount('3.00'))).toBe(5n);
  });
});

describe('a cancelled order leaves no points', () => {
  it('deducts what its refunds left', () => {
    const paid = post([], order());
    const refunded = post(paid, order({ refunds: [refund('1', '20.00')] }));
    const cancelled = post(refunded, order({ refunds: [refund('1', '20.00')], isCancelled: true }));
    expect(net(cancelled)).toBe(0);
    expect(cancelled.at(-1)).toMatchObject({ key: 'order/1001/cancelled', points: -300 });
  });

  it('deducts nothing more when the refund of a cancelled order arrives later', () => {
    const cancelled = post(post([], order()), order({ isCancelled: true }));
    expect(
      net(post(cancelled, order({ isCancelled: true, refunds: [refund('1', '50.00')] }))),
    ).toBe(0);
  });
});

describe('an edited order is worth what it is now', () => {
  it('adds or deducts the difference', () => {
    const paid = post([], order());
    const more = post(paid, order({ gross: amount('80.00') }));
    expect(net(more)).toBe(800);
    const less = post(more, order({ gross: amount('30.00') }));
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
          const refunds = parts.map((percent, index) =>
            stated(String(index), (final * BigInt(percent)) / 100n, `2026-11-01T00:00:0${index}Z`),
          );
          type Update = (known: OrderFacts) => OrderFacts;
          const updates: Update[] = [
            (known) => ({ ...known, isPaid: true }),
            ...refunds.map((one): Update => (known) => ({
              ...known,
              refunds: [...known.refunds, one],
            })),
          ];
          if (isCancelled) updates.push((known) => ({ ...known, isCancelled: true }));
          if (edited !== undefined) updates.push((known) => ({ ...known, gross: edited }));

          const play = (sequence: readonly Update[]): number => {
            let known = order({ gross, isPaid: false });
            let entries: RecordedEntry[] = [];
            for (const learn of sequence) {
              known = learn(known);
              entries = post(entries, known);
              expect(net(entries)).toBeGreaterThanOrEqual(0);
            }
            return net(entries);
          };
          const shuffled = updates
            .map((one, index) => ({ one, at: shuffle[index % shuffle.length] ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ one }) => one);
          expect(play(shuffled)).toBe(play(updates));
        },
      ),
      { numRuns: 500 },
    );
  });
});

const earning = (rules: Partial<EarningRules>): Program => ({
  ...DEFAULT_PROGRAM,
  earning: { ...DEFAULT_EARNING, ...rules },
});
const on = (factor: bigint) => ({ isEnabled: true, factor });
const champion: EarningContext = { ...NO_CONTEXT, segments: ['champions'] };

describe('an order that is multiplied', () => {
  it('earns the multiplied points, rounded down once, and records the source of the multiplier', () => {
    const settlement = settle(
      order({ gross: amount('9.99') }),
      [],
      earning({ champions: on(15_000n) }),
      champion,
    );
    // 99.9 rounded down before would make 148.
    expect(settlement).toMatchObject({
      entries: [
        {
          points: 149,
          metadata: {
            multiplier: '1.5',
            multiplier_source: 'rfm_champion',
            segments: ['champions'],
          },
        },
      ],
    });
  });

  it('deducts by the multiplier of the award, whatever the multiplier is today', () => {
    const paid = post([], order(), earning({ champions: on(20_000n) }), champion);
    expect(net(paid)).toBe(1_000);
    const half = order({ refunds: [refund('1', '25.00')] });
    expect(net(post(paid, half, DEFAULT_PROGRAM))).toBe(500);
    const edited = post(paid, order({ gross: amount('80.00') }), DEFAULT_PROGRAM);
    expect(net(edited)).toBe(1_600);
    expect(net(post(edited, order({ gross: amount('80.00'), isCancelled: true })))).toBe(0);
  });

  it('makes no award for a refund whose order is not known yet, since the buyer is not known either', () => {
    expect(settle(order(), [], DEFAULT_PROGRAM, null)).toMatchObject({
      kind: 'idle',
      reason: 'nothing_new',
    });
  });
});

describe('excluded goods', () => {
  const program = earning({ excludedProducts: [{ productId: '7', title: 'Gift card' }] });
  const lines = [
    { lineId: 'a', productId: '5', worth: amount('30.00') },
    { lineId: 'b', productId: '7', worth: amount('20.00') },
  ];
  it('earn nothing, and deduct nothing when they are returned', () => {
    const paid = post([], order({ lines }), program);
    expect(net(paid)).toBe(300);
    const gift = { ...refund('1', '20.00'), lines: { b: amount('20.00') } };
    const returned = post(paid, order({ lines, refunds: [gift] }), program);
    expect(net(returned)).toBe(300);
    const rest = { ...refund('2', '30.00'), lines: { a: amount('30.00') } };
    expect(net(post(returned, order({ lines, refunds: [gift, rest] }), program))).toBe(0);
  });
  it('stay excluded for an order after the merchant includes them, and the other way round', () => {
    const paid = post([], order({ lines }), program);
    expect(post(paid, order({ lines }), DEFAULT_PROGRAM)).toEqual(paid);
    const all = post([], order({ lines }), DEFAULT_PROGRAM);
    expect(post(all, order({ lines }), program)).toEqual(all);
  });
  it('stay excluded when the lines of an order have been deleted', () => {
    const paid = post([], order({ lines }), program);
    expect(post(paid, order({ lines: [] }), program)).toEqual(paid);
  });
});

describe('whom purchases are for', () => {
  const program = earning({ participants: 'accounts' });
  it('may be only customers with an account', () => {
    expect(settle(order(), [], program, { ...NO_CONTEXT, hasAccount: false })).toMatchObject({
      kind: 'idle',
      reason: 'no_account',
    });
    expect(net(post([], order(), program, { ...NO_CONTEXT, hasAccount: true }))).toBe(500);
  });
});

describe('whatever the rules', () => {
  const factor = fc.bigInt({ min: 10_000n, max: 100_000n });
  const rules = fc.record({
    rate: fc.bigInt({ min: 1n, max: 1_000_000n }),
    firstPurchase: fc.record({ isEnabled: fc.boolean(), factor }),
    champions: fc.record({ isEnabled: fc.boolean(), factor }),
    stacking: fc.constantFrom('highest' as const, 'multiply' as const),
    excluded: fc.subarray(['1', '2', '3']),
    isFirstPurchase: fc.boolean(),
    segments: fc.subarray(['champions', 'loyal']),
    tierFactor: fc.option(factor),
  });
  const parts = fc.array(
    fc.record({
      productId: fc.constantFrom('1', '2', '3'),
      worth: fc.bigInt({ min: 1n, max: 5_000_000n }),
      cut: fc.integer({ min: 0, max: 100 }),
    }),
    { minLength: 1, maxLength: 6 },
  );
  it('an order never gives less than zero or more than it earned, and gives zero once all is returned', () => {
    fc.assert(
      fc.property(rules, parts, (chosen, items) => {
        const { rate, excluded, isFirstPurchase, segments, tierFactor, ...multipliers } = chosen;
        const program: Program = {
          ...earning({
            ...multipliers,
            excludedProducts: excluded.map((productId) => ({ productId, title: '' })),
          }),
          rate,
        };
        const context: EarningContext = {
          ...NO_CONTEXT,
          isFirstPurchase,
          segments,
          tierFactor,
        };
        const lines = items.map(({ productId, worth }, n) => ({
          lineId: String(n),
          productId,
          worth,
        }));
        const gross = lines.reduce((sum, { worth }) => sum + worth, 0n);
        const facts = order({ gross, lines });
        let entries = post([], facts, program, context);
        const earned = net(entries);
        // What earned nothing has no line whose terms would hold.
        fc.pre(earned > 0);
        const refunds: RefundFact[] = [];
        const refundLine = (lineId: string, subtotal: bigint) => {
          const nth = String(refunds.length).padStart(2, '0');
          refunds.push(stated(nth, subtotal, `2026-11-01T00:00:${nth}Z`, { [lineId]: subtotal }));
          // Today's rules have changed meanwhile.
          entries = post(entries, { ...facts, refunds: [...refunds] }, DEFAULT_PROGRAM);
          expect(net(entries)).toBeGreaterThanOrEqual(0);
          expect(net(entries)).toBeLessThanOrEqual(earned);
        };
        for (const [n, { worth, cut }] of items.entries())
          refundLine(String(n), (worth * BigInt(cut)) / 100n);
        for (const [n, { worth, cut }] of items.entries())
          refundLine(String(n), worth - (worth * BigInt(cut)) / 100n);
        expect(net(entries)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
