import os from 'node:os';
import { startTelemetry, unhandled } from '../telemetry.server.ts';
import { env } from '../env.server.ts';
import { closeAll } from '../lifecycle.server.ts';
import { log } from '../log.server.ts';
import { giveSignOfLife } from './sign-of-life.ts';

/** Longer than any handler takes; an interrupted job goes to another worker when its lock ends. */
const drainMs = 25_000;

const { WORKER_NICE } = env();
// On a machine shared with web and core, answering people comes first.
if (WORKER_NICE > 0) os.setPriority(WORKER_NICE);
await startTelemetry('worker');

// Imported late: telemetry must be there before the drivers of database and queue are.
const [{ startWorker }, { createJobServices }] = await Promise.all([
  import('./start-worker.ts'),
  import('./services.server.ts'),
]);
const worker = await startWorker(createJobServices());
const endSignOfLife = giveSignOfLife(() => worker.isWorking());
log().info('The worker is ready');

let stopping = false;
function stop(signal: string): void {
  if (stopping) return;
  stopping = true;
  log().info({ signal }, 'The worker is stopping');
  setTimeout(() => process.exit(1), drainMs).unref();
  void worker
    .stop()
    .then(closeAll)
    .then(endSignOfLife)
    .then(
      () => process.exit(0),
      (error: unknown) => {
        log().error({ err: error }, 'The worker did not stop cleanly');
        process.exit(1);
      },
    );
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// An unhandled rejection, even in the queue's library, must not stop running jobs.
process.on('unhandledRejection', unhandled);
