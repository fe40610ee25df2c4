import { expect, test } from 'vitest';
import { GetWidgetResponse } from '#proto/frontend/v1/frontend.ts';
import { sampleMemberOf } from './preview.server.ts';
import { toWidget as widgetOf } from './widget.server.ts';

const pictures = '/pictures/shop/';
const toWidget = (response: Parameters<typeof widgetOf>[0]) => widgetOf(response, pictures);

const now = new Date('2026-11-25T10:00:00Z');
const guest = GetWidgetResponse.fromPartial({
  locale: 'es',
  currency: 'USD',
  pointsName: { one: 'taza', other: 'tazas' },
  program: { active: true, signup: { enabled: true, points: 200 } },
  quote: { pointsPerUnit: '2.5', points: 5, per: 2, multiplier: '1' },
  earnActions: [{ action: 'signup', points: 200 }],
  tierBasis: 'spend',
  tiers: [
    { tierId: 'b', name: 'Bronce' },
    { tierId: 's', name: 'Plata', spendThreshold: '200' },
  ],
});

test('the sample member has a purchase by the shop’s rules and is in its first tier', () => {
  const widget = toWidget(sampleMemberOf(guest, now));
  expect(widget).toMatchObject({
    customer: { balance: 1_250, available: 1_250, name: 'Ada' },
    earn: [{ action: 'signup', done: true }],
    recent: [{ points: 125, reason_code: 'order_paid', at: now.toISOString() }],
    tier: { current: 'b', next: 's' },
  });
  expect(widget.recent[0]?.explanation).toMatch(/#1001/);
});

test('a shop without tiers and points for purchases has a sample member too', () => {
  const bare = GetWidgetResponse.fromPartial({ locale: 'en', currency: 'USD' });
  expect(toWidget(sampleMemberOf(bare, now))).toMatchObject({
    customer: { balance: 1_250 },
    tier: null,
    quote: null,
  });
});
