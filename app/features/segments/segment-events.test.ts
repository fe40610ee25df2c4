import { expect, test } from 'vitest';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import { rescoreJobs, segmentAnalytics } from './segment-events.ts';

const event = (kind: string, payload: unknown, merchantId = 'm1'): OutboxEvent => ({
  eventId: 'e1',
  merchantId,
  shopDomain: 'demo-store.myshopify.com',
  kind,
  payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  createdAt: '2026-12-01T00:00:00.000Z',
  attempts: 1,
  traceparent: '',
});

test('a shop that requests scoring several times is scored once', () => {
  const jobs = rescoreJobs([
    event('rfm.recalculate', { trigger: 'manual' }),
    event('rfm.recalculate', { trigger: 'config' }),
    event('rfm.recalculate', { trigger: 'config' }, 'm2'),
    event('rfm.recalculate', { trigger: 'unheard of' }, 'm3'),
    event('rfm.recalculate', '{', 'm4'),
    event('points.changed', { trigger: 'config' }, 'm5'),
  ]);
  expect(jobs.map(({ data, options }) => [data, options])).toEqual([
    [{ merchantId: 'm1', trigger: 'config', onlyIfDue: false }, { coalesceAs: 'rescore-m1' }],
    [{ merchantId: 'm2', trigger: 'config', onlyIfDue: false }, { coalesceAs: 'rescore-m2' }],
  ]);
});

test('analytics receive moves between segments and changed thresholds, and no person', () => {
  const moved = { customer_id: 'c1', from: [], to: ['champions', 'loyal'] };
  expect(segmentAnalytics(event('segment.changed', moved))).toEqual({
    merchantId: 'm1',
    id: 'e1',
    name: 'rfm_segment_deltas_updated',
    properties: { from: '', to: 'champions' },
  });
  expect(segmentAnalytics(event('rfm.recalculate', { trigger: 'config' }))?.name).toBe(
    'rfm_updated',
  );
  expect(segmentAnalytics(event('rfm.recalculate', { trigger: 'manual' }))).toBeUndefined();
  expect(segmentAnalytics(event('points.changed', moved))).toBeUndefined();
});
