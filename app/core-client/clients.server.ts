import { randomUUID } from 'node:crypto';
import { context, propagation } from '@opentelemetry/api';
import { ClientError, Metadata, Status, createClientFactory } from 'nice-grpc';
import type { ClientMiddleware } from 'nice-grpc';
import { deadlineMiddleware } from 'nice-grpc-client-middleware-deadline';
import { retryMiddleware } from 'nice-grpc-client-middleware-retry';
import { HealthDefinition } from 'nice-grpc-server-health';
import { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import type { StoreDeliveryRequest, StoreDeliveryResponse } from '#proto/admin/v1/admin.ts';
import { AnalyticsServiceDefinition } from '#proto/analytics/v1/analytics.ts';
import { FrontendServiceDefinition } from '#proto/frontend/v1/frontend.ts';
import { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import { Gatherer } from '../../proto/shared/gatherer.ts';
import { coreTargets, env } from '../env.server.ts';
import { nameInErrors } from '../error-context.server.ts';
import { onShutdown } from '../lifecycle.server.ts';
import { openCoreChannels } from './channels.server.ts';
import type { CoreChannels } from './channels.server.ts';
import { CoreError, coreErrorFrom } from './errors.server.ts';
import type { CoreErrorCode } from './errors.server.ts';
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
  try {
    return yield* call.next(call.request, {
      ...options,
      onTrailer(received) {
        trailer = received;
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
    nameInErrors({
      merchantId: caller.merchantId ?? undefined,
      customerId: customerOf(call.request),
    });
    const metadata = new Metadata(options.metadata);
    metadata.set('authorization', `Bearer ${tokenOf(caller)}`);
    metadata.set('x-request-id', caller.requestId ?? randomUUID());
    propagation.inject(context.active(), metadata, {
      set: (carrier, key, value) => carrier.set(key, value),
    });
    const answer = yield* call.next(call.request, { ...options, metadata });
    // Shoppers are known by Shopify's id until core has answered.
    nameInErrors({ customerId: customerOf(answer) });
    return answer;
  };
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
  const lean = createClientFactory().use(coreErrors);
  const asking = createClientFactory().use(deadlineMiddleware);
  const [points, analytics, admin, frontend] = [
    channels.of('points'),
    channels.of('analytics'),
    channels.of('admin'),
    channels.of('frontend'),
  ];
  return {
    channels,
    inbox: lean.use(identifiedAs(platform, tokenOf)).create(AdminServiceDefinition, admin),
    clientsFor(caller: CoreCaller) {
      const identified = factory.use(identifiedAs(caller, tokenOf));
      return {
        get points() {
          return identified.create(PointsServiceDefinition, points, callDefaults);
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

function core(): ReturnType<typeof createCoreConnection> {
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

const inboxDeadlineMs = 4_000;

/** Far below the message size limit. */
const inboxCallBytes = 4 * 1024 * 1024;

/** A refusal may be caused by a single delivery. */
const mayBeOneItems: ReadonlySet<CoreErrorCode> = new Set([
  'invalid_input',
  'payload_too_large',
  'internal',
]);

const inboxCalls = new Gatherer<StoreDeliveryRequest, StoreDeliveryResponse | CoreError>({
  async execute(deliveries) {
    const signal = AbortSignal.timeout(inboxDeadlineMs);
    try {
      const { stored } = await core().inbox.storeDeliveries(
        { deliveries: [...deliveries] },
        { signal },
      );
      return stored;
    } catch (error) {
      if (!(error instanceof CoreError) || !mayBeOneItems.has(error.code)) throw error;
      return Promise.all(deliveries.map((delivery) => storeAlone(delivery, signal)));
    }
  },
  maxBatch: 64,
  maxBytes: inboxCallBytes,
  bytesOf: ({ payload }) => payload.length,
});

async function storeAlone(
  delivery: StoreDeliveryRequest,
  signal: AbortSignal,
): Promise<StoreDeliveryResponse | CoreError> {
  try {
    return await core().inbox.storeDelivery(delivery, { signal });
  } catch (error) {
    if (error instanceof CoreError) return error;
    throw error;
  }
}

/**
 * Stores a delivery, batched with concurrent ones. The one call that is made hundreds of times a
 * second: without retries, because Shopify retries deliveries itself.
 * @throws CoreError
 */
export async function storeDelivery(
  delivery: StoreDeliveryRequest,
): Promise<StoreDeliveryResponse> {
  const answer = await inboxCalls.submit(delivery);
  if (answer instanceof CoreError) throw answer;
  return answer;
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
