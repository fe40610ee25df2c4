export type ProcessName = 'web' | 'worker';

/** On the global object: the server and the built application are two bundles with modules of their own. */
const key = Symbol.for('loyalnest.process');
const shared = globalThis as typeof globalThis & { [key]?: ProcessName };

/** Said once, before anything is logged or measured. */
export function nameProcess(name: ProcessName): void {
  shared[key] = name;
}

/** What this process is, in its log lines and as the library of its metrics. */
export function processName(): ProcessName {
  return shared[key] ?? 'web';
}
