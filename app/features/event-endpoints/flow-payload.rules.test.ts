import { expect, test } from 'vitest';
import { flowTriggerOf } from './flow-payload.rules.ts';
import { PUBLIC_EVENTS, type PublicEvent } from '#vocabulary/public-events.ts';

const data: Readonly<Record<string, unknown>> = {
  customer: { id: 'c', shopify_id: '5001' },
  points: 12,
  balance: 40,
  reason: 'order',
  order_id: null,
};
const bodyOf = (type: PublicEvent, more: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({ id: 'evt_1', type, version: 1, data: { ...data, ...more } });

test('Flow is told the customer by Shopify’s number, and fields by names of letters and spaces', () => {
  for (const event of PUBLIC_EVENTS) {
    const trigger = flowTriggerOf(bodyOf(event));
    expect(trigger?.handle).toBe(event.replace('.', '-'));
    const { customer_id: customer, ...fields } = trigger?.payload ?? {};
    expect(customer).toBe(5001);
    for (const name of Object.keys(fields)) expect(name).toMatch(/^[A-Za-z ]+$/);
  }
});

test('A tier is told by its name, segments in one line, and what is not there as empty', () => {
  const tier = { from: null, to: { id: 't', name: 'Gold' } };
  expect(flowTriggerOf(bodyOf('tier.changed', tier))?.payload).toEqual({
    customer_id: 5001,
    'From tier': '',
    'To tier': 'Gold',
  });
  const segments = { from: ['new'], to: ['loyal', 'vip'] };
  expect(flowTriggerOf(bodyOf('segment.changed', segments))?.payload).toMatchObject({
    'From segments': 'new',
    'To segments': 'loyal, vip',
  });
});

test('Flow is told nothing of a customer that Shopify does not know', () => {
  const unknown = { customer: { id: 'c', shopify_id: null } };
  expect(flowTriggerOf(bodyOf('points.earned', unknown))).toBeUndefined();
});
