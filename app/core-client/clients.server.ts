import { randomUUID } from 'node:crypto';
import { SpanKind, SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { ClientError, Metadata, Status, createClientFactory } from 'nice-grpc';
import type { ClientMiddleware } from 'nice-grpc';
import { deadlineMiddleware } from 'nice-grpc-client-middleware-deadline';
import { retryMiddleware } from 'nice-grpc-client-middleware-retry';
import { HealthDefinition } from 'nice-grpc-server-health';
import { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import { AnalyticsServiceDefinition } from '#proto/analytics/v1/analytics.ts';
import { FrontendServiceDefinition } from '#proto/frontend/v1/frontend.ts';
import { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import { ReferralServiceDefinition } from '#proto/referrals/v1/referrals.ts';
import { eachStep } from '../../proto/shared/each-step.ts';
import { coreTargets, env } from '../env.server.ts';
import { onShutdown } from '../lifecycle.server.ts';
import { currentWork, nameInWork } from '../work-context.server.ts';
import { openCoreChannels } from './channels.server.ts';
import type { CoreChannels } from './channels.server.ts';
import { coreErrorFrom } from './errors.server.ts';
import { createGuard } from './guard.server.ts';
import { createTokenSource } from './token.server.ts';
import type { Caller } from './token.server.ts';

/** SERVING of grpc.health.v1. */
const serving = 1;

/** Whole calls, retries included. */
const deadlineMs = 5_000;

/** Only calls that the proto marks idempotent are retried, and only when core was not reached. */
const callDefaults = {
  '*': {
    deadline: deadlineMs,
    retryBaseDelayMs: 50,
    retryMaxAttempts: 3,
    retryableStatuses: [Status.UNAVAILABLE],
  },
};

const coreErrors: ClientMiddleware = async function* (call, options) {
  let trailer: Metadata | undefined;
  const work = currentWork();
  try {
    return yield* call.next(call.request, {
      ...options,
      onTrailer(received) {
        trailer = received;
        if (work !== undefined)
          work.queryMilliseconds += Number(received.get('loyalnest-query-milliseconds') ?? 0);
        options.onTrailer?.(received);
      },
    });
  } catch (error) {
    if (error instanceof ClientError)
      throw coreErrorFrom(error, (key) => trailer?.get(key)?.toString(), error);
    throw error;
  }
};

export interface CoreCaller extends Caller {
  /** Of the request being served; a new one when absent. */
  readonly requestId?: string;
}

/** Whom a call is about, if its request or response says so. */
function customerOf(message: unknown): string | undefined {
  return typeof message === 'object' &&
    message !== null &&
    'customerId' in message &&
    typeof message.customerId === 'string'
    ? message.customerId
    : undefined;
}

function identifiedAs(caller: CoreCaller, tokenOf: (caller: Caller) => string): ClientMiddleware {
  return async function* identify(call, options) {
    nameInWork({
      merchantId: caller.merchantId ?? undefined,
      customerId: customerOf(call.request),
    });
    const metadata = new Metadata(options.metadata);
    metadata.set('authorization', `Bearer ${tokenOf(caller)}`);
    metadata.set('x-request-id', caller.requestId ?? currentWork()?.requestId ?? randomUUID());
    const { path } = call.method;
    const identified = { ...options, metadata };
    const answer = call.responseStream
      ? yield* inClientSpan(path, metadata, () => call.next(call.request, identified))
      : yield* inClientSpan(path, metadata, () => call.next(call.request, identified));
    // Shoppers are known by Shopify's id until core has answered.
    nameInWork({ customerId: customerOf(answer) });
    return answer;
  };
}

/** Makes the call a span of the trace that is under way, and has core continue it. */
function inClientSpan<Value, Result>(
  path: string,
  metadata: Metadata,
  call: () => AsyncGenerator<Value, Result, undefined>,
): AsyncGenerator<Value, Result, undefined> {
  const active = context.active();
  const isTraced = trace.getSpan(active)?.isRecording() ?? false;
  const span = isTraced
    ? trace.getTracer('loyalnest-core-client').startSpan(path.slice(1), { kind: SpanKind.CLIENT })
    : undefined;
  const inside = span === undefined ? active : trace.setSpan(active, span);
  propagation.inject(inside, metadata, {
    set: (carrier, key, value) => carrier.set(key, value),
  });
  if (span === undefined) return call();
  return eachStep(ending(span, call()), (step) => context.with(inside, step));
}

async function* ending<Value, Result>(
  span: Span,
  call: AsyncGenerator<Value, Result, undefined>,
): AsyncGenerator<Value, Result, undefined> {
  try {
    return yield* call;
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

const platform: CoreCaller = { merchantId: null, actor: 'system', scopes: ['platform'] };

/** Clients of core over channels of its services, signing with its key. */
export function createCoreConnection(channels: CoreChannels, signingKey: string) {
  const tokenOf = createTokenSource(signingKey);
  // The last one attached is called first: identity, then errors, then one deadline around all retries.
  const factory = createClientFactory()
    .use(retryMiddleware)
    .use(deadlineMiddleware)
    .use(coreErrors);
  const guard = createGuard();
  const lean = createClientFactory().use(coreErrors).use(guard.breaking('the inbox'));
  const asking = createClientFactory().use(deadlineMiddleware);
  const [points, referrals, analytics, admin, frontend] = [
    channels.of('points'),
    channels.of('referrals'),
    channels.of('analytics'),
    channels.of('admin'),
    channels.of('frontend'),
  ];
  return {
    channels,
    inbox: lean.use(identifiedAs(platform, tokenOf)).create(AdminServiceDefinition, admin),
    clientsFor(caller: CoreCaller) {
      const identified = factory
        .use(guard.bounded(caller.merchantId ?? ''))
        .use(identifiedAs(caller, tokenOf));
      return {
        get points() {
          return identified.create(PointsServiceDefinition, points, callDefaults);
        },
        get referrals() {
          return identified.create(ReferralServiceDefinition, referrals, callDefaults);
        },
        get admin() {
          return identified.create(AdminServiceDefinition, admin, callDefaults);
        },
        get analytics() {
          return identified.create(AnalyticsServiceDefinition, analytics, callDefaults);
        },
        get frontend() {
          return identified.create(FrontendServiceDefinition, frontend, callDefaults);
        },
      };
    },
    /** One for each address of core. */
    health: channels.all.map((channel) =>
      asking.create(HealthDefinition, channel, { '*': { deadline: 1_500 } }),
    ),
  };
}

let connection: ReturnType<typeof createCoreConnection> | undefined;

/** This process's connection to core. */
export function core(): ReturnType<typeof createCoreConnection> {
  if (connection === undefined) {
    const { CORE_TLS, CORE_TLS_CA_FILE, CORE_SIGNING_KEY } = env();
    const channels = openCoreChannels({
      targets: coreTargets(),
      tls: CORE_TLS === 'on',
      authorities: CORE_TLS_CA_FILE,
    });
    const opened = createCoreConnection(channels, CORE_SIGNING_KEY);
    connection = opened;
    onShutdown(() => {
      channels.close();
      connection = undefined;
    });
  }
  return connection;
}

/** Clients of core acting for one caller. A client is made when its property is first read: hold on to it in a loop. */
export function coreClients(caller: CoreCaller) {
  return core().clientsFor(caller);
}

/** All of one tenant's data, on behalf of Shopify. */
export function systemClients(merchantId: string, requestId?: string) {
  return coreClients({
    merchantId,
    actor: 'system',
    scopes: ['system'],
    ...(requestId === undefined ? {} : { requestId }),
  });
}

/** Calls that belong to no tenant: installs, the inbox, the outbox. */
export function platformClients(requestId?: string) {
  return coreClients({
    merchantId: null,
    actor: 'system',
    scopes: ['platform'],
    ...(requestId === undefined ? {} : { requestId }),
  });
}

export type CoreClients = ReturnType<typeof coreClients>;

/**
 * Whether core accepts calls or, for `database`, whether core's database answers: at every address, since a page needs
 * each of core's services.
 */
export async function coreIsServing(service: '' | 'database' = ''): Promise<boolean> {
  const answers = await Promise.all(
    core().health.map((health) =>
      health.check({ service }).then(
        ({ status }) => Number(status) === serving,
        () => false,
      ),
    ),
  );
  return answers.every(Boolean);
}
