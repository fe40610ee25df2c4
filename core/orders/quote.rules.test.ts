import { describe, expect, it } from 'vitest';
import { campaignFromRow } from '../program/campaign-conditions.rules.ts';
import { NO_CONTEXT, type EarningContext } from '../program/multipliers.rules.ts';
import { DEFAULT_PROGRAM, type Program } from '../program/program.rules.ts';
import { quotePoints } from './quote.rules.ts';

const lines = [
  { lineId: '1', productId: '7', worth: 100_000n },
  { lineId: '2', productId: '8', worth: 155_000n },
];
const purchase = { at: new Date('2026-11-25T12:00:00Z'), currency: 'USD', country: 'FR' };
const quote = (
  program: Partial<Program> = {},
  context: Partial<EarningContext> = {},
  goods = lines,
  changes: Partial<typeof purchase> = {},
) =>
  quotePoints(
    goods,
    { ...DEFAULT_PROGRAM, ...program },
    { ...NO_CONTEXT, ...context },
    { ...purchase, ...changes },
  );
const campaign = (conditions: object) =>
  campaignFromRow({
    campaign_id: 'c',
    name: 'Double week',
    type: 'double_points',
    status: 'scheduled',
    start_date: '2026-11-25T00:00:00Z',
    end_date: '2026-11-26T00:00:00Z',
    multiplier: '2',
    conditions,
    reward: {},
  });

describe('what goods would earn if they were paid now', () => {
  it('is the sum of all of them at the rate of the program, and why', () => {
    expect(quote()).toMatchObject({
      points: 255,
      reason: '',
      metadata: { reason_code: 'order_paid', base: '25.50', rate: '10', multiplier: '1' },
    });
  });

  it('leaves out what earns nothing: excluded products and gift cards', () => {
    const excludedProducts = [{ productId: '7', title: 'A voucher' }];
    expect(quote({ earning: { ...DEFAULT_PROGRAM.earning, excludedProducts } }).points).toBe(155);
    const card = lines.map((line) => ({ ...line, isGiftCard: line.productId === '8' }));
    expect(quote({}, {}, card).points).toBe(100);
  });

  it('is multiplied by a campaign that runs now, for where the goods go', () => {
    const running = { campaigns: [campaign({ countries: ['FR'] })] };
    expect(quote({}, running)).toMatchObject({ points: 510, metadata: { multiplier: '2' } });
    expect(quote({}, running, lines, { country: 'DE' }).points).toBe(255);
    const later = new Date('2026-11-26T00:00:00Z');
    expect(quote({}, running, lines, { at: later }).points).toBe(255);
  });

  it('counts the whole cart towards a least amount', () => {
    expect(quote({}, { campaigns: [campaign({ min_spend: '25.50' })] }).points).toBe(510);
    expect(quote({}, { campaigns: [campaign({ min_spend: '25.51' })] }).points).toBe(255);
  });

  it.each([
    ['the program is off', { isActive: false }, {}, lines, 'program_inactive'],
    ['purchases earn nothing', { isPurchaseEnabled: false }, {}, lines, 'purchases_off'],
    [
      'only accounts earn and there is none',
      { earning: { ...DEFAULT_PROGRAM.earning, participants: 'accounts' } },
      { hasAccount: false },
      lines,
      'no_account',
    ],
    ['it is not enough for a point', { rate: 10n }, {}, lines, 'no_points'],
    ['there is nothing in the cart', {}, {}, [], 'no_points'],
  ] as [string, Partial<Program>, Partial<EarningContext>, typeof lines, string][])(
    'is nothing, and says why, when %s',
    (_when, program, context, goods, reason) => {
      expect(quote(program, context, goods)).toEqual({ points: 0, metadata: undefined, reason });
    },
  );

  it('is the same whether points come with the order or with its payment', () => {
    expect(quote({ awardOn: 'created' }).points).toBe(255);
  });
});
