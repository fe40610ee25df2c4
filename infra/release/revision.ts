import { z } from 'zod';
import type { Aws } from './aws.ts';

/** Answered with a task definition, and refused when one is registered. */
const readOnly = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
];

const described = z.object({
  taskDefinition: z
    .object({
      containerDefinitions: z.array(z.object({ image: z.string() }).loose()).length(1),
    })
    .loose(),
});
const registered = z.object({ taskDefinition: z.object({ taskDefinitionArn: z.string() }) });

/**
 * Registers the newest revision of a family again with another image and nothing else changed.
 * @returns the new revision's ARN
 */
export async function registerRevision(aws: Aws, family: string, image: string): Promise<string> {
  const { taskDefinition } = described.parse(
    await aws('ecs', 'describe-task-definition', '--task-definition', family),
  );
  const next = Object.fromEntries(
    Object.entries(taskDefinition).filter(([name]) => !readOnly.includes(name)),
  );
  const [container] = taskDefinition.containerDefinitions;
  const input = { ...next, containerDefinitions: [{ ...container, image }] };
  const answer = await aws(
    'ecs',
    'register-task-definition',
    '--cli-input-json',
    JSON.stringify(input),
  );
  return registered.parse(answer).taskDefinition.taskDefinitionArn;
}
