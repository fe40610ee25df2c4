import { z } from 'zod';
import { Problem } from '#infra/local/process.ts';
import type { Aws } from './aws.ts';
import type { Environment } from './environment.ts';
import { registerRevision } from './revision.ts';

const started = z.object({
  tasks: z.array(z.object({ taskArn: z.string() })),
  failures: z.array(z.object({ reason: z.string().optional() })).optional(),
});
const described = z.object({
  tasks: z
    .array(
      z.object({
        lastStatus: z.string(),
        stoppedReason: z.string().optional(),
        containers: z.array(
          z.object({ exitCode: z.number().optional(), reason: z.string().optional() }),
        ),
      }),
    )
    .length(1),
});

export interface OneOffTask {
  readonly image: string;
  /** Instead of the migration; the command of the task definition otherwise. */
  readonly command?: readonly string[];
  readonly pause: () => Promise<unknown>;
  /** How often it is asked for the end. */
  readonly attempts: number;
}

/**
 * Runs the task that migrates, on the image of the release, before any service moves. A database that refuses it is
 * left as it was, and the release ends here.
 * @throws Problem with the reason, when the task does not start, does not end or ends with anything but 0
 */
export async function runMigrationTask(
  aws: Aws,
  environment: Environment,
  { image, command, pause, attempts }: OneOffTask,
): Promise<void> {
  const family = environment.migrate_task_family;
  const revision = await registerRevision(aws, family, image);
  const { subnets, security_groups: securityGroups } = environment.migrate_network;
  const network = { awsvpcConfiguration: { subnets, securityGroups, assignPublicIp: 'DISABLED' } };
  const answer = started.parse(
    await aws(
      'ecs',
      'run-task',
      '--cluster',
      environment.cluster_name,
      '--task-definition',
      revision,
      '--launch-type',
      'FARGATE',
      '--network-configuration',
      JSON.stringify(network),
      ...(command === undefined ? [] : ['--overrides', overrides(command)]),
    ),
  );
  const task = answer.tasks[0]?.taskArn;
  // Answered with 200 also when no task was started.
  if (task === undefined) {
    const reasons = (answer.failures ?? []).map(({ reason = 'no reason given' }) => reason);
    throw new Problem(`The task did not start: ${reasons.join(', ')}.`);
  }
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const { tasks } = described.parse(
      await aws('ecs', 'describe-tasks', '--cluster', environment.cluster_name, '--tasks', task),
    );
    const [state] = tasks;
    if (state?.lastStatus === 'STOPPED') return endOf(state);
    await pause();
  }
  await aws('ecs', 'stop-task', '--cluster', environment.cluster_name, '--task', task);
  throw new Problem('The task did not end in time and was stopped.');
}

function endOf(state: z.output<typeof described>['tasks'][number]): void {
  const [container] = state.containers;
  if (container?.exitCode === 0) return;
  // Without an exit code the container never ran: no image, no secret, no place.
  const why = container?.reason ?? state.stoppedReason ?? 'no reason given';
  throw new Problem(
    `The task ended with ${container?.exitCode ?? 'no exit code'} (${why}). Its log is in /aws/ecs/loyalnest, stream migrate/.`,
  );
}

/** The container has the name of the task, without the environment's first part. */
function overrides(command: readonly string[]): string {
  return JSON.stringify({ containerOverrides: [{ name: 'migrate', command }] });
}
