import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
} from 'cockatiel';
import { log } from './log.server.ts';

/** Not even tried: what it is for did not answer lately. */
export class Interrupted extends Error {
  readonly isTransient = true;

  constructor(name: string) {
    super(`${name} did not answer lately, and is left alone for a moment`);
    this.name = 'Interrupted';
  }
}

export interface BreakerOptions {
  /** For the log. */
  readonly name: string;
  /** Without a success between them. */
  readonly failuresInARow: number;
  /** How long nothing is tried then. After it one attempt shows whether it is over. */
  readonly restMs: number;
  /** Whether an error says that no one was there. */
  readonly isFailure: (error: unknown) => boolean;
}

/** Carries work out, unless what it is for is away. @throws Interrupted, or what the work throws */
export type Breaker = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * A circuit breaker of this process. Without it, all that needs something that does not answer waits for its time limit,
 * and holds a connection, a place or a job meanwhile.
 */
export function breaker({ name, failuresInARow, restMs, isFailure }: BreakerOptions): Breaker {
  const policy = circuitBreaker(handleAll, {
    halfOpenAfter: restMs,
    breaker: new ConsecutiveBreaker(failuresInARow),
  });
  policy.onBreak(() => log().warn({ circuit: name }, 'A circuit is open: nothing is tried'));
  policy.onReset(() => log().info({ circuit: name }, 'A circuit is closed again'));
  return async (work) => {
    // The library would have everyone wait for the one attempt.
    if (policy.state === CircuitState.HalfOpen) throw new Interrupted(name);
    const outcome = await policy
      .execute(() => answerOf(work, isFailure))
      .catch((error: unknown) => {
        throw error instanceof BrokenCircuitError ? new Interrupted(name) : error;
      });
    if ('refusal' in outcome) throw outcome.refusal;
    return outcome.answer;
  };
}

/** A refusal is an answer, too: someone was there. */
async function answerOf<Result>(
  work: () => Promise<Result>,
  isFailure: BreakerOptions['isFailure'],
): Promise<{ readonly answer: Result } | { readonly refusal: unknown }> {
  try {
    return { answer: await work() };
  } catch (error) {
    if (isFailure(error)) throw error;
    return { refusal: error };
  }
}
