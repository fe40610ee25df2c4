import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { CallContext, Server, ServerMiddleware, ServerMiddlewareCall } from 'nice-grpc';
import { HealthDefinition, HealthState } from 'nice-grpc-server-health';
import { ServerReflection, ServerReflectionService } from 'nice-grpc-server-reflection';
import { isInstalled } from '../merchants/merchants.store.ts';
import { createBlindIndex } from '../shared/blind-index.ts';
import { createEncryption } from '../shared/encryption.ts';
import { createPool } from '../database/pool.ts';
import { createTenantReader } from '../database/tenant-reader.ts';
import type { CoreEnv } from '../env.ts';
import { createLedger } from '../ledger/index.ts';
import { readWaitingWork } from '../operations/upkeep.store.ts';
import { createCallChain } from './call-chain.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { ErrorReports } from './error-reports.ts';
import { createHealthService } from './health.ts';
import { createGrpcServer, listen } from './listener.ts';
import { createLogger } from '../shared/logger.ts';
import type { Logger } from '../shared/logger.ts';
import { readDescriptorSet } from './reflection.ts';
import { mountServices } from './services.ts';
import type { MountedService } from './services.ts';
import { createMetrics } from './telemetry.ts';
import type { Telemetry } from './telemetry.ts';
import { createTokenVerifier } from './token.ts';

export interface RunningCore {
  readonly port: number;
  /** Counts an error that no call knows of. */
  countUnhandledError(): void;
  /** Answers what was taken, then stops. Safe to call twice. */
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly telemetry?: Telemetry;
  readonly logger?: Logger;
  readonly errorReports?: ErrorReports;
  readonly clock?: () => Date;
}

/** After this, calls that still run are cut off. */
const drainMs = 20_000;

export async function startCore(env: CoreEnv, options: StartOptions = {}): Promise<RunningCore> {
  const logger = options.logger ?? createLogger(env);
  const pool = createPool({
    connectionString: env.DATABASE_URL,
    max: env.DATABASE_POOL_SIZE,
    onLoss: (error) => logger.warn({ err: error }, 'a database connection was lost'),
  });
  const replica = openReplica(env, logger);
  const metrics = createMetrics(pool, () => readWaitingWork(pool));
  const onBatch = (name: string) => (size: number, milliseconds: number) =>
    metrics.batch(name, size, milliseconds);
  const drains: (() => Promise<void>)[] = [];
  const ledger = createLedger({ pool, onBatch: onBatch('awards') });
  drains.push(() => ledger.close());
  const dependencies: CoreDependencies = {
    pool,
    reader: createTenantReader({
      primary: pool,
      replica,
      maxLagMs: env.DATABASE_READ_MAX_LAG_MS,
      onFallback: (reason) => logger.warn({ err: reason }, 'the primary is read, not the replica'),
    }),
    ledger,
    encryption: createEncryption(env.ENCRYPTION_KEYS),
    blindIndex: createBlindIndex(env.BLIND_INDEX_KEY),
    clock: options.clock ?? (() => new Date()),
    logger,
    onBatch,
    onDrain: (work) => drains.push(work),
  };
  const services = mountServices(env.CORE_SERVICES, dependencies);
  const health = HealthState();
  const server = createGrpcServer(env);
  const chain = createCallChain({
    rules: new Map(services.flatMap((service) => service.rules)),
    verifier: createTokenVerifier(env.CORE_SIGNING_KEY),
    logger,
    metrics,
    reportError: (error, about) => options.errorReports?.report(error, about),
    isTracing: options.telemetry?.enabled ?? false,
    isInstalled: (merchantId) => isInstalled(pool, merchantId),
  });
  for (const service of services) service.addTo(server.with(chain));
  const stopping = new AbortController();
  addHealthAndReflection(server, services, health, pool, stopping.signal, env.NODE_ENV);
  const port = await listen(server, env);
  logger.info({ port, services: env.CORE_SERVICES, tls: env.CORE_TLS }, 'core is serving');

  let stopped: Promise<void> | undefined;
  const drain = async () => {
    for (const name of ['', ...services.map((service) => service.fullName)]) {
      health.setStatus('unhealthy', name);
    }
    setImmediate(() => stopping.abort());
    await finishCalls(server, logger);
    for (const work of drains) await work();
    await Promise.all([pool.end(), replica?.end()]);
    logger.info('core has stopped');
  };
  return {
    port,
    countUnhandledError: () => metrics.unhandledError(),
    stop: () => (stopped ??= drain()),
  };
}

/** Where reads that may be a little old go. It must never be waited for: the primary answers them too. */
function openReplica(env: CoreEnv, logger: Logger): Pool | undefined {
  if (env.DATABASE_READ_URL === undefined) return undefined;
  return createPool({
    connectionString: env.DATABASE_READ_URL,
    max: Math.max(2, Math.floor(env.DATABASE_POOL_SIZE / 2)),
    timeoutMs: 1_000,
    onLoss: (error) => logger.warn({ err: error }, 'a connection to the replica was lost'),
  });
}

function addHealthAndReflection(
  server: Server,
  services: readonly MountedService[],
  health: HealthState,
  pool: Pool,
  stopping: AbortSignal,
  environment: CoreEnv['NODE_ENV'],
): void {
  const names = services.map((service) => service.fullName);
  for (const name of names) health.setStatus('healthy', name);
  const open = server.with(endWithServer(stopping));
  open.add(HealthDefinition, createHealthService(health, pool));
  // For development; in production it would only help attackers.
  if (environment !== 'production')
    open.add(
      ServerReflectionService,
      ServerReflection(
        readDescriptorSet(),
        services.filter(({ rules }) => rules.length > 0).map((service) => service.fullName),
      ),
    );
}

/** A health watch never ends on its own: it is sent NOT_SERVING, then ended, or draining would wait for it. */
function endWithServer(stopping: AbortSignal): ServerMiddleware {
  return async function* endedWithServer<Request, Response>(
    call: ServerMiddlewareCall<Request, Response>,
    context: CallContext,
  ) {
    const signal = AbortSignal.any([context.signal, stopping]);
    const extended = { ...context, signal };
    if (call.responseStream) return yield* call.next(call.request, extended);
    return yield* call.next(call.request, extended);
  };
}

/** Takes no new call and waits for those under way, up to a limit. */
async function finishCalls(server: Server, logger: Logger): Promise<void> {
  const finished = server.shutdown().then(() => true);
  if (await Promise.race([finished, sleep(drainMs, false, { ref: false })])) return;
  logger.warn('calls were cut off after waiting for them');
  server.forceShutdown();
}
