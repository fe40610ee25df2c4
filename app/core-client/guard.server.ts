import type { ClientMiddleware } from 'nice-grpc';
import { FairGate, OverloadedError } from '../../proto/shared/fair-gate.ts';
import { Interrupted, breaker } from '../breakers.server.ts';
import type { Breaker } from '../breakers.server.ts';
import { CoreError } from './errors.server.ts';

/** Calls under way at once: several times what the connections of a core's pool carry, so that they are never idle. */
const places = 256;
const placesPerShop = 96;
/** Beyond it pages are refused; what waits longer would be answered after its reader has left. */
const mostWaiting = 2_000;
const longestWaitMs = 2_000;

/** Core counts as away after so many calls in a row that it did not answer, whosever they were. */
const failuresInARow = 10;
const restMs = 1_000;

export interface Guard {
  /** Lets calls of a shop through in turn with those of the others, and none while their service is away. */
  bounded(tenant: string): ClientMiddleware;
  /** Lets none through while what they are for is away; how many there are is bounded elsewhere. */
  breaking(name: string): ClientMiddleware;
}

/** What is between this process and one core, or several behind the same addresses. */
export function createGuard(): Guard {
  const gate = new FairGate({
    places,
    placesPerTenant: placesPerShop,
    maxWaiting: mostWaiting,
    maxWaitMs: longestWaitMs,
  });
  const breakers = new Map<string, Breaker>();
  const breakerOf = (name: string) => {
    const known = breakers.get(name);
    if (known !== undefined) return known;
    const made = breaker({ name: `core ${name}`, failuresInARow, restMs, isFailure: isAway });
    breakers.set(name, made);
    return made;
  };
  return {
    bounded: (tenant) =>
      async function* bounded(call, options) {
        const leave = gate.tryEnter(tenant) ?? (await waitFor(gate, tenant, options.signal));
        try {
          if (call.responseStream) return yield* call.next(call.request, options);
          const [, service = ''] = call.method.path.split('/');
          return await through(breakerOf(service), () => call.next(call.request, options), options);
        } finally {
          leave();
        }
      },
    breaking: (name) =>
      async function* breaking(call, options) {
        if (call.responseStream) return yield* call.next(call.request, options);
        return through(breakerOf(name), () => call.next(call.request, options), options);
      },
  };
}

/** A call without a stream in its answer yields nothing on its way. */
async function through<Result>(
  circuit: Breaker,
  call: () => AsyncGenerator<unknown, Result, undefined>,
  { signal }: { readonly signal?: AbortSignal },
): Promise<Result> {
  try {
    return await circuit(async () => {
      for (const answer = call(); ;) {
        const step = await answer.next().catch((error: unknown) => {
          throw isOutOfTime(signal) ? signal.reason : error;
        });
        if (step.done === true) return step.value;
      }
    });
  } catch (error) {
    if (error instanceof Interrupted)
      throw new CoreError('unavailable', { message: error.message, cause: error });
    throw error;
  }
}

async function waitFor(gate: FairGate, tenant: string, signal: AbortSignal | undefined) {
  try {
    return await gate.enter(tenant, signal);
  } catch (error) {
    if (error instanceof OverloadedError)
      throw new CoreError('resource_exhausted', { message: error.message, cause: error });
    throw error;
  }
}

/** The library says "aborted" of a time limit and of a reader who left alike; only the first is core's doing. */
function isOutOfTime(signal: AbortSignal | undefined): signal is AbortSignal & { reason: Error } {
  return signal?.reason instanceof Error && signal.reason.name === 'TimeoutError';
}

/** No answer, or none in time. A refusal is an answer, and one who does not wait for it says nothing. */
function isAway(error: unknown): boolean {
  if (error instanceof CoreError) return error.code === 'unavailable' || error.code === 'timeout';
  return error instanceof Error && error.name === 'TimeoutError';
}
