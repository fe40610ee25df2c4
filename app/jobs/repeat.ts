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
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, options.intervalMs);
      stopping.signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
    });
  const run = async () => {
    while (!stopping.signal.aborted) {
      const didSomething = await options.round().catch((error: unknown) => {
        options.onError(error);
        return false;
      });
      if (!didSomething && !stopping.signal.aborted) await pause();
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
