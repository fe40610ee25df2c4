import { expect, test } from 'vitest';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import { campaignAnalytics, campaignJobs } from './campaign-events.ts';

const now = Date.parse('2026-12-01T00:00:00Z');
const campaignId = '00000000-0000-4000-8000-000000000001';
const changed = (changes: object = {}, kind = 'campaign.changed'): OutboxEvent => ({
  eventId: 'e1',
  merchantId: 'm1',
  shopDomain: 'demo-store.myshopify.com',
  kind,
  payload: JSON.stringify({
    campaign_id: campaignId,
    type: 'double_points',
    status: 'scheduled',
    starts_at: '2026-12-01T00:01:00.000Z',
    ends_at: '2026-12-02T00:00:00.000Z',
    is_new: true,
    ...changes,
  }),
  createdAt: '2026-12-01T00:00:00.000Z',
  attempts: 1,
  traceparent: '',
});

test('a campaign schedules a job at its start and at its end', () => {
  expect(campaignJobs([changed()], now)).toEqual([
    {
      name: 'advance-campaigns',
      data: {},
      options: { jobId: `campaign-${campaignId}-${now + 60_000}`, delayMs: 60_000 },
    },
    {
      name: 'advance-campaigns',
      data: {},
      options: { jobId: `campaign-${campaignId}-${now + 86_400_000}`, delayMs: 86_400_000 },
    },
  ]);
});

test('past, unbounded, draft and ended campaigns schedule no job', () => {
  expect(campaignJobs([changed({ starts_at: '', ends_at: '' })], now)).toEqual([]);
  expect(campaignJobs([changed()], now + 90_000_000)).toEqual([]);
  for (const status of ['draft', 'ended', 'cancelled'])
    expect(campaignJobs([changed({ status })], now)).toEqual([]);
  expect(
    campaignJobs([changed({}, 'points.changed'), { ...changed(), payload: '{' }], now),
  ).toEqual([]);
});

test('analytics receive created campaigns and awards by triggers, and no person', () => {
  expect(campaignAnalytics(changed())).toEqual({
    merchantId: 'm1',
    id: 'e1',
    name: 'campaign_created',
    properties: { type: 'double_points' },
  });
  expect(campaignAnalytics(changed({ is_new: false }))).toBeUndefined();
  const triggered = changed(
    { campaign_id: campaignId, trigger: 'tier_up', members: 2, points: 200 },
    'campaign.triggered',
  );
  expect(campaignAnalytics(triggered)).toMatchObject({
    name: 'lifecycle_campaign_triggered',
    properties: { trigger: 'tier_up', members: 2, points: 200 },
  });
  expect(campaignAnalytics(changed({}, 'segment.changed'))).toBeUndefined();
});
