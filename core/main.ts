import { EnvError, readCoreEnv } from './env.ts';
import type { CoreEnv } from './env.ts';
import { createErrorReports } from './rpc/error-reports.ts';
import { startTelemetry } from './rpc/telemetry.ts';
import { createLogger } from './shared/logger.ts';

/** Starts core as a process of its own; SIGTERM and SIGINT drain it. */
async function main(env: CoreEnv): Promise<void> {
  const telemetry = await startTelemetry(env);
  // Imported late: telemetry must be there before the database driver is.
  const { startCore } = await import('./rpc/server.ts');
  const logger = createLogger(env);
  const errorReports = await createErrorReports(env);
  const core = await startCore(env, { telemetry, logger, errorReports });
  // An unhandled rejection is a bug in one call, and no reason to drop all other calls.
  process.on('unhandledRejection', (error) => {
    logger.error({ err: error }, 'unhandled rejection');
    errorReports.report(error);
    core.countUnhandledError();
  });
  const stop = async () => {
    await core.stop();
    await Promise.all([telemetry.shutdown(), errorReports.flush()]);
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
