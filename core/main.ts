import { EnvError, readCoreEnv } from './env.ts';
import type { CoreEnv } from './env.ts';
import { createLogger } from './shared/logger.ts';
import { startTelemetry } from './rpc/telemetry.ts';

/** Starts core as a process of its own; SIGTERM and SIGINT drain it. */
async function main(env: CoreEnv): Promise<void> {
  const telemetry = await startTelemetry(env);
  // Imported late: telemetry must be there before the database driver is.
  const { startCore } = await import('./rpc/server.ts');
  const logger = createLogger(env);
  // An unhandled rejection is a bug in one call, and no reason to drop all other calls.
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));
  const core = await startCore(env, { telemetry, logger });
  const stop = async () => {
    await core.stop();
    await telemetry.shutdown();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stop().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
}

function fail(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${error instanceof EnvError ? error.message : text}\n`);
  process.exit(1);
}

try {
  await main(readCoreEnv());
} catch (error) {
  fail(error);
}
