import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAmount, parseExact } from '../shared/money.rules.ts';
import { DEFAULT_EARNING, type EarningRules } from '../program/earning.rules.ts';
import { DEFAULT_PROGRAM, type Program } from '../program/program.rules.ts';
import { NO_CONTEXT, type EarningContext } from '../program/multipliers.rules.ts';
import type { RefundFact } from './refunds.rules.ts';
import {
  awardKey,
  PLAIN_ORDER,
  type LotFact,
  type OrderFacts,
  type PlannedEntry,
  type RecordedEntry,
} from './settlement-facts.rules.ts';
import { accountAfter, needsLots, refundedShare, settle } from './settlement.rules.ts';

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

/** The award of the order of $50.00, as the ledger keeps it. */
const award: RecordedEntry = {
  transactionId: 't',
  key: awardKey('1001'),
  points: 500,
  member: 'ada',
  isErased: false,
  rate: 100_000n,
  base: amount('50.00'),
};
const lot = (changes: Partial<LotFact> = {}): LotFact => ({
  member: 'ada',
  points: 500n,
  expired: 0n,
  expiresAt: '2027-01-01',
  ...changes,
});
const entryOf = (key: string, points: number, changes: Partial<RecordedEntry> = {}) => ({
  transactionId: key,
  key,
  points,
  member: 'ada',
  isErased: false,
  ...changes,
});
/** What Ada's order comes to: key and points of each entry, or why there is none. */
function planned(
  changes: Partial<OrderFacts>,
  recorded: readonly RecordedEntry[] = [award],
  lots: readonly LotFact[] = [],
  atExpiry: bigint | null = null,
) {
  const facts = order({ owner: 'ada', ...changes });
  const plan = settle(facts, recorded, DEFAULT_PROGRAM, NO_CONTEXT, lots, atExpiry);
  return plan.kind === 'post' ? plan.entries.map(({ key, points }) => [key, points]) : plan.reason;
}

describe('a share of an award', () => {
  it('is all of it where the goods cost nothing, and none of it where nothing went back', () => {
    expect(refundedShare(5n, -1n, 0n)).toBe(5n);
    expect(refundedShare(5n, 0n, 1n)).toBe(0n);
    expect(refundedShare(5n, 1n, 1n)).toBe(5n);
    expect(refundedShare(5n, -1n, 10n)).toBe(0n);
  });
});

describe('each entry of an order names its reason', () => {
  const reasons = (changes: Partial<OrderFacts>, recorded: readonly RecordedEntry[] = [award]) => {
    const plan = settle(order({ owner: 'ada', ...changes }), recorded, DEFAULT_PROGRAM);
    return plan.kind === 'post'
      ? plan.entries.map(({ reasonCode, metadata }) => [reasonCode, metadata.reason_code])
      : plan.reason;
  };
  it.each<[string, Partial<OrderFacts>, readonly RecordedEntry[]]>([
    ['order_paid', {}, []],
    ['order_edited', { gross: amount('80.00') }, [award]],
    ['order_refunded', { refunds: [refund('1', '25.00')] }, [award]],
    ['order_refunded', { isGivenBack: true }, [award]],
    ['order_cancelled', { isCancelled: true }, [award]],
  ])('%s', (reason, facts, recorded) => {
    expect(reasons(facts, recorded)).toEqual([[reason, reason]]);
  });

  it('and a refund says what it is a part of', () => {
    const plan = settle(order({ refunds: [refund('1', '25.00')] }), [award], DEFAULT_PROGRAM);
    expect(plan.kind === 'post' && plan.entries.at(-1)?.metadata).toEqual({
      reason_code: 'order_refunded',
      refunded: '25.00',
      base: '50.00',
      award_points: 500,
      rounding: 'floor',
    });
  });
});

