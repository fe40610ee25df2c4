import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seed } from '#prisma/seed/seed.ts';
import { startTestWeb } from '../testing/web.ts';
import type { JobName } from '../jobs/catalog.ts';
import { perform } from '../jobs/perform.ts';
import type { JobServices } from '../jobs/services.ts';
import { handlers } from './handlers.ts';
import { createJobServices } from './services.server.ts';

const shops = 1_000;
/** Ids from seeds of earlier releases: hashes, which PostgreSQL accepts, and UUIDs of no known version. */
const oldId = '0c7e41f3-93a1-f10b-05b2-9c64ac84e0d1';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let services: JobServices;
/** Per job name, the shops for which it succeeded, and the reasons for those where it failed. */
const done = new Map<string, Set<string>>();
const failed = new Map<string, Map<string, string>>();
let brokenShop: string;
let placeless: string;

beforeAll(async () => {
  web = await startTestWeb();
  await seed(
    web.core.database,
    { merchants: shops, customers: shops, orders: shops, seed: 7, asOf: new Date() },
    { encryption: web.core.encryption, blindIndex: web.core.blindIndex, say: () => undefined },
  );
  const of = async (index: number) => {
    const { rows } = await web.core.outside.query<{ id: string }>(
      `SELECT merchant_id AS id FROM merchants ORDER BY merchant_id LIMIT 1 OFFSET $1`,
      [index],
    );
    return rows[0]?.id ?? '';
  };
  // On the first page of each fan-out, so that a shop stopped by them is noticed.
  placeless = await of(3);
  brokenShop = await of(7);
  await web.core.outside.query(
    `UPDATE merchants SET timezone = 'Mars/Olympus' WHERE merchant_id = $1`,
    [placeless],
  );
  await web.core.outside.query(
    `UPDATE program_settings SET config = '{"earning": 7, "tiers": "x"}', rfm_thresholds = '[1]' WHERE merchant_id = $1`,
    [brokenShop],
  );
  await web.core.outside.query(
    `INSERT INTO merchants (merchant_id, shopify_domain, name, currency) VALUES ($1, $2, 'Old', 'USD')`,
    [oldId, 'old-seed.myshopify.com'],
  );
  // Birthday awards run in the morning: the test always runs at noon.
  const noon = new Date().setUTCHours(12, 0, 0, 0);
  services = { ...createJobServices(), now: () => noon };
}, 480_000);
afterAll(() => web.stop());

async function tenants(): Promise<string[]> {
  const { rows } = await web.core.outside.query<{ id: string }>(
    'SELECT merchant_id AS id FROM merchants ORDER BY 1',
  );
  return rows.map(({ id }) => id);
}

const schedules = [
  ['expire-all', 'expire-points'],
  ['rescore-all', 'rescore-shop'],
  ['award-birthdays-everywhere', 'award-birthdays'],
  ['review-all-tiers', 'review-tiers'],
  ['reconcile-all', 'reconcile-shop'],
  ['expire-all-referrals', 'expire-referrals'],
  ['check-all-plans', 'check-plan'],
  ['check-all-balances', 'check-balances'],
] as const satisfies readonly (readonly [JobName, JobName])[];

describe('the nightly jobs over a thousand shops', () => {
  test('ids of seeded shops are UUIDs of a known version', async () => {
    const { rows } = await web.core.outside.query<{ id: string }>(
      `SELECT merchant_id::text AS id FROM merchants WHERE merchant_id <> $1
       UNION ALL SELECT customer_id::text FROM customers UNION ALL SELECT transaction_id::text FROM points_transactions`,
      [oldId],
    );
    expect(rows.length).toBeGreaterThan(3 * shops);
    const versioned = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(rows.filter(({ id }) => !versioned.test(id))).toEqual([]);
  });

  test('each schedule reaches every shop, even if one of them is broken', async () => {
    const ids = await tenants();
    for (const [all] of schedules) {
      // It is noon, and expiry runs at midnight: run for all shops, as after the queue was lost.
      const data = all === 'expire-all' ? { everyShop: true } : {};
      await perform(
        { id: randomUUID(), name: all, data, isLastAttempt: false },
        handlers,
        services,
      );
    }
    for (const queue of ['schedules', 'shopify'] as const) {
      await services.queues.work(queue, 8, async (run) => {
        const { merchantId } = run.data as { merchantId: string };
        try {
          await perform(run, handlers, services);
          done.set(run.name, (done.get(run.name) ?? new Set()).add(merchantId));
        } catch (error) {
          const reasons = failed.get(run.name) ?? new Map<string, string>();
          failed.set(run.name, reasons.set(merchantId, String(error)));
        }
      });
    }
    for (const [, each] of schedules) {
      const reached = () => (done.get(each)?.size ?? 0) + (failed.get(each)?.size ?? 0);
      // Birthdays depend on the shop's clock, which one shop does not have.
      const expected = each === 'award-birthdays' ? ids.length - 1 : ids.length;
      await expect.poll(reached, { timeout: 300_000 }).toBe(expected);
      const troubled = [...(failed.get(each)?.keys() ?? [])];
      expect(
        troubled.filter((id) => id !== brokenShop && id !== placeless),
        `${each}: ${[...(failed.get(each)?.values() ?? [])].join('; ')}`,
      ).toEqual([]);
    }
    expect(done.get('expire-points')).toContain(oldId);
    expect(done.get('award-birthdays')).not.toContain(placeless);
  }, 480_000);
});
