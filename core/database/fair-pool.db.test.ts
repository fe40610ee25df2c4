import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OverloadedError } from '../../proto/shared/fair-gate.ts';
import { domainErrorOf } from '../shared/errors.ts';
import { startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore({ DATABASE_POOL_SIZE: 4 });
});
afterAll(() => core.stop());

/** While someone else holds the row of a shop, everything that changes that shop waits, each on a connection. */
async function whileHeld<T>(merchantId: string, work: () => Promise<T>): Promise<T> {
  const holder = await core.outside.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM merchants WHERE merchant_id = $1 FOR UPDATE', [merchantId]);
  try {
    return await work();
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
  }
}

const profile = { name: 'A shop', currency: 'USD', timezone: 'UTC', locale: 'en' };

test('a shop whose calls all wait leaves connections to the others, and its own are served afterwards', async () => {
  const [busy, quiet] = [await core.installShop(), await core.installShop()];
  let flood: Promise<PromiseSettledResult<unknown>[]> | undefined;
  await whileHeld(busy.merchantId, async () => {
    flood = Promise.allSettled(
      Array.from({ length: 30 }, () => busy.admin.updateShopProfile(profile)),
    );
    await sleep(200);
    for (let call = 0; call < 5; call++)
      expect((await quiet.admin.getSettings({})).settings?.merchant?.merchantId).toBe(
        quiet.merchantId,
      );
    const { merchant } = await core.clients().admin.getMerchantByShop({
      shopDomain: quiet.shopDomain,
    });
    expect(merchant?.merchantId).toBe(quiet.merchantId);
  });
  const served = (await flood) ?? [];
  expect(served.filter(({ status }) => status === 'fulfilled')).toHaveLength(30);
});

test('who has left is waited for no more, and who cannot be served in time is told that it is worth repeating', async () => {
  const busy = await core.installShop();
  const holding = await whileHeld(busy.merchantId, async () => {
    const held = Array.from({ length: 3 }, () => busy.admin.updateShopProfile(profile));
    await sleep(100);
    const gone = new AbortController();
    const left = busy.admin.getSettings({}, { signal: gone.signal }).catch(() => 'left');
    await sleep(50);
    gone.abort();
    expect(await left).toBe('left');
    return held;
  });
  await Promise.all(holding);
  expect((await busy.admin.getSettings({})).settings).toBeDefined();
  expect(domainErrorOf(new OverloadedError('no place'))?.code).toBe('resource_exhausted');
});
