type Work = () => Promise<unknown>;

const pending = new Set<Work>();

/**
 * Remembers what must be stopped, also when the run is interrupted. @returns the same work, done once however often it
 * is asked for.
 */
export function stopAtEnd(work: Work): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  const once = () => {
    pending.delete(once);
    return (stopped ??= work().then(() => undefined));
  };
  pending.add(once);
  return once;
}

/** Ctrl-C and its like stop everything that was started, the last first. */
export function stopOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      void (async () => {
        for (const work of [...pending].reverse()) await work().catch(() => undefined);
        process.exit(130);
      })();
    });
  }
}