describe('an edit and a refund that arrive together', () => {
  const both = { gross: amount('100.00'), refunds: [refund('1', '25.00')] };
  it('have an entry each, the refund by what was awarded', () => {
    expect(planned(both)).toEqual([
      ['refund/1', -250],
      ['order/1001/edited/2', 500],
    ]);
  });

  it('are one difference once points of the order have expired, or were settled without entries', () => {
    expect(planned(both, [award], [lot({ expired: 100n })])).toEqual([
      ['order/1001/edited/1', 250],
    ]);
    expect(planned({ ...both, account: 500n })).toEqual([['order/1001/edited/1', 250]]);
  });

  it('count a refund of less than a point as nothing', () => {
    const small = order({ gross: 5_000n, refunds: [stated('1', 999n, '2026-11-02T00:00:00Z')] });
    expect(post([], small).map(({ key, points }) => [key, points])).toEqual([
      ['order/1001/paid', 5],
    ]);
    expect(planned({ ...both, refunds: [refund('1', '0.01')] })).toEqual([
      ['order/1001/edited/1', 500],
    ]);
  });

  it('keep the terms of what was awarded or edited last, whatever a refund repeats', () => {
    const edited = entryOf('order/1001/edited/1', 300, { base: amount('80.00'), rate: 100_000n });
    const repeated = entryOf('refund/1', -250, { base: amount('50.00') });
    const facts = {
      gross: amount('100.00'),
      refunds: [refund('1', '25.00'), refund('2', '25.00')],
    };
    // $25.00 of $80.00, although the order costs $100.00 by now.
    expect(planned(facts, [award, repeated, edited])).toEqual([
      ['refund/2', -250],
      ['order/1001/edited/4', 200],
    ]);
    expect(planned({ refunds: [refund('1', '25.00')] }, [{ ...award, base: undefined }])).toEqual([
      ['refund/1', -250],
    ]);
  });

  it('settle refunds from the oldest to the newest, however they are listed', () => {
    const third = amount('0.33');
    const gross = amount('1.00');
    const at = (day: number) => `2026-11-0${day}T00:00:00Z`;
    const refunds = [
      stated('b', third, at(2)),
      stated('a', third, at(2)),
      stated('c', third, at(1)),
    ];
    const ten = { ...award, points: 10, base: gross };
    for (const listed of [refunds, refunds.toReversed()])
      expect(planned({ gross, refunds: listed }, [ten])).toEqual([
        ['refund/c', -3],
        ['refund/a', -3],
        ['refund/b', -3],
      ]);
  });

  it('leave a refund alone that was deducted before, and one that came after the cancellation', () => {
    const refunded = entryOf('refund/1', -250, { base: amount('50.00') });
    expect(planned(both, [award, refunded])).toEqual([['order/1001/edited/2', 500]]);
    const cancelled = entryOf('order/1001/cancelled', -500);
    expect(planned({ ...both, isCancelled: true }, [award, cancelled])).toBe('nothing_new');
  });
});

describe('an amount that belongs to no line', () => {
  /** $10.00 went back beside the lines: its part is that of the goods in what the order cost. */
  const beside: RefundFact = {
    ...stated('1', 0n, '2026-11-02T00:00:00Z'),
    stated: null,
    adjustments: [{ reason: 'Refund discrepancy', amount: -amount('10.00') }],
    transactions: [
      {
        transactionId: '9',
        kind: 'refund',
        status: 'success',
        amount: amount('10.00'),
        currency: 'USD',
      },
    ],
  };
  const placed = amount('50.00');
  it.each<[string, Partial<OrderFacts>, number]>([
    ['the goods alone', { placed }, -100],
    ['goods and shipping', { placed, total: amount('100.00') }, -50],
    ['the goods, if less than they', { placed, total: amount('10.00') }, -100],
    [
      'the total of an edited order',
      { placed: 0n, total: placed, currentTotal: amount('100.00') },
      -50,
    ],
    ['its first total, while no other is known', { placed: 0n, total: amount('100.00') }, -50],
    [
      'its first total, while it is not edited',
      { placed, total: amount('100.00'), currentTotal: placed },
      -50,
    ],
  ])('is shared by %s', (_what, facts, points) => {
    expect(planned({ ...facts, refunds: [beside] })).toEqual([['refund/1', points]]);
  });

  it.each<[string, boolean, number]>([
    ['is added to the total with what was returned, tax included', false, -50],
    ['counts tax once where prices include it', true, -50],
  ])('%s', (_what, taxesIncluded, points) => {
    const returned = taxesIncluded ? amount('75.00') : amount('70.00');
    const earlier: RefundFact = {
      ...stated('0', 0n, '2026-11-01T12:00:00Z'),
      other: returned,
      tax: amount('5.00'),
    };
    const facts = { placed: 0n, taxesIncluded, currentTotal: amount('25.00') };
    expect(planned({ ...facts, refunds: [earlier, beside] })).toEqual([['refund/1', points]]);
  });
});

