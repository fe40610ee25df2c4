// What a release must know of its environment: Terraform's outputs, kept as a variable of GitHub's environment.
import { z } from 'zod';
import { Problem } from '#infra/local/process.ts';

/** As Terraform prints an output: its value beside its type. */
const output = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(
    (found) =>
      typeof found === 'object' && found !== null && 'value' in found ? found.value : undefined,
    schema,
  );

const outputs = z.object({
  region: output(z.string().min(1)),
  /** Of the region that stands by; null where there is none, which Terraform does not put out. */
  dr_region: output(z.string().min(1).nullable())
    .optional()
    .transform((region) => region ?? null),
  domain: output(z.string().min(1)),
  cluster_name: output(z.string().min(1)),
  service_names: output(z.array(z.string()).min(1)),
  task_families: output(z.array(z.string()).min(1)),
  migrate_task_family: output(z.string().min(1)),
  migrate_network: output(
    z.object({ subnets: z.array(z.string()).min(1), security_groups: z.array(z.string()).min(1) }),
  ),
  frontend_bucket: output(z.string().min(1)),
  distribution_id: output(z.string().min(1)),
});

/** Terraform's outputs that a release uses, by their names in infra/outputs.tf. */
export type Environment = z.output<typeof outputs>;

/**
 * Reads `TERRAFORM_OUTPUTS`, which holds what `terraform output -json` prints.
 * @throws Problem naming what is missing.
 */
export function readEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const text = source['TERRAFORM_OUTPUTS'] ?? '';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Problem('TERRAFORM_OUTPUTS must hold what `terraform output -json` prints.');
  }
  const parsed = outputs.safeParse(json);
  if (parsed.success) return parsed.data;
  const missing = [...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? 'all')))];
  throw new Problem(`TERRAFORM_OUTPUTS lacks ${missing.join(', ')}: run terraform apply first.`);
}
