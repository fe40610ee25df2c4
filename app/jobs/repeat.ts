import { setTimeout as sleep } from 'node:timers/promises';

/** Work that repeats for as long as the process lives. */
export interface Loop {
  /** Ends after the round that is under way. */
  stop(): Promise<void>;
}

/**
 * Runs rounds one after the other. A round that did something (true) is followed at once; else, and after a failure,
 * the next one waits.
 */
export function repeat(options: {
  intervalMs: number;
  round: () => Promise<boolean>;
  onError: (error: unknown) => void;
}): Loop {
  const stopping = new AbortController();
  const { signal } = stopping;
  // Ends early when it is stopped.
  const pause = () => sleep(options.intervalMs, undefined, { signal }).catch(() => undefined);
  const run = async () => {
    while (!signal.aborted) {
      const didSomething = await options.round().catch((error: unknown) => {
        options.onError(error);
        return false;
      });
      if (!didSomething && !signal.aborted) await pause();
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
