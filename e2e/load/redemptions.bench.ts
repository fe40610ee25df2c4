import { setTimeout as pause } from 'node:timers/promises';
import { withClient } from '#infra/local/postgres.ts';
import { startBenchDatabase } from './bench-database.ts';
import type { BenchDatabase } from './bench-database.ts';
import { startProduct } from './product.ts';
import type { Product } from './product.ts';
import { redeem } from './redeem.ts';
import { auditRedemptions, prepareRedemptions } from './redemption-audit.ts';
import type { RedemptionScene } from './redemption-audit.ts';
import { rounded } from './statistics.ts';
import type { Metrics } from './statistics.ts';

/**
 * A thousand redemptions from the storefront while worker and core are killed in the middle of them: of codes, and of
 * gift cards and store credit, whose creation at Shopify is not idempotent. At the end SQL and the shop at Shopify are
 * compared: no point lost, none spent twice, no code without its debit and no debit without its code.
 */

const redemptions = 1_000;
const shoppersAtOnce = 12;
const killsOfEach = 10;
const members = 40;
const settleWithinMs = 180_000;

export async function run(flags: readonly string[] = []): Promise<Metrics> {
  const count = flags.includes('--quick') ? 100 : redemptions;
  const database = await startBenchDatabase({ queue: true });
  let product: Product | undefined;
  try {
    product = await startProduct(database);
    const scene = await prepareRedemptions(database, product, members);
    const started = performance.now();
    const selling = sell(product, scene, count);
    const kills = await killInTurn(product, database, scene, selling.isOver);
    const acknowledged = await selling.done;
    const isSettled = await untilSettled(database, product.merchantId);
    const seconds = (performance.now() - started) / 1000;
    const outcome = await auditRedemptions(database, product, acknowledged);
    const broken = await brokenInvariants(database);
    return {
      values: {
        per_second: rounded(outcome.completed / seconds),
        ...outcome,
        invariants_broken: broken,
        acknowledged: acknowledged.size,
        kills_worker: kills.worker,
        kills_core: kills.core,
        kills_in_flight: kills.inFlight,
        not_settled: isSettled ? 0 : 1,
      },
      meta: { redemptions: count, shoppers_at_once: shoppersAtOnce, members },
    };
  } finally {
    await product?.stop();
    await database.stop();
  }
}

/** @returns the redemptions that were acknowledged, once all are */
function sell(product: Product, { rewardIds, shoppers }: RedemptionScene, count: number) {
  const acknowledged = new Set<string>();
  let next = 0;
  let isOver = false;
  const shopper = async () => {
    for (let nth = next++; nth < count; nth = next++) {
      const shopifyId = shoppers[nth % shoppers.length] ?? '';
      const rewardId = rewardIds[nth % rewardIds.length] ?? '';
      acknowledged.add(await redeem(product, rewardId, shopifyId));
    }
  };
  const done = Promise.all(Array.from({ length: shoppersAtOnce }, shopper)).then(() => {
    isOver = true;
    return acknowledged;
  });
  return { done, isOver: () => isOver };
}

/** Kills worker and core alternately during redemptions, until each was killed often enough. */
async function killInTurn(
  product: Product,
  database: BenchDatabase,
  scene: RedemptionScene,
  isOver: () => boolean,
) {
  const kills = { worker: 0, core: 0, inFlight: 0 };
  for (let turn = 0; kills.worker < killsOfEach || kills.core < killsOfEach; turn++) {
    const name = turn % 2 === 0 ? 'worker' : 'core';
    await pause(200 + Math.random() * 800);
    // The thousand may be over before the last kill: one more is then started to have work in flight.
    const extra = isOver()
      ? redeem(product, scene.rewardIds[0] ?? '', scene.shoppers[0] ?? '')
      : undefined;
    if (await untilPending(database, product.merchantId)) kills.inFlight += 1;
    await product.process(name).kill();
    kills[name] += 1;
    await pause(Math.random() * 300);
    await product.start(name);
    await extra;
  }
  return kills;
}

function untilPending(database: BenchDatabase, merchantId: string): Promise<boolean> {
  return withClient(database.adminUrl, async (client) => {
    for (let look = 0; look < 300; look++) {
      const { rows } = await client.query<{ busy: boolean }>(
        `SELECT EXISTS (SELECT 1 FROM reward_redemptions WHERE merchant_id = $1 AND status = 'pending') AS busy`,
        [merchantId],
      );
      if (rows[0]?.busy === true) return true;
      await pause(5);
    }
    return false;
  });
}

async function untilSettled(database: BenchDatabase, merchantId: string): Promise<boolean> {
  const deadline = Date.now() + settleWithinMs;
  return withClient(database.adminUrl, async (client) => {
    while (Date.now() < deadline) {
      const { rows } = await client.query<{ open: string }>(
        `SELECT count(*) AS open FROM reward_redemptions WHERE merchant_id = $1 AND status = 'pending'`,
        [merchantId],
      );
      if (Number(rows[0]?.open) === 0) return true;
      await pause(250);
    }
    return false;
  });
}

function brokenInvariants(database: BenchDatabase): Promise<number> {
  return withClient(database.adminUrl, async (client) => {
    const { rows } = await client.query<{ count: string }>(
      'SELECT count(*) AS count FROM ledger_broken_invariants()',
    );
    return Number(rows[0]?.count);
  });
}
