import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { withClient } from '#infra/local/postgres.ts';
import type { BenchDatabase } from './bench-database.ts';
import type { Traffic } from './chaos-traffic.ts';

/** What is under way at one moment. */
export interface InFlight {
  readonly requests: number;
  /** Transactions of the product that are open. */
  readonly transactions: number;
  /** Jobs that a worker has, and all that the queue holds to be done now; none of both without Redis. */
  readonly active: number;
  readonly queued: number;
  readonly orders: number;
  readonly refunds: number;
  readonly redemptions: number;
  readonly privacy: number;
}

/** What is interrupted when a process of this name is killed; a kill of an idle one proves nothing. */
export const interruptedBy: Readonly<Record<string, (now: InFlight) => number>> = {
  web: (now) => now.requests,
  worker: (now) => now.active,
  core: (now) => now.transactions,
  postgres: (now) => now.transactions,
  pgbouncer: (now) => now.transactions,
  redis: (now) => now.queued,
};

const looks = 400;
const betweenLooksMs = 5;

/** Waits a little until a kill would interrupt something. @returns what is under way then */
export async function untilBusy(
  name: string,
  database: BenchDatabase,
  redisUrl: string | undefined,
  traffic: Traffic,
): Promise<InFlight> {
  const redis =
    redisUrl === undefined
      ? undefined
      : new Redis(redisUrl, { maxRetriesPerRequest: 1, enableOfflineQueue: true });
  redis?.on('error', () => undefined);
  try {
    return await withClient(database.adminUrl, async (client) => {
      for (let look = 1; ; look++) {
        const [{ rows }, jobs] = await Promise.all([
          client.query<{ [Key in keyof InFlight]: string }>(inDatabase),
          jobsIn(redis),
        ]);
        const found = Object.fromEntries(
          Object.entries(rows[0] ?? {}).map(([key, value]) => [key, Number(value)]),
        ) as unknown as Omit<InFlight, 'requests' | 'active' | 'queued'>;
        const deliveries = found.orders + found.refunds + found.privacy + found.redemptions;
        const now: InFlight = {
          ...found,
          requests: traffic.inFlight(),
          active: jobs?.active ?? deliveries,
          queued: jobs?.queued ?? deliveries,
        };
        if ((interruptedBy[name]?.(now) ?? 0) > 0 || look === looks) return now;
        await pause(betweenLooksMs);
      }
    });
  } finally {
    redis?.disconnect();
  }
}

const inDatabase = `
  SELECT count(*) FILTER (WHERE topic LIKE 'orders/%') AS orders,
         count(*) FILTER (WHERE topic = 'refunds/create') AS refunds,
         count(*) FILTER (WHERE topic IN ('customers/redact', 'customers/data_request'))
           + (SELECT count(*) FROM gdpr_requests WHERE status = 'pending') AS privacy,
         (SELECT count(*) FROM reward_redemptions WHERE status = 'pending') AS redemptions,
         (SELECT count(*) FROM pg_stat_activity
          WHERE usename = 'loyalnest_app' AND state IN ('active', 'idle in transaction')) AS transactions
  FROM webhook_inbox WHERE status IN ('received', 'processing')`;

const queues = ['webhook', 'referrals', 'shopify', 'schedules'];

/** BullMQ's own lists. */
async function jobsIn(redis: Redis | undefined) {
  if (redis === undefined) return undefined;
  const lengths = async (list: string) => {
    const all = await Promise.all(queues.map((queue) => redis.llen(`bull:${queue}:${list}`)));
    return all.reduce((sum, length) => sum + length, 0);
  };
  const [active, waiting] = await Promise.all([lengths('active'), lengths('wait')]);
  return { active, queued: active + waiting };
}
