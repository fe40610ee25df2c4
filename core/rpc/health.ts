import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { ServerError, Status } from 'nice-grpc';
import { HealthServiceImpl } from 'nice-grpc-server-health';
import type { HealthState } from 'nice-grpc-server-health';
import { ping } from '../database/ping.ts';

/** Asked for by this name, the health service looks whether the database answers. */
export const databaseHealthName = 'database';

/** SERVING and NOT_SERVING of grpc.health.v1. */
const serving = 1;
const notServing = 2;
/** A database that takes longer answers no request in time. */
const timeoutMs = 1_000;

/**
 * grpc.health.v1. Without a name: this process is there, whatever its database does, because a restart would not bring
 * that back. A load balancer that reads the status of the call alone is told by UNAVAILABLE that the process is going
 * down. By the name of a service, or `database`: its calls can be answered, NOT_SERVING while the database is away.
 */
export function createHealthService(state: HealthState, pool: Pool): HealthServiceImpl {
  const ofProcess = HealthServiceImpl(state);
  const databaseAnswers = shared(() => answersInTime(pool));
  return {
    ...ofProcess,
    async check(request, context) {
      const { status: processStatus } = await ofProcess.check(
        { service: request.service === databaseHealthName ? '' : request.service },
        context,
      );
      if (Number(processStatus) !== serving && request.service === '')
        throw new ServerError(Status.UNAVAILABLE, 'this process is going down');
      if (Number(processStatus) !== serving || request.service === '')
        return { status: processStatus };
      return { status: (await databaseAnswers()) ? serving : notServing };
    },
  };
}

async function answersInTime(pool: Pool): Promise<boolean> {
  const asked = ping(pool).then(
    () => true,
    () => false,
  );
  return Promise.race([asked, sleep(timeoutMs, false, { ref: false })]);
}

/** One check at a time, however many callers: a database in trouble must not get more load. */
function shared<Result>(ask: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | undefined;
  return () =>
    (running ??= ask().finally(() => {
      running = undefined;
    }));
}
