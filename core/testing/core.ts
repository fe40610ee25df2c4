import { randomBytes } from 'node:crypto';
import { ClientError, Metadata, createChannel, createClientFactory } from 'nice-grpc';
import type { Channel, ClientMiddleware } from 'nice-grpc';
import pg from 'pg';
import { createTestDatabase } from '#infra/local/test-database.ts';
import type { TestDatabase } from '#infra/local/test-database.ts';
import { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import { AnalyticsServiceDefinition } from '#proto/analytics/v1/analytics.ts';
import { FrontendServiceDefinition } from '#proto/frontend/v1/frontend.ts';
import { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import { ReferralServiceDefinition } from '#proto/referrals/v1/referrals.ts';
import { createBlindIndex } from '../shared/blind-index.ts';
import { createEncryption } from '../shared/encryption.ts';
import { createPool } from '../database/pool.ts';
import { parseCoreEnv } from '../env.ts';
import type { CoreEnv } from '../env.ts';
import { startCore } from '../rpc/server.ts';
import type { StartOptions } from '../rpc/server.ts';
import { signToken } from '../rpc/token.ts';

/** What a failed call said, trailers included. */
export class CallFailure extends Error {
  readonly code: string;
  readonly field: string;
  readonly requestId: string;
  readonly status: number;

  constructor(error: ClientError, trailer: Metadata | undefined) {
    super(error.details);
    this.status = error.code;
    this.code = trailer?.get('loyalnest-error-code') ?? '';
    this.field = trailer?.get('loyalnest-error-field') ?? '';
    this.requestId = trailer?.get('loyalnest-request-id') ?? '';
  }
}

const failures: ClientMiddleware = async function* (call, options) {
  let trailer: Metadata | undefined;
  try {
    return yield* call.next(call.request, {
      ...options,
      onTrailer: (received) => (trailer = received),
    });
  } catch (error) {
    throw error instanceof ClientError ? new CallFailure(error, trailer) : error;
  }
};

export interface TestCaller {
  readonly merchant?: string;
  readonly actor?: string;
  readonly scopes?: readonly string[];
  /** Instead of a token of our own making. */
  readonly authorization?: string;
  readonly requestId?: string;
}

/** The superuser of the test server, in the database of this test. */
function outsideUrl(ownerUrl: string): string {
  const { adminUrl } = JSON.parse(process.env['LOYALNEST_TEST_SERVER'] ?? '{}') as {
    adminUrl: string;
  };
  const url = new URL(adminUrl);
  url.pathname = new URL(ownerUrl).pathname;
  return url.toString();
}

/** Clients of a core that is running, for a caller that knows its key. */
export function createCallers(channel: Channel, signingKey: string) {
  function tokenFor(caller: TestCaller): string {
    const {
      merchant,
      actor = 'system',
      scopes = [merchant === undefined ? 'platform' : 'system'],
    } = caller;
    return signToken(signingKey, {
      merchant,
      actor,
      scopes,
      exp: Math.floor(Date.now() / 1000) + 240,
    });
  }

  function clients(caller: TestCaller = {}) {
    const identified: ClientMiddleware = async function* (call, callOptions) {
      const metadata = new Metadata(callOptions.metadata);
      const authorization = caller.authorization ?? `Bearer ${tokenFor(caller)}`;
      if (authorization !== '') metadata.set('authorization', authorization);
      if (caller.requestId !== undefined) metadata.set('x-request-id', caller.requestId);
      return yield* call.next(call.request, { ...callOptions, metadata });
    };
    const factory = createClientFactory().use(failures).use(identified);
    return {
      admin: factory.create(AdminServiceDefinition, channel),
      points: factory.create(PointsServiceDefinition, channel),
      analytics: factory.create(AnalyticsServiceDefinition, channel),
      frontend: factory.create(FrontendServiceDefinition, channel),
      referrals: factory.create(ReferralServiceDefinition, channel),
    };
  }

  let shops = 0;
  return {
    clients,
    tokenFor,

    /** An installed shop and the clients that act for it. */
    async installShop(
      shopDomain = `shop-${++shops}-${randomBytes(3).toString('hex')}.myshopify.com`,
    ) {
      const { merchant } = await clients().admin.installMerchant({
        shopDomain,
        name: 'A shop',
        currency: 'USD',
        timezone: 'UTC',
        locale: 'en',
      });
      const merchantId = merchant?.merchantId ?? '';
      return { merchantId, shopDomain, ...clients({ merchant: merchantId }) };
    },
  };
}

export type Callers = ReturnType<typeof createCallers>;

/** A real core on a free port, on a database of its own, with clients and a look behind the scenes. */
export async function startTestCore(
  overrides: Partial<CoreEnv> | ((database: TestDatabase) => Promise<Partial<CoreEnv>>) = {},
  options: StartOptions = {},
) {
  const database = await createTestDatabase();
  const changes = typeof overrides === 'function' ? await overrides(database) : overrides;
  const env = parseCoreEnv({
    NODE_ENV: 'test',
    DATABASE_URL: database.appUrl,
    CORE_PORT: '0',
    CORE_SIGNING_KEY: randomBytes(24).toString('hex'),
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    BLIND_INDEX_KEY: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'fatal',
  });
  const core = await startCore({ ...env, ...changes }, options);
  const channel = createChannel(`127.0.0.1:${core.port}`);
  const pool = createPool({ connectionString: database.appUrl, max: 4 });
  // Superuser: sees every row of every tenant, to judge from outside what was stored.
  const outside = new pg.Pool({ connectionString: outsideUrl(database.ownerUrl), max: 2 });

  const callers = createCallers(channel, env.CORE_SIGNING_KEY);

  return {
    core,
    env,
    channel,
    pool,
    outside,
    database,
    ...callers,
    encryption: createEncryption(env.ENCRYPTION_KEYS),
    blindIndex: createBlindIndex(env.BLIND_INDEX_KEY),

    async stop() {
      channel.close();
      await core.stop();
      await Promise.all([pool.end(), outside.end()]);
      await database.drop();
    },
  };
}

export type TestCore = Awaited<ReturnType<typeof startTestCore>>;

/** The failure of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<CallFailure> {
  try {
    await call;
  } catch (error) {
    if (error instanceof CallFailure) return error;
    throw error;
  }
  throw new Error('the call was answered, though it should have failed');
}
