import { rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { log } from '../log.server.ts';

/** Looked at by infra/local/probe.mjs, in the same container. */
const file = path.join(os.tmpdir(), 'loyalnest-worker-alive');
const intervalMs = 10_000;

/**
 * The worker listens nowhere, so it leaves a sign: a file that is written anew for as long as its event loop turns and
 * `isWorking` holds. Without Redis, database or core it is alive all the same: another worker would do no better.
 * @returns ends it
 */
export function giveSignOfLife(isWorking: () => boolean): () => void {
  const write = () => {
    if (!isWorking()) {
      log().error('A round has not ended for minutes: no sign of life');
      return;
    }
    try {
      writeFileSync(file, '');
    } catch (error) {
      log().warn({ err: error }, 'The sign of life could not be written');
    }
  };
  write();
  const timer = setInterval(write, intervalMs);
  return () => {
    clearInterval(timer);
    rmSync(file, { force: true });
  };
}
