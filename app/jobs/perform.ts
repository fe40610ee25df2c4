import { randomUUID } from 'node:crypto';
import { SpanKind } from '@opentelemetry/api';
import { z } from 'zod';
import { log } from '../log.server.ts';
import { countDeadLetter, measureJobWait } from '../metrics.server.ts';
import { contextOf, inSpan } from '../spans.server.ts';
import { reportError } from '../telemetry.server.ts';
import { currentWork, inWork, nameInWork, newWork } from '../work-context.server.ts';
import type { Named } from '../work-context.server.ts';
import type { JobData, JobName } from './catalog.ts';
import { readJob } from './queue.server.ts';
import type { JobRun } from './queue.ts';
import type { JobServices } from './services.ts';

export type Handler<Name extends JobName> = (
  data: JobData<Name>,
  services: JobServices,
  isLastAttempt: boolean,
) => Promise<void>;

/** A full record: a job without a handler does not compile. */
export type Handlers = { readonly [Name in JobName]: Handler<Name> };

/** Runs one job. If it throws, the queue retries as the catalog says. */
export function perform(run: JobRun, handlers: Handlers, services: JobServices): Promise<void> {
  return inWork(newWork(randomUUID()), () =>
    inSpan(
      `process ${run.name}`,
      () => performNamed(run, handlers, services),
      { kind: SpanKind.CONSUMER },
      contextOf(run.traceparent),
    ),
  );
}

async function performNamed(run: JobRun, handlers: Handlers, services: JobServices): Promise<void> {
  const { name, data } = readJob(run);
  nameInWork(namedIn(data));
  if (run.waitedMs !== undefined) measureJobWait(run.waitedMs);
  const startedAt = performance.now();
  try {
    await handle(handlers[name], data, services, run.isLastAttempt);
    logEnd(name, startedAt);
  } catch (error) {
    const expected = passesByItself(error);
    const record = { job: name, jobId: run.id, err: error };
    if (run.isLastAttempt) {
      log().error(record, 'A job failed for good');
      countDeadLetter(name);
      if (!expected) void reportError(error);
    } else if (expected) log().info(record, 'A job waits for another try');
    else log().warn(record, 'A job failed and is tried again');
    throw error;
  }
}

/** Of a shop's job, at level info: what its work costs the database is asked of these lines. */
function logEnd(job: JobName, startedAt: number): void {
  const work = currentWork();
  const isOfShop = (work?.merchants.size ?? 0) > 0;
  log()[isOfShop ? 'info' : 'debug'](
    {
      job,
      ms: Math.round(performance.now() - startedAt),
      queryMilliseconds: Math.round(work?.queryMilliseconds ?? 0),
    },
    'job',
  );
}

/** Retryable errors: core or Shopify down, a shop that is not installed yet. */
function passesByItself(error: unknown): boolean {
  return error instanceof Error && 'isTransient' in error && error.isTransient === true;
}

const named = z.object({
  merchantId: z.string().optional(),
  customerId: z.string().optional(),
});

function namedIn(data: unknown): Named {
  return named.safeParse(data).data ?? {};
}

/** `data` was parsed by the schema of the job, which is what its handler's type says; the compiler cannot pair the two. */
async function handle<Name extends JobName>(
  handler: Handler<Name>,
  data: unknown,
  services: JobServices,
  isLastAttempt: boolean,
): Promise<void> {
  await handler(data as JobData<Name>, services, isLastAttempt);
}
