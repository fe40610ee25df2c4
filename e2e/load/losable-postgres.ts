import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from '#infra/local/lock.mjs';
import { startEmbeddedPostgres } from '#infra/local/postgres.ts';
import type { EmbeddedPostgres } from '#infra/local/postgres.ts';

/** How a PostgreSQL server stops: orderly, immediately (as after a crash of one of its processes), killed. */
export const endings = { fast: 'SIGINT', immediate: 'SIGQUIT', killed: 'SIGKILL' } as const;
export type Ending = keyof typeof endings;

export interface LosablePostgres {
  /** Ends the server and resolves when it has. */
  lose(how: Ending): Promise<void>;
  /** Starts it again on the same files and port, which recovers what was committed. */
  revive(): Promise<void>;
  stop(): Promise<void>;
  readonly pid: number;
}

const reviveWithinMs = 60_000;

/** Wraps a server on `dataDir`, started by this process, so that it can be killed and restarted. */
export function losable(
  started: EmbeddedPostgres,
  options: { readonly dataDir: string; readonly durable: boolean; readonly settings?: string[] },
): LosablePostgres {
  let server = started;
  return {
    get pid() {
      return server.pid;
    },
    async lose(how) {
      process.kill(server.pid, endings[how]);
      while (isAlive(server.pid)) await pause(20);
    },
    async revive() {
      const deadline = Date.now() + reviveWithinMs;
      for (;;) {
        try {
          server = await startEmbeddedPostgres({ ...options, port: started.port });
          return;
        } catch (error) {
          // Processes of the server that was killed still hold its memory for a moment.
          if (Date.now() > deadline) throw error;
          await pause(300);
        }
      }
    },
    stop: () => server.stop(),
  };
}
