import { queueNames } from '../../jobs/catalog.ts';
import type { QueueName } from '../../jobs/catalog.ts';
import type { JobQueues } from '../../jobs/queue.ts';
import { whileReachable } from '../../jobs/queues.server.ts';
import type { ConsoleRefusal, ConsoleRequest } from './console-request.server.ts';
import { textOf } from './form-text.ts';
import { withoutPersons } from './failed-reason.rules.ts';
import { QUEUE_ACTS } from '#vocabulary/console.ts';

const mostJobs = 500;

export interface QueueFigures {
  readonly queue: string;
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
  readonly failed: number;
}

function readFigures(queues: JobQueues): Promise<QueueFigures[]> {
  return Promise.all(
    queueNames.map(async (queue) => {
      const counts = await queues.counts(queue);
      return {
        queue,
        waiting: counts['waiting'] ?? 0,
        delayed: counts['delayed'] ?? 0,
        active: counts['active'] ?? 0,
        failed: counts['failed'] ?? 0,
      };
    }),
  );
}

export async function loadHome({ core }: ConsoleRequest) {
  const [overview, figures, unwell] = await Promise.all([
    core.admin.getPlatformOverview({}),
    // The rest of the page does not need the queue.
    whileReachable(readFigures).catch(() => []),
    core.admin.listUnwellShops({}),
  ]);
  return { overview, figures, unwell };
}

function queueOf(name: string | null): QueueName | undefined {
  return queueNames.find((known) => known === name);
}

export async function loadQueues({ url, csrf }: ConsoleRequest) {
  const queue = queueOf(url.searchParams.get('queue')) ?? queueNames[0];
  const [figures, failed] = await whileReachable((queues) =>
    Promise.all([readFigures(queues), queues.failed(queue, 50)]),
  );
  return {
    csrf,
    queue,
    figures,
    // What a job carries are ids; its error is what some library said.
    jobs: failed.map(({ id, name, reason, failedAt }) => ({
      id,
      name,
      reason: withoutPersons(reason),
      failedAt,
    })),
  };
}

export async function actOnQueue({ core }: ConsoleRequest, form: FormData) {
  const queue = queueOf(textOf(form, 'queue'));
  const wanted = textOf(form, 'act');
  const act = QUEUE_ACTS.find((one) => one === wanted);
  if (queue === undefined || act === undefined) return invalid;
  const found = await whileReachable((queues) => queues.failed(queue, mostJobs));
  const known = found.map(({ id }) => id);
  const asked = form.getAll('job').map(String);
  const jobIds = asked.length === 0 ? known : known.filter((id) => asked.includes(id));
  // Core checks the permission and records the action before anything changes.
  if (jobIds.length > 0) await core.admin.recordQueueAct({ act, queue, jobIds });
  for (const id of jobIds)
    await whileReachable((queues) =>
      act === 'retry' ? queues.retryFailed(queue, id) : queues.discardFailed(queue, id),
    );
  return { ok: true as const, act, number: jobIds.length };
}

const invalid: ConsoleRefusal = { ok: false, code: 'invalid_input', field: '', detail: '' };
