import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRedis } from '#infra/local/optional-tools.ts';
import { startRedis } from '#infra/local/redis.ts';
import type { RunningRedis } from '#infra/local/redis.ts';
import { deliver, shop, startTestWeb } from '../testing/web.ts';
import { advanceCampaigns } from '../features/campaigns/advance.job.ts';
import { sweepSyncs } from '../features/onboarding/sync.job.ts';
import { sweepPrivacyRequests } from '../features/privacy/process-request.job.ts';
import { sweepRedemptions } from '../features/redemptions/settle.job.ts';
import { sweepInbox } from '../features/webhooks/sweep.job.ts';
import { catalog } from '../jobs/catalog.ts';
import type { JobName } from '../jobs/catalog.ts';
import { perform } from '../jobs/perform.ts';
import { openQueues } from '../jobs/queue.server.ts';
import type { JobQueues } from '../jobs/queue.ts';
import { renewSchedules } from '../jobs/schedules.ts';
import type { JobServices } from '../jobs/services.ts';
import { handlers } from './handlers.ts';
import { schedules } from './schedules.ts';
import { createJobServices } from './services.server.ts';

/** For each kind of job, what restores it: itself, or a job that finds the same work and more. */
const comesBackAs: { readonly [Name in JobName]?: JobName | 'a sweep' | 'nothing' } = {
  'process-delivery': 'process-deliveries',
  'fetch-order': 'reconcile-shop',
  'subscribe-topics': 'reconcile-shop',
  'advance-campaigns': 'a sweep',
  'send-message': 'a sweep',
  // A visit of a referral link that was not counted yet: nothing is paid for visits.
  'track-click': 'nothing',
  'track-clicks': 'nothing',
};

const skips = findRedis() === undefined && process.env.CI !== 'true';
let web: Awaited<ReturnType<typeof startTestWeb>>;
let redis: RunningRedis;
let queues: JobQueues;
let services: JobServices;
let merchantId: string;

beforeAll(async () => {
  if (skips) return;
  web = await startTestWeb();
  redis = (await startRedis()) as RunningRedis;
  queues = openQueues({ redisUrl: redis.url, databaseUrl: '', onError: () => undefined });
  const noon = new Date().setUTCHours(12, 0, 0, 0);
  services = { ...createJobServices(), queues, now: () => noon };
  merchantId = (await web.core.installShop(shop)).merchantId;
}, 120_000);
afterAll(async () => {
  if (skips) return;
  await queues.close();
  await redis.stop();
  await web.stop();
});

/** A job of each kind is queued, as while Shopify is slow or a worker starts. */
async function enqueueEveryKind(deliveryId: string, requestId: string): Promise<void> {
  const reference = { merchantId, shop };
  const visit = {
    clickId: randomUUID(),
    code: 'K7',
    channel: 'sms',
    at: new Date().toISOString(),
  };
  const data: { readonly [Name in JobName]?: object } = {
    'process-deliveries': { deliveryIds: [deliveryId] },
    'process-delivery': { deliveryId },
    'fetch-order': { ...reference, orderId: '1' },
    'track-click': { merchantId, ...visit },
    'track-clicks': { merchantId, clicks: [visit] },
    'send-message': { ...reference, messageId: randomUUID() },
    'settle-redemption': { ...reference, redemptionId: randomUUID() },
    'rescore-shop': { merchantId, trigger: 'schedule', onlyIfDue: true },
    'review-tiers': { merchantId, outdatedOnly: false },
    'process-privacy-request': { merchantId, requestId },
  };
  for (const name of Object.keys(catalog) as JobName[]) {
    const ofShop = name.endsWith('-all') || name.endsWith('everywhere') ? {} : reference;
    await queues.enqueue(name, data[name] ?? ofShop, { delayMs: 3_600_000 });
  }
}

test.skipIf(skips)(
  'a Redis that lost all data loses no work: every kind of queued job is found again',
  async () => {
    await renewSchedules(schedules, services);
    const answered = await deliver(web.url, { body: '{"id":77}' });
    expect(answered.status).toBe(200);
    const { rows } = await web.core.outside.query<{ delivery_id: string }>(
      'SELECT delivery_id FROM webhook_inbox',
    );
    const { admin, points } = web.core.clients({ merchant: merchantId });
    await admin.startSync({});
    const { customerId } = await admin.upsertCustomer({
      customer: { shopifyCustomerId: '1', email: 'ada@example.com' },
      trigger: 'created',
    });
    await points.earnPoints({ award: { customerId, points: 500, idempotencyKey: 'k' } });
    const { request } = await admin.submitGdprRequest({
      requestType: 'redact',
      source: 'webhook',
      shopifyCustomerId: '1',
      idempotencyKey: 'r',
    });
    await web.core.outside.query(
      `INSERT INTO reward_redemptions (merchant_id, customer_id, status, points_spent, claimed_at, created_at)
       VALUES ($1, $2, 'pending', 100, now() - interval '1 hour', now() - interval '1 hour')`,
      [merchantId, customerId],
    );
    await enqueueEveryKind(rows[0]?.delivery_id ?? '', request?.requestId ?? '');

    const control = new Redis(redis.url);
    await control.flushall();
    await control.quit();
    // As if ten minutes had passed: newer work may still be running elsewhere.
    for (const [table, column] of [
      ['webhook_inbox', 'claimed_at'],
      ['webhook_inbox', 'received_at'],
      ['sync_runs', 'touched_at'],
      ['gdpr_requests', 'touched_at'],
    ] as const)
      await web.core.outside.query(`UPDATE ${table} SET ${column} = now() - interval '11 minutes'`);

    // What every worker does within a minute.
    await renewSchedules(schedules, services);
    await sweepInbox(services);
    await sweepSyncs(services);
    await sweepRedemptions(services);
    await sweepPrivacyRequests(services);
    await advanceCampaigns({}, services);
    const found = new Set<string>();
    for (const queue of ['webhook', 'schedules', 'shopify'] as const)
      await queues.work(queue, 2, async (run) => {
        found.add(run.name);
        // Other tests cover the work itself; this one checks what it enqueues.
        if (run.name.endsWith('-all') || /everywhere|all-/.test(run.name))
          await perform(run, handlers, services);
        // Starts the sync.
        if (run.name === 'install-shop') found.add('first-run-sync');
      });
    const expected = Object.keys(catalog).flatMap((name) => {
      const instead = comesBackAs[name as JobName] ?? name;
      return instead === 'a sweep' || instead === 'nothing' ? [] : [instead];
    });
    await expect
      .poll(() => expected.filter((name) => !found.has(name)), { timeout: 30_000 })
      .toEqual([]);
    for (const { id, pattern, name } of schedules)
      expect(await queues.schedule(id, pattern, name, {}), id).toBe(false);
  },
  120_000,
);
