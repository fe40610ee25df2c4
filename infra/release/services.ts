import { z } from 'zod';
import { Problem } from '#infra/local/process.ts';
import type { Aws } from './aws.ts';
import type { Environment } from './environment.ts';
import { registerRevision } from './revision.ts';

/** Of our own image; pooler and collector have theirs and are Terraform's. */
const order: readonly (readonly string[])[] = [
  // Its protocol only grows, so that what calls it may be a release behind.
  ['points', 'referrals', 'analytics', 'admin', 'frontend'],
  ['worker'],
  ['web'],
];

const serviceAnswer = z.object({
  services: z.array(z.object({ taskDefinition: z.string() })).length(1),
});
const deploymentsAnswer = z.object({
  serviceDeployments: z.array(
    z.object({
      serviceDeploymentArn: z.string(),
      createdAt: z.union([z.string(), z.number()]),
      status: z.string(),
      statusReason: z.string().optional(),
    }),
  ),
});

export interface Rollout {
  /** Repository and digest. */
  readonly image: string;
  readonly pause: () => Promise<unknown>;
  /** How often one service is asked for the end of its deployment. */
  readonly attempts: number;
  readonly say: (line: string) => void;
}

/** Ends of a deployment that is not in place. */
const ended = /^(ROLLBACK_(SUCCESSFUL|FAILED)|STOPPED)$/;

interface Moved {
  readonly service: string;
  readonly before: string;
}

/**
 * Moves the services to an image: core's first and together, then the worker, then web. Amazon ECS itself starts the
 * new tasks beside the old ones, tries them, shifts the traffic and rolls back on an alarm; here it is waited for. When
 * one service does not get there, those before it go back to where they were, so that no environment is left with two
 * releases. The database stays as it is: the release before runs on it, too.
 * @throws Problem naming the service and what Amazon ECS said
 */
export async function moveServices(
  aws: Aws,
  environment: Environment,
  rollout: Rollout,
): Promise<void> {
  const moved: Moved[] = [];
  for (const names of order) {
    const services = names.filter((name) => environment.service_names.includes(name));
    const ends = await Promise.allSettled(
      services.map(async (service) => {
        const before = await revisionOf(aws, environment, service);
        const revision = await registerRevision(aws, familyOf(environment, service), rollout.image);
        moved.push({ service, before });
        await moveService(aws, environment, service, revision, rollout);
      }),
    );
    const failures = ends.filter((end) => end.status === 'rejected');
    if (failures.length > 0) {
      await goBack(aws, environment, moved, rollout);
      throw new Problem(failures.map(({ reason }) => messageOf(reason)).join('\n'));
    }
  }
}

/**
 * Gives the services of the region that stands by the same image, which the registry has copied there: a fail-over
 * starts the release that was in place. They have no tasks, so that there is nothing to wait for.
 */
export async function prepareStandby(
  aws: Aws,
  environment: Environment,
  image: string,
): Promise<void> {
  await registerRevision(aws, environment.migrate_task_family, image);
  for (const service of order.flat().filter((name) => environment.service_names.includes(name))) {
    const revision = await registerRevision(aws, familyOf(environment, service), image);
    await update(aws, environment, service, revision);
  }
}

async function moveService(
  aws: Aws,
  environment: Environment,
  service: string,
  revision: string,
  rollout: Rollout,
): Promise<void> {
  const known = (await deploymentsOf(aws, environment, service)).map(
    ({ serviceDeploymentArn }) => serviceDeploymentArn,
  );
  await update(aws, environment, service, revision);
  rollout.say(`${service}: ${revision.split('/').at(-1) ?? revision}`);
  for (let attempt = 0; attempt < rollout.attempts; attempt += 1) {
    const deployment = (await deploymentsOf(aws, environment, service)).find(
      ({ serviceDeploymentArn }) => !known.includes(serviceDeploymentArn),
    );
    if (deployment?.status === 'SUCCESSFUL') {
      rollout.say(`${service}: in place`);
      return;
    }
    if (deployment !== undefined && ended.test(deployment.status))
      throw new Problem(
        `${service} ended as ${deployment.status}: ${deployment.statusReason ?? 'no reason given'}.`,
      );
    await rollout.pause();
  }
  throw new Problem(`${service} was not in place in time.`);
}

/** What Amazon ECS has rolled back already is there again; updating it once more to the same changes nothing. */
async function goBack(
  aws: Aws,
  environment: Environment,
  moved: readonly Moved[],
  { say }: Rollout,
): Promise<void> {
  for (const { service, before } of moved.toReversed()) {
    // One that refuses must not keep the others from going back.
    await update(aws, environment, service, before).then(
      () => say(`${service}: back to ${before.split('/').at(-1) ?? before}`),
      (error: unknown) => say(`${service}: does not go back: ${messageOf(error)}`),
    );
  }
}

function update(aws: Aws, environment: Environment, service: string, revision: string) {
  return aws(
    'ecs',
    'update-service',
    '--cluster',
    environment.cluster_name,
    '--service',
    service,
    '--task-definition',
    revision,
  );
}

async function revisionOf(aws: Aws, environment: Environment, service: string): Promise<string> {
  const answer = serviceAnswer.parse(
    await aws(
      'ecs',
      'describe-services',
      '--cluster',
      environment.cluster_name,
      '--services',
      service,
    ),
  );
  return answer.services[0]?.taskDefinition ?? '';
}

/** Newest first. */
async function deploymentsOf(aws: Aws, environment: Environment, service: string) {
  const { serviceDeployments } = deploymentsAnswer.parse(
    await aws(
      'ecs',
      'list-service-deployments',
      '--cluster',
      environment.cluster_name,
      '--service',
      service,
    ),
  );
  return serviceDeployments;
}

function familyOf(environment: Environment, service: string): string {
  const family = environment.task_families.find((name) => name.endsWith(`-${service}`));
  if (family === undefined) throw new Problem(`There is no task definition for ${service}.`);
  return family;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
