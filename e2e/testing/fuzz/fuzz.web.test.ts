import { setTimeout as sleep } from 'node:timers/promises';
import { createChannel } from 'nice-grpc';
import pg from 'pg';
import { expect, test } from 'vitest';
import { handlers } from '#app/worker/handlers.ts';
import { startTestShopify } from '#app/testing/shopify.ts';
import { clientId, secret, shop, startTestWeb } from '#app/testing/web.ts';
import { createCallers } from '#core/testing/core.ts';
import type { Callers } from '#core/testing/core.ts';
import { createFixtureShop } from '#core/testing/fixture-shop.ts';
import { listMethods } from '#core/testing/reflection.ts';
import { startBenchDatabase } from '#e2e/load/bench-database.ts';
import { startProduct } from '#e2e/load/product.ts';
import { makeConsoleAdmin } from '#infra/local/console-admin.ts';
import { shopCredentials } from '#infra/local/services.ts';
import { signInAtConsole } from './console-session.ts';
import { playRound } from './round.ts';
import type { FuzzTarget } from './target.ts';

/** `npm run fuzz` sets the count and the seed, and uses real processes. */
const wanted = process.env['FUZZ'];
const count = Number(wanted ?? 400);
const seed = Number(process.env['FUZZ_SEED'] ?? 8);
const drainWithinMs = 600_000;

interface Subject extends Omit<FuzzTarget, 'shop' | 'otherMerchantId' | 'console'> {
  readonly callers: Callers;
  readonly merchantId: string;
  readonly keys: { readonly ENCRYPTION_KEYS: string; readonly BLIND_INDEX_KEY: string };
  readonly appUrl: string;
  /** A connection with every right. */
  readonly outside: pg.Pool;
  /** Processes everything that was accepted. */
  drain(): Promise<void>;
  /** Errors that any process has logged. */
  errors(): readonly string[];
  stop(): Promise<void>;
}

/** Real processes as in production, except that core's reflection is on. */
async function startProcesses(): Promise<Subject> {
  const database = await startBenchDatabase({ queue: true });
  const product = await startProduct(database, { coreEnv: { NODE_ENV: 'development' } });
  const channel = createChannel(product.coreAddress);
  const outside = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
  return {
    webUrl: product.webUrl,
    coreAddress: product.coreAddress,
    clientId: shopCredentials.SHOPIFY_API_KEY,
    secret: shopCredentials.SHOPIFY_API_SECRET,
    coreSigningKey: product.secrets.CORE_SIGNING_KEY,
    hasPages: true,
    callers: createCallers(channel, product.secrets.CORE_SIGNING_KEY),
    merchantId: product.merchantId,
    keys: product.secrets,
    appUrl: database.appUrl,
    outside,
    async drain() {
      const until = Date.now() + drainWithinMs;
      // A delivery that names another shop waits a day for that one to be installed.
      while ((await openDeliveries(outside)).length > 0 && Date.now() < until) await sleep(1_000);
    },
    errors: () =>
      (['web', 'worker', 'core'] as const).flatMap((name) =>
        product
          .process(name)
          .output()
          .split('\n')
          // Log lines by level; any other line was not written on purpose.
          .filter((line) =>
            line.startsWith('{') ? /^\{"level":[56]0\b/.test(line) : /Error/.test(line),
          )
          .map((line) => `${name}: ${line.slice(0, 1_500)}`),
      ),
    async stop() {
      await outside.end();
      channel.close();
      await product.stop();
      await database.stop();
    },
  };
}

/** In this process, which starts quickly: a real core, web and database, and the worker's handlers. */
async function startHere(): Promise<Subject> {
  const web = await startTestWeb({ routes: /./ });
  const shopify = await startTestShopify({ appUrl: 'http://127.0.0.1:9', seed: 'none' });
  const { merchantId } = await web.core.installShop(shop);
  const services = await shopify.services();
  return {
    webUrl: web.url,
    coreAddress: `127.0.0.1:${web.core.core.port}`,
    clientId,
    secret,
    coreSigningKey: web.core.env.CORE_SIGNING_KEY,
    hasPages: false,
    callers: web.core,
    merchantId,
    keys: web.core.env,
    appUrl: web.core.database.appUrl,
    outside: web.core.outside,
    async drain() {
      const backoff = { waits: 0, since: Date.now() };
      for (const deliveryId of await openDeliveries(web.core.outside))
        await handlers['process-delivery']({ deliveryId, backoff }, services, true);
    },
    errors: () => [],
    async stop() {
      await shopify.stop();
      await web.stop();
    },
  };
}

async function openDeliveries(outside: pg.Pool): Promise<string[]> {
  const { rows } = await outside.query<{ delivery_id: string }>(
    `SELECT delivery_id FROM webhook_inbox
     WHERE status IN ('received', 'processing') AND merchant_id IS NOT NULL ORDER BY received_at`,
  );
  return rows.map((row) => row.delivery_id);
}

async function targetOf(subject: Subject): Promise<FuzzTarget> {
  const { callers, merchantId } = subject;
  const own = { merchantId, shopDomain: shop, ...callers.clients({ merchant: merchantId }) };
  const fixture = await createFixtureShop(
    { clients: callers.clients, installShop: () => Promise.resolve(own) },
    'fuzz',
  );
  const other = await callers.installShop();
  const password = await makeConsoleAdmin(subject.appUrl, subject.keys, {
    username: 'fuzz',
    email: 'fuzz@example.com',
    role: 'superadmin',
  });
  return {
    ...subject,
    shop: fixture,
    otherMerchantId: other.merchantId,
    console: await signInAtConsole(subject.webUrl, 'fuzz', password ?? ''),
  };
}

test(
  'no input causes a 5xx, an internal error, an unprocessed delivery or a broken invariant',
  async () => {
    const subject = await (wanted === undefined ? startHere() : startProcesses());
    try {
      const target = await targetOf(subject);
      const channel = createChannel(subject.coreAddress);
      const methods = await listMethods(channel);
      channel.close();
      const { counts, faults } = await playRound(target, methods, { count, seed });
      await subject.drain();
      const { rows: left } = await subject.outside.query(
        `SELECT topic, status, reason, problem_code, problem_field, problem_message FROM webhook_inbox
         WHERE status = 'failed' OR problem_code = 'internal'
            OR (merchant_id IS NOT NULL AND status IN ('received', 'processing'))`,
      );
      const { rows: broken } = await subject.outside.query(
        `SELECT to_jsonb(b) AS what FROM ledger_broken_invariants() b
         UNION ALL SELECT to_jsonb(c) FROM audit_chain_breaks() c`,
      );
      const { rows: ends } = await subject.outside.query<{ status: string; count: string }>(
        'SELECT status, count(*) FROM webhook_inbox GROUP BY status ORDER BY status',
      );
      if (wanted !== undefined) {
        const lines = [
          ...counts,
          ...ends.map((end) => [`deliveries ${end.status}`, end.count] as const),
        ];
        for (const [name, number] of lines)
          process.stdout.write(`  ${name.padEnd(34)} ${number}\n`);
      }
      expect({ faults, errors: subject.errors(), left, broken }).toEqual({
        faults: [],
        errors: [],
        left: [],
        broken: [],
      });
      // A run in which every call was refused would prove nothing.
      for (const name of ['webhooks 200', 'grpc OK', 'grpc INVALID_ARGUMENT', 'dashboard 200'])
        expect(counts.get(name) ?? 0, name).toBeGreaterThan(0);
    } finally {
      await subject.stop();
    }
  },
  wanted === undefined ? 300_000 : 7_200_000,
);
