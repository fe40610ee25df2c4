import fc from 'fast-check';
import { expect, it } from 'vitest';
import { campaignApplies, campaignFromRow, type Campaign } from './campaign-conditions.rules.ts';
import { DEFAULT_EARNING } from './earning.rules.ts';
import { multiply, NO_CONTEXT, ONE } from './multipliers.rules.ts';

const START = Date.parse('2026-11-01T00:00:00Z');
const day = (nth: number) => new Date(START + nth * 86_400_000).toISOString();

const campaigns: fc.Arbitrary<Campaign[]> = fc.array(
  fc
    .record({
      id: fc.uuid(),
      hundredths: fc.integer({ min: 100, max: 1_000 }),
      from: fc.integer({ min: -5, max: 5 }),
      days: fc.integer({ min: 1, max: 10 }),
      status: fc.constantFrom('draft', 'scheduled', 'active', 'ended', 'cancelled'),
      regions: fc.constantFrom([], ['EU']),
      minSpend: fc.constantFrom('0', '50.00'),
      segments: fc.constantFrom([], ['vip']),
    })
    .map(({ id, hundredths, from, days, status, regions, minSpend, segments }) =>
      campaignFromRow({
        campaign_id: id,
        name: 'A campaign',
        type: 'double_points',
        status,
        start_date: day(from),
        end_date: day(from + days),
        multiplier: (hundredths / 100).toFixed(2),
        conditions: { regions, min_spend: minSpend, segments },
        reward: {},
      }),
    ),
  { maxLength: 6 },
);

it('however many campaigns overlap, one multiplies: the highest of those that apply, beside or instead of the tier', () => {
  fc.assert(
    fc.property(
      campaigns,
      fc.record({
        at: fc.integer({ min: -6, max: 12 }),
        country: fc.constantFrom('', 'FR', 'US'),
        cents: fc.integer({ min: 0, max: 20_000 }),
        segments: fc.constantFrom([], ['vip']),
        tier: fc.option(fc.integer({ min: 100, max: 300 })),
        stacking: fc.constantFrom('highest' as const, 'multiply' as const),
      }),
      (all, { at, country, cents, segments, tier, stacking }) => {
        const purchase = { orderedAt: day(at), country, base: BigInt(cents) * 100n };
        const tierFactor = tier === null ? null : BigInt(tier) * 100n;
        const tierId = tier === null ? null : 'gold';
        const { factor } = multiply(
          { ...DEFAULT_EARNING, stacking },
          { ...NO_CONTEXT, segments, tierId, tierFactor, campaigns: all },
          purchase,
        );
        const applying = all
          .filter((campaign) =>
            campaignApplies(campaign, {
              segments,
              tierId,
              country: country === '' ? null : country,
              orderedAt: purchase.orderedAt,
              subtotal: purchase.base,
            }),
          )
          .map(({ multiplier }) => multiplier);
        const highest = [ONE, ...applying].reduce((a, b) => (a > b ? a : b));
        const ofTier = tierFactor ?? ONE;
        const expected =
          stacking === 'multiply' ? (highest * ofTier) / ONE : highest > ofTier ? highest : ofTier;
        expect(factor).toBe(expected);
      },
    ),
  );
});
