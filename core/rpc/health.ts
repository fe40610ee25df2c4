import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
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
 * grpc.health.v1 over the state of the process, and of its database when that is asked for: core lives on without it,
 * so a load balancer must be able to tell the two apart.
 */
export function createHealthService(state: HealthState, pool: Pool): HealthServiceImpl {
  const ofProcess = HealthServiceImpl(state);
  const databaseAnswers = shared(() => answersInTime(pool));
  return {
    ...ofProcess,
    async check(request, context) {
      if (request.service !== databaseHealthName) return ofProcess.check(request, context);
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
