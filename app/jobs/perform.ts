import { z } from 'zod';
import { inErrorContext, nameInErrors } from '../error-context.server.ts';
import type { ErrorTags } from '../error-context.server.ts';
import { log } from '../log.server.ts';
import { reportError } from '../telemetry.server.ts';
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
  return inErrorContext(() => performNamed(run, handlers, services));
}

async function performNamed(run: JobRun, handlers: Handlers, services: JobServices): Promise<void> {
  const { name, data } = readJob(run);
  nameInErrors(tagsOf(data));
  try {
    await handle(handlers[name], data, services, run.isLastAttempt);
  } catch (error) {
    const expected = passesByItself(error);
    const record = { job: name, jobId: run.id, err: error };
    if (run.isLastAttempt) {
      log().error(record, 'A job failed for good');
      if (!expected) void reportError(error);
    } else if (expected) log().info(record, 'A job waits for another try');
    else log().warn(record, 'A job failed and is tried again');
    throw error;
  }
}

/** Retryable errors: core or Shopify down, a shop that is not installed yet. */
function passesByItself(error: unknown): boolean {
  return error instanceof Error && 'isTransient' in error && error.isTransient === true;
}

const named = z.object({
  merchantId: z.string().optional(),
  customerId: z.string().optional(),
});

function tagsOf(data: unknown): ErrorTags {
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