describe('what an edit added while the program was off', () => {
  it('earns nothing, and its refund deducts only its share of the award', () => {
    const facts = { gross: amount('80.00'), addedInPause: amount('30.00') };
    expect(planned(facts)).toBe('nothing_new');
    expect(planned({ ...facts, refunds: [refund('1', '40.00')] })).toEqual([['refund/1', -250]]);
  });
});

describe('points of an order that expired', () => {
  it('count as deducted already', () => {
    const half = { refunds: [refund('1', '25.00')] };
    expect(planned(half, [award], [lot({ expired: 500n })])).toBe('nothing_new');
    expect(planned(half, [award], [lot({ expired: 250n })])).toBe('nothing_new');
    expect(planned(half, [award], [lot({ expired: 100n })])).toEqual([['refund/1', -150]]);
    const all = { refunds: [refund('1', '50.00')] };
    expect(planned(all, [award], [lot({ expired: 100n })])).toEqual([['refund/1', -400]]);
  });

  it('do not spare what was added later: it is deducted first, and in full', () => {
    const edited = entryOf('order/1001/edited/1', 300, { base: amount('80.00'), rate: 100_000n });
    expect(planned({ gross: amount('80.00') }, [award], [lot({ expired: 100n })], 500n)).toEqual([
      ['order/1001/edited/1', 300],
    ]);
    expect(
      planned({ gross: amount('40.00') }, [award, edited], [lot({ expired: 100n })], 500n),
    ).toEqual([['order/1001/edited/2', -300]]);
  });

  it('are judged by what the order was worth without a customer, where that is known', () => {
    const plan = settle(
      order({ owner: null, gross: amount('55.00'), account: 600n }),
      [award],
      DEFAULT_PROGRAM,
      NO_CONTEXT,
      [lot({ expired: 100n })],
      500n,
    );
    expect(plan.account).toEqual({ points: 600n, waived: 0n });
  });

  it('stay with the member they expired for', () => {
    expect(planned({ owner: 'bob' }, [award], [lot({ expired: 500n })])).toBe('nothing_new');
  });
});

describe('what went back of an order', () => {
  it('is all of its goods once Shopify says so, and never more', () => {
    const of = (changes: Partial<OrderFacts>) =>
      settle(order(changes), [award], DEFAULT_PROGRAM).refunded;
    expect(of({ isGivenBack: true })).toBe(amount('50.00'));
    expect(of({ refunds: [refund('1', '20.00')] })).toBe(amount('20.00'));
    expect(of({ refunds: [refund('1', '40.00'), refund('2', '40.00')] })).toBe(amount('50.00'));
    expect(of({})).toBe(0n);
  });
});

describe('what could not be deducted and was forgiven', () => {
  const facts = { gross: amount('80.00'), waived: 100n };
  it('is not given again when the order is worth more', () => {
    const plan = settle(order({ owner: 'ada', ...facts }), [award], DEFAULT_PROGRAM);
    expect(plan).toMatchObject({ entries: [{ points: 200 }], account: { waived: 0n } });
    const little = order({ owner: 'ada', gross: amount('50.10'), waived: 100n });
    expect(settle(little, [award], DEFAULT_PROGRAM)).toMatchObject({
      kind: 'idle',
      account: { points: 501n, waived: 99n },
    });
  });

  it('stays with the former customer when the order changes hands', () => {
    const held = [award, entryOf('refund/1', -300, { base: amount('50.00') })];
    const refunded = { refunds: [refund('1', '30.00')], owner: 'bob' };
    expect(planned({ ...refunded, waived: 50n }, held, [lot({ points: 200n })])).toEqual([
      ['order/1001/moved/2/from/ada', -150],
      ['order/1001/moved/2/to/0', 200],
    ]);
    expect(planned({ ...refunded, waived: 900n }, held, [lot({ points: 200n })])).toEqual([
      ['order/1001/moved/2/to/0', 200],
    ]);
  });
});

