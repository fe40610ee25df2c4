/**
 * What must be closed when the process ends. The list is on the global object because the server and the built
 * application are two bundles of the same source, each with modules of its own.
 */
type Closer = () => void | Promise<unknown>;

const key = Symbol.for('loyalnest.closers');
const drainKey = Symbol.for('loyalnest.draining');
const shared = globalThis as typeof globalThis & {
  [key]?: Closer[];
  [drainKey]?: AbortController;
};

export function onShutdown(close: Closer): void {
  (shared[key] ??= []).push(close);
}

function draining(): AbortController {
  return (shared[drainKey] ??= new AbortController());
}

/** Aborted when the process shuts down, which ends open streams. */
export function drainSignal(): AbortSignal {
  return draining().signal;
}

export function startDraining(): void {
  draining().abort();
}

/** Closes in reverse order of opening; a failing closer does not stop the others. */
export async function closeAll(): Promise<void> {
  const closers = shared[key]?.splice(0).reverse() ?? [];
  for (const close of closers) await Promise.resolve(close()).catch(() => undefined);
}
