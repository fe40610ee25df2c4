import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createMemoryCache } from '../cache/memory-cache.ts';
import { createAdminClient } from './admin-client.server.ts';
import { delayBefore, restored } from './rate-limiter.ts';

const bucket = { maximumAvailable: 1_000, currentlyAvailable: 1_000, restoreRate: 50 };

test('background work stops when 80 % of a shop’s budget is spent', () => {
  expect(delayBefore(10, bucket)).toBe(0);
  expect(delayBefore(10, { ...bucket, currentlyAvailable: 210 })).toBe(0);
  expect(delayBefore(10, { ...bucket, currentlyAvailable: 200 })).toBe(200);
  expect(delayBefore(100, { ...bucket, currentlyAvailable: 0 })).toBe(6_000);
});

test('budget refilled since Shopify’s last response counts', () => {
  expect(delayBefore(100, restored({ ...bucket, currentlyAvailable: 0 }, 4_000))).toBe(2_000);
  expect(delayBefore(100, restored({ ...bucket, currentlyAvailable: 0 }, 60_000))).toBe(0);
});

test('a call that costs more than the allowance waits for a full bucket, not forever', () => {
  expect(delayBefore(5_000, { ...bucket, currentlyAvailable: 500 })).toBe(10_000);
  expect(delayBefore(5_000, bucket)).toBe(0);
});

test('calls under way at once share a budget, whichever worker makes them: each waits for its part', async () => {
  const cache = createMemoryCache();
  const waits: number[] = [];
  const held = Promise.withResolvers<void>();
  const told = { cost: { throttleStatus: { ...bucket, currentlyAvailable: 320 } } };
  const worker = (until: Promise<void>) =>
    createAdminClient({
      shop: 'a.myshopify.com',
      accessToken: () => Promise.resolve('shpat_test'),
      budget: { cache, merchantId: 'm' },
      fetch: async () => {
        await until;
        return Response.json({ data: {}, extensions: told });
      },
      sleep: (ms) => Promise.resolve(void waits.push(ms)),
    });
  const document = { name: 'any', query: '{ shop { id } }', data: z.unknown(), cost: 50 };
  await worker(Promise.resolve()).request(document, {});
  waits.length = 0;
  // 320 are left, 200 of them for people; each call takes 50, and 50 come back in a second.
  const calls: Promise<unknown>[] = [];
  for (let call = 0; call < 4; call++) {
    await sleep(5);
    calls.push(worker(held.promise).request(document, {}));
  }
  await expect.poll(() => waits.length).toBe(4);
  held.resolve();
  await Promise.all(calls);
  const [first, second, third = 0, fourth = 0] = waits;
  expect([first, second]).toEqual([0, 0]);
  expect(third).toBeGreaterThan(0);
  expect(third).toBeLessThanOrEqual(600);
  expect(fourth).toBeGreaterThan(third + 500);
});