describe('money that the shop kept for returned goods', () => {
  const line = (lineId: string, worth: string) => ({
    lineId,
    productId: lineId,
    worth: amount(worth),
  });
  /** $30.00 of goods came back, and $10.00 of them was kept. */
  const partly: RefundFact = {
    ...stated('1', amount('30.00'), '2026-11-02T00:00:00Z', { a: amount('30.00') }),
    stated: null,
    adjustments: [{ reason: 'Refund discrepancy', amount: amount('10.00') }],
    transactions: [
      {
        transactionId: '9',
        kind: 'refund',
        status: 'success',
        amount: amount('20.00'),
        currency: 'USD',
      },
    ],
  };
  const bought = {
    lines: [line('a', '30.00'), line('b', '20.00')],
    placed: amount('50.00'),
    total: amount('50.00'),
    refunds: [partly],
  };
  it('is a fee, and keeps its points, where nothing was taken in exchange', () => {
    expect(planned(bought)).toEqual([['refund/1', -200]]);
  });

  it('has paid for what was taken in exchange, and counts once', () => {
    const exchanged = {
      ...bought,
      lines: [...bought.lines, line('c', '30.00')],
      gross: amount('80.00'),
      currentTotal: amount('50.00'),
    };
    expect(planned(exchanged)).toEqual([
      ['refund/1', -200],
      ['order/1001/edited/2', 200],
    ]);
  });
});

describe('an order that changes hands', () => {
  const moved = (
    changes: Partial<OrderFacts>,
    lots: readonly LotFact[],
    recorded: readonly RecordedEntry[] = [award],
  ) => {
    const plan = settle(order(changes), recorded, DEFAULT_PROGRAM, NO_CONTEXT, lots);
    return plan.kind === 'post'
      ? plan.entries.map(({ member, key, points, expiresAt }) => [member, key, points, expiresAt])
      : plan.reason;
  };

  it('brings its points to the new owner, with the days on which they expire', () => {
    const parts = [
      lot({ points: 200n, expiresAt: '2027-01-01' }),
      lot({ points: 300n, expiresAt: null }),
    ];
    expect(moved({ owner: 'bob' }, parts)).toEqual([
      ['ada', 'order/1001/moved/1/from/ada', -500, undefined],
      ['bob', 'order/1001/moved/1/to/0', 300, null],
      ['bob', 'order/1001/moved/1/to/1', 200, '2027-01-01'],
    ]);
  });

  it('brings what has not expired', () => {
    expect(moved({ owner: 'bob' }, [lot({ expired: 120n })])).toEqual([
      ['ada', 'order/1001/moved/1/from/ada', -380, undefined],
      ['bob', 'order/1001/moved/1/to/0', 380, '2027-01-01'],
    ]);
  });

  it('gives nothing without a customer, and deducts nothing from an erased member', () => {
    expect(moved({ owner: null }, [lot()])).toEqual([
      ['ada', 'order/1001/moved/1/from/ada', -500, undefined],
    ]);
    expect(
      moved({ owner: 'ada', isOwnerErased: true }, [lot()], [{ ...award, isErased: true }]),
    ).toBe('redacted_customer');
    expect(moved({ owner: 'bob' }, [lot()], [{ ...award, isErased: true }])).toEqual([
      ['bob', 'order/1001/moved/1/to/0', 500, '2027-01-01'],
    ]);
  });

  it('joins points of one day, and leaves out what has expired', () => {
    const lots = [
      lot({ points: 200n, expired: 50n }),
      lot({ points: 300n, expired: 0n }),
      lot({ points: 40n, expired: 40n, expiresAt: '2028-01-01' }),
    ];
    expect(moved({ owner: 'bob' }, lots, [{ ...award, points: 540 }])).toEqual([
      ['ada', 'order/1001/moved/1/from/ada', -450, undefined],
      ['bob', 'order/1001/moved/1/to/0', 450, '2027-01-01'],
    ]);
  });

  it('says so in its entries', () => {
    const plan = settle(order({ owner: 'bob' }), [award], DEFAULT_PROGRAM, NO_CONTEXT, [lot()]);
    expect(
      plan.kind === 'post' &&
        plan.entries.map(({ reasonCode, metadata }) => [reasonCode, metadata.reason_code]),
    ).toEqual([
      ['order_moved', 'order_moved'],
      ['order_moved', 'order_moved'],
    ]);
  });

  it('without a customer is settled when it has one again', () => {
    const plan = settle(order({ owner: null, gross: amount('80.00') }), [award], DEFAULT_PROGRAM);
    expect(plan).toMatchObject({ account: { points: 800n } });
    expect(plan.kind === 'post' && plan.entries.every(({ member }) => member === 'ada')).toBe(true);
  });

  it('moves nothing while it stays whose it was', () => {
    expect(moved({ owner: 'ada' }, [lot()])).toBe('nothing_new');
    const worthMore = { owner: 'ada', gross: amount('70.00'), account: 700n };
    expect(moved(worthMore, [lot()])).toBe('nothing_new');
  });

  it('comes back to a customer who had it before', () => {
    const away = entryOf('order/1001/moved/1/from/ada', -500);
    expect(moved({ owner: 'ada' }, [lot()], [award, away])).toEqual([
      ['ada', 'order/1001/moved/2/to/0', 500, '2027-01-01'],
    ]);
    const toBob = entryOf('order/1001/moved/1/to/0', 500, { member: 'bob' });
    expect(moved({ owner: 'ada' }, [lot({ member: 'bob' })], [award, away, toBob])).toEqual([
      ['bob', 'order/1001/moved/3/from/bob', -500, undefined],
      ['ada', 'order/1001/moved/3/to/0', 500, '2027-01-01'],
    ]);
  });

  it('brings the points that expire last, and the former owner’s before its own', () => {
    const some = [lot({ points: 300n }), lot({ points: 200n, expiresAt: '2027-06-01' })];
    const latest = [
      ['ada', 'order/1001/moved/1/from/ada', -500, undefined],
      ['bob', 'order/1001/moved/1/to/0', 200, '2027-06-01'],
      ['bob', 'order/1001/moved/1/to/1', 300, '2027-01-01'],
    ];
    expect(moved({ owner: 'bob' }, some)).toEqual(latest);
    expect(moved({ owner: 'bob' }, some.toReversed())).toEqual(latest);
    const own = lot({ member: 'bob', points: 100n, expiresAt: '2028-01-01' });
    const edited = entryOf('order/1001/edited/1', 100, {
      member: 'bob',
      base: amount('60.00'),
      rate: 100_000n,
    });
    const facts = { owner: 'bob', gross: amount('60.00') };
    for (const lots of [
      [own, lot()],
      [lot(), own],
    ])
      expect(moved(facts, lots, [award, edited])).toEqual([
        ['ada', 'order/1001/moved/2/from/ada', -500, undefined],
        ['bob', 'order/1001/moved/2/to/0', 500, '2027-01-01'],
      ]);
  });

  it('lets what no lot explains expire by the program’s rule', () => {
    expect(moved({ owner: 'bob' }, [])).toEqual([
      ['ada', 'order/1001/moved/1/from/ada', -500, undefined],
      ['bob', 'order/1001/moved/1/to/0', 500, undefined],
    ]);
    expect(moved({ owner: 'bob' }, [lot({ points: 499n })])).toEqual([
      ['ada', 'order/1001/moved/1/from/ada', -500, undefined],
      ['bob', 'order/1001/moved/1/to/0', 499, '2027-01-01'],
      ['bob', 'order/1001/moved/1/to/1', 1, undefined],
    ]);
  });
});

