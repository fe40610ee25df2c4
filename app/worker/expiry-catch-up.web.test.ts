import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestWeb } from '../testing/web.ts';
import { perform } from '../jobs/perform.ts';
import type { JobServices } from '../jobs/services.ts';
import { handlers } from './handlers.ts';
import { catchUpExpiry } from './schedules.ts';
import { createJobServices } from './services.server.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let services: JobServices;
const ran: string[] = [];

beforeAll(async () => {
  web = await startTestWeb();
  services = createJobServices();
  await services.queues.work('schedules', 2, async (run) => {
    await perform(run, handlers, services);
    ran.push(`${run.name} ${(run.data as { merchantId?: string }).merchantId ?? ''}`.trim());
  });
}, 60_000);
afterAll(() => web.stop());

/** A shop at that local hour, with 100 points that expired at its midnight. */
async function shopAt(hour: number) {
  const shop = await web.core.installShop(`hour-${hour}-${randomUUID().slice(0, 8)}.myshopify.com`);
  const offset = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
  // Zones of this kind count westwards.
  const timezone = `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
  await shop.admin.updateShopProfile({ timezone });
  const { customerId } = await shop.admin.upsertCustomer({
    customer: { shopifyCustomerId: '1' },
    trigger: 'updated',
  });
  await shop.points.earnPoints({ award: { customerId, points: 100, idempotencyKey: 'k' } });
  await web.core.outside.query(
    `UPDATE point_lots SET expires_at = now() - interval '1 minute' WHERE merchant_id = $1`,
    [shop.merchantId],
  );
  return {
    ...shop,
    balance: async () => (await shop.points.getPointsBalance({ customerId })).balance?.balance,
  };
}

test('a shop whose midnight passed while no worker ran has its points expire hours later, by the daily job', async () => {
  const missed = await shopAt(4);
  const past = await shopAt(13);
  const run = { id: randomUUID(), name: 'expire-all', data: {}, isLastAttempt: false };
  await perform(run, handlers, services);
  await expect.poll(missed.balance, { timeout: 20_000 }).toBe(0);
  const jobs = () => ran.filter((job) => job === `expire-points ${missed.merchantId}`).length;
  // The balance changes a moment before the job has ended.
  await expect.poll(jobs, { timeout: 20_000 }).toBe(1);
  await perform(run, handlers, services);
  // Jobs enqueued by that run before this one.
  await services.queues.enqueue('check-plan', { merchantId: missed.merchantId });
  await expect.poll(() => ran, { timeout: 20_000 }).toContain(`check-plan ${missed.merchantId}`);
  expect(jobs()).toBe(1);
  expect(await past.balance()).toBe(100);

  // A worker that starts after a longer time checks every shop.
  await catchUpExpiry(services);
  await expect.poll(past.balance, { timeout: 20_000 }).toBe(0);
}, 60_000);