describe('when lots have to be read', () => {
  const needs = (changes: Partial<OrderFacts>, recorded: readonly RecordedEntry[]) => {
    const facts = order({ owner: 'ada', ...changes });
    return needsLots(facts, recorded, settle(facts, recorded, DEFAULT_PROGRAM));
  };

  it('is when points are or were deducted, or another member had some', () => {
    expect(needs({}, [])).toBe(false);
    expect(needs({}, [award])).toBe(false);
    expect(needs({ isCancelled: true }, [award])).toBe(true);
    expect(needs({ owner: 'bob' }, [award])).toBe(true);
    const taken = { ...award, key: 'refund/1', points: -100, transactionId: 'u' };
    expect(needs({}, [award, taken])).toBe(true);
    expect(needs({}, [award, { ...taken, points: 0 }])).toBe(false);
  });

  it('is told by what the entries will say', () => {
    const facts = order({ owner: 'ada' });
    expect(accountAfter([], settle(facts, [], DEFAULT_PROGRAM))).toBe(500n);
    expect(accountAfter([award], settle(facts, [award], DEFAULT_PROGRAM))).toBe(500n);
    const gone = order({ owner: 'ada', isCancelled: true });
    expect(accountAfter([award], settle(gone, [award], DEFAULT_PROGRAM))).toBe(0n);
  });
});
