import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { format } from '@cdktf/hcl-tools';
import { parse } from '@cdktf/hcl2json';
import { beforeAll, describe, expect, it } from 'vitest';
import { billOf, guideLayout, layoutOf, readVariables, tables, withTables } from './aws-prices.ts';
import type priceList from './aws-prices.json';
import { problemsOfUse, resolveReferences } from './terraform-check-references.ts';
import { problemsOfSchema } from './terraform-check-schema.ts';
import { alarmNames, ownAlarms } from './terraform-alarms.ts';
import { folderOf, readFiles, readModules } from './terraform-configuration.ts';
import type { Body, Module, Part } from './terraform-configuration.ts';
import { circleIn, graphOf, reachedFrom } from './terraform-graph.ts';
import { extractType, typesUsed } from './terraform-schema.extract.ts';
import type { Schema } from './terraform-schema.extract.ts';

const infra = import.meta.dirname;
const root = path.dirname(infra);
const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8');
const schema = JSON.parse(textOf('infra/terraform-schema.json')) as Schema;
const prices = JSON.parse(textOf('infra/aws-prices.json')) as typeof priceList;
const files = readFiles(infra);
const environments = ['prod.tfvars', 'staging.tfvars'] as const;
const readTfvars = async (file: string) =>
  (await parse(file, textOf(`infra/${file}`))) as Readonly<Record<string, unknown>>;

let modules: Module[];
beforeAll(async () => {
  modules = await readModules(files);
});

/** The configuration after a mistaken change of one file's text. */
function changed(file: string, from: string | RegExp, to: string): Promise<Module[]> {
  const text = files.get(file) ?? '';
  const after = text.replace(from, to);
  expect(after, `${file} holds what is to be changed`).not.toBe(text);
  return readModules(new Map([...files, [file, after]]));
}

const circlesIn = async (from: Module[]) =>
  circleIn(await graphOf(from, await resolveReferences(from, schema)));

const allParts = (from: readonly Module[] = modules): Part[] =>
  from.flatMap(({ parts }) => [...parts.values()]);
const bodyOf = (folder: string, address: string): Body => {
  const part = modules.find((module) => module.folder === folder)?.parts.get(address);
  if (part === undefined) throw new Error(`${folder} has no ${address}`);
  return part.body;
};

describe('the Terraform configuration', () => {
  it.each([...files.keys(), ...environments])(
    '%s is formatted like terraform fmt',
    async (file) => {
      const text = textOf(`infra/${file}`);
      expect(await format(text)).toBe(text);
    },
  );

  it('uses only blocks and arguments that exist, and all required ones', () => {
    expect(problemsOfSchema(modules, schema)).toEqual([]);
  });

  it('has no unresolved reference', async () => {
    expect((await resolveReferences(modules, schema)).problems).toEqual([]);
  });

  it('has no unused variable, local, data source or output', async () => {
    expect(problemsOfUse(modules, await resolveReferences(modules, schema))).toEqual([]);
  });

  it('has no dependency cycle', async () => {
    expect(await circlesIn(modules)).toEqual([]);
  });

  it('describes every variable and output', () => {
    const silent = allParts().filter(
      ({ kind, body }) =>
        (kind === 'variable' || kind === 'output') && typeof body['description'] !== 'string',
    );
    expect(silent.map(({ file, address }) => `${file}: ${address}`)).toEqual([]);
  });

  it.each([
    ['an argument with a slip', 'modules/data/database.tf', 'multi_az       =', 'multi_azs      ='],
    ['a missing argument', 'modules/data/database.tf', /^ {2}instance_class = .*\n/m, ''],
    [
      'an unknown block',
      'modules/services/services.tf',
      'deployment_circuit_breaker {',
      'circuit_breaker {',
    ],
    ['a read-only argument', 'modules/network/main.tf', 'domain = "vpc"', 'public_ip = "vpc"'],
    [
      'a list instead of a single value',
      'modules/edge/cloudfront.tf',
      'price_class     = "PriceClass_All"',
      'price_class     = ["PriceClass_All"]',
    ],
    [
      'a typo deep in the firewall',
      'modules/edge/waf.tf',
      'positional_constraint = ',
      'positional_constraints = ',
    ],
    [
      'a resource that no provider has',
      'modules/network/main.tf',
      'resource "aws_vpc" "this"',
      'resource "aws_vpcs" "this"',
    ],
    [
      'an ignored change that cannot happen',
      'modules/services/balancers.tf',
      'ignore_changes = [action]',
      'ignore_changes = [actions]',
    ],
  ])('notices %s', async (_slip, file, from, to) => {
    expect(problemsOfSchema(await changed(file, from, to), schema)).not.toEqual([]);
  });

  it.each([
    [
      'a variable',
      'modules/network/main.tf',
      'cidrsubnet(var.cidr, 4, count.index)',
      'cidrsubnet(var.cdir, 4, count.index)',
    ],
    [
      'a local value',
      'modules/data/database.tf',
      'for_each = local.parameters',
      'for_each = local.parameter',
    ],
    [
      'a resource',
      'modules/edge/assets.tf',
      'aws_cloudfront_distribution.this.arn',
      'aws_cloudfront_distribution.app.arn',
    ],
    [
      'an attribute',
      'modules/edge/assets.tf',
      'aws_cloudfront_distribution.this.arn',
      'aws_cloudfront_distribution.this.url',
    ],
    [
      'an attribute of many',
      'modules/network/outputs.tf',
      'aws_eip.nat[*].public_ip',
      'aws_eip.nat[*].ip',
    ],
    ['an output of a module', 'main.tf', 'module.data.database_host', 'module.data.hostname'],
    ['a field of a variable', 'modules/services/tasks.tf', 'var.web.cpu', 'var.web.cpus'],
    ['a function', 'modules/network/main.tf', 'max(', 'maxx('],
    [
      'each without for_each',
      'modules/network/main.tf',
      'tags                 = { Name = var.name }',
      'tags                 = { Name = each.key }',
    ],
  ])('notices a missing reference to %s', async (_what, file, from, to) => {
    const after = await changed(file, from, to);
    expect((await resolveReferences(after, schema)).problems).not.toEqual([]);
  });

  it('notices a missing module variable, an unused one, and a cycle', async () => {
    const ungiven = await changed('main.tf', /^ {2}rate_limit .*\n/m, '');
    expect(problemsOfUse(ungiven, await resolveReferences(ungiven, schema))).not.toEqual([]);
    const unread = await changed('modules/edge/waf.tf', 'var.rate_limit', '2000');
    expect(problemsOfUse(unread, await resolveReferences(unread, schema))).not.toEqual([]);
    const circle = await changed(
      'modules/network/main.tf',
      'cidr_block           = var.cidr',
      'cidr_block           = aws_subnet.public[0].cidr_block',
    );
    expect(await circlesIn(circle)).not.toEqual([]);
    // Through two modules: the key would need a secret that it encrypts.
    const far = await changed(
      'modules/delivery/secrets.tf',
      'description             = "${var.name}: secrets"',
      'description             = var.app_secret_arn',
    );
    expect(await circlesIn(far)).not.toEqual([]);
  });

  it('has a schema extract of exactly what it uses', () => {
    const used = typesUsed([...files.values()].join('\n'));
    for (const kind of ['resource', 'data', 'ephemeral'] as const)
      expect(Object.keys(schema[kind]).sort()).toEqual(used[kind]);
    expect(schema.license).toContain('MPL-2.0');
  });
});

describe('the extract of the schema', () => {
  const generated = `
function vaultLockToHclTerraform(struct) {
    const attrs = {
        days: {
            value: cdktn.numberToHclTerraform(struct.days),
            isBlock: false,
            type: "simple",
            storageClassType: "number",
        },
    };
}
class VaultLockOutputReference extends cdktn.ComplexObject {
    // days - computed: false, optional: false, required: true
    get days() {
        return this.getNumberAttribute('days');
    }
}
class Vault extends cdktn.TerraformResource {
    static tfResourceType = "aws_vault";
    // arn - computed: true, optional: false, required: false
    get arn() {
        return this.getStringAttribute('arn');
    }
    // lock - computed: false, optional: true, required: false
    _lock = new VaultLockOutputReference(this, "lock");
    synthesizeHclAttributes() {
        const attrs = {
            lock: {
                value: vaultLockToHclTerraform(this._lock.internalValue),
                isBlock: true,
                type: "list",
                storageClassType: "VaultLockList",
            },
        };
    }
}
`;

  it('knows whether each name is required, optional or read-only', () => {
    expect(extractType(generated)).toEqual({
      type: 'aws_vault',
      schema: {
        attributes: { arn: 'computed simple' },
        blocks: {
          lock: { use: 'optional', repeats: false, attributes: { days: 'required simple' } },
        },
      },
    });
  });
});

describe('the environments', () => {
  it.each(environments)('%s sets every variable, and no other', async (file) => {
    const declared = [...(modules.find(({ folder }) => folder === '.')?.parts.values() ?? [])]
      .filter(({ kind }) => kind === 'variable')
      .map(({ type }) => type);
    expect(Object.keys(await readTfvars(file)).sort()).toEqual(declared.sort());
  });

  it('differ only in values: no file checks which environment it is', () => {
    const asked = [...files].filter(([, text]) => /var\.environment\s*(==|!=|\?)/.test(text));
    expect(asked.map(([file]) => file)).toEqual([]);
  });

  it.each(environments)('%s gives PostgreSQL no more connections than it accepts', async (file) => {
    const { pgbouncer, connections_alarm: alarm } = (await readTfvars(file)) as {
      pgbouncer: { max: number; min: number; pool_size: number };
      connections_alarm: number;
    };
    // While the pooler is replaced, each task runs beside its successor.
    expect(2 * pgbouncer.min * pgbouncer.pool_size).toBeLessThan(alarm / 0.8);
    expect(pgbouncer.max * pgbouncer.pool_size).toBeLessThan(alarm / 0.8);
  });
});

/** What the deployment guide requires, each with its resources. */
const required: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'a VPC with private subnets in three zones',
    'network',
    ['aws_vpc.this', 'aws_subnet.private', 'aws_subnet.public', 'aws_subnet.data'],
  ],
  [
    'NAT gateways with addresses that can be listed',
    'network',
    ['aws_nat_gateway.this', 'aws_eip.nat', 'output.nat_public_ips', 'aws_route.private_out'],
  ],
  [
    'who may speak to whom',
    'network',
    [
      'aws_security_group.role',
      'aws_vpc_security_group_egress_rule.flow',
      'aws_vpc_security_group_ingress_rule.flow',
    ],
  ],
  ['layers of images past the NAT gateways', 'network', ['aws_vpc_endpoint.s3']],
  [
    'PostgreSQL in two zones with replicas',
    'data',
    [
      'aws_db_instance.primary',
      'aws_db_instance.replica',
      'aws_db_parameter_group.postgres',
      'aws_db_subnet_group.this',
    ],
  ],
  ['encryption at rest', 'data', ['aws_kms_key.data']],
  [
    '90 days of snapshots, restored every week',
    'data',
    [
      'aws_backup_vault.this',
      'aws_backup_plan.database',
      'aws_backup_selection.database',
      'aws_backup_restore_testing_plan.weekly',
      'aws_backup_restore_testing_selection.database',
    ],
  ],
  [
    'replication to us-east-1',
    'data',
    [
      'aws_db_instance.dr',
      'aws_db_instance_automated_backups_replication.dr',
      'aws_backup_vault.dr',
      'aws_kms_key.dr',
    ],
  ],
  [
    'a queue that never evicts and a cache that does',
    'data',
    [
      'aws_elasticache_replication_group.queue',
      'aws_elasticache_replication_group.cache',
      'aws_elasticache_parameter_group.queue',
      'aws_elasticache_parameter_group.cache',
    ],
  ],
  [
    'passwords in Secrets Manager',
    'data',
    [
      'aws_secretsmanager_secret.owner',
      'aws_secretsmanager_secret.app',
      'aws_secretsmanager_secret.cache',
    ],
  ],
  [
    'files with versions and a copy in the other region',
    'data',
    [
      'aws_s3_bucket.files',
      'aws_s3_bucket_versioning.files',
      'aws_s3_bucket_lifecycle_configuration.files',
      'aws_s3_bucket_replication_configuration.files',
    ],
  ],
  [
    'an ECS cluster on Fargate and Fargate Spot',
    'services',
    [
      'aws_ecs_cluster.this',
      'aws_ecs_cluster_capacity_providers.this',
      'aws_ecs_task_definition.this',
    ],
  ],
  [
    'web and core by blue/green, worker and pooler by rolling',
    'services',
    ['aws_ecs_service.blue_green', 'aws_ecs_service.rolling'],
  ],
  [
    'scaling at 80 % of CPU and of memory',
    'services',
    [
      'aws_appautoscaling_target.this',
      'aws_appautoscaling_policy.cpu',
      'aws_appautoscaling_policy.memory',
    ],
  ],
  [
    'load balancers for web and for gRPC, with health checks',
    'services',
    [
      'aws_lb.public',
      'aws_lb.internal',
      'aws_lb_target_group.this',
      'aws_lb_listener.public',
      'aws_lb_listener.internal',
      'aws_lb_listener_rule.web',
      'aws_lb_listener_rule.core_production',
      'aws_lb_listener_rule.core_trial',
    ],
  ],
  [
    'a smoke test before a release gets traffic, and alarms that roll it back',
    'services',
    [
      'aws_lambda_function.smoke',
      'aws_cloudwatch_metric_alarm.web_errors',
      'aws_cloudwatch_metric_alarm.core_failures',
    ],
  ],
  [
    'roles of tasks',
    'services',
    [
      'aws_iam_role.execution',
      'aws_iam_role.task',
      'aws_iam_role_policy.execution',
      'aws_iam_role_policy.files',
      'aws_iam_role_policy.collector',
    ],
  ],
  [
    'names inside',
    'services',
    [
      'aws_service_discovery_private_dns_namespace.this',
      'aws_service_discovery_service.this',
      'aws_route53_record.core',
    ],
  ],
  [
    'a bucket of the web build with versions',
    'edge',
    [
      'aws_s3_bucket.frontend',
      'aws_s3_bucket_versioning.frontend',
      'aws_s3_bucket_lifecycle_configuration.frontend',
      'aws_s3_bucket_public_access_block.frontend',
    ],
  ],
  [
    'CloudFront with HTTPS',
    'edge',
    [
      'aws_cloudfront_distribution.this',
      'aws_cloudfront_origin_access_control.frontend',
      'aws_acm_certificate.cloudfront',
    ],
  ],
  ['a firewall', 'edge', ['aws_wafv2_web_acl.this']],
  [
    'fail-over by Route 53',
    'edge',
    [
      'aws_route53_record.origin_primary',
      'aws_route53_record.origin_secondary',
      'aws_route53_health_check.primary',
      'aws_route53_health_check.public',
    ],
  ],
  [
    'logs and saved queries',
    'observability',
    ['aws_cloudwatch_log_group.tasks', 'aws_cloudwatch_query_definition.question'],
  ],
  [
    'alarms by SNS',
    'observability',
    [
      'aws_cloudwatch_metric_alarm.this',
      'aws_sns_topic.alarms',
      'aws_sns_topic_subscription.email',
    ],
  ],
  ['X-Ray', 'observability', ['aws_xray_group.this', 'aws_xray_sampling_rule.this']],
  [
    'dashboards',
    'observability',
    ['aws_cloudwatch_dashboard.product', 'aws_cloudwatch_dashboard.traces'],
  ],
  ['budgets', 'observability', ['aws_budgets_budget.monthly']],
  [
    'a registry with a copy in the other region',
    'delivery',
    [
      'aws_ecr_repository.this',
      'aws_ecr_lifecycle_policy.this',
      'aws_ecr_replication_configuration.this',
    ],
  ],
  [
    'roles for GitHub’s workflows without a key',
    'delivery',
    [
      'aws_iam_openid_connect_provider.github',
      'aws_iam_role.github',
      'aws_iam_role_policy.deploy',
      'aws_iam_role_policy.apply',
      'aws_iam_role_policy.plan',
    ],
  ],
  ['secrets', 'delivery', ['aws_secretsmanager_secret.this', 'aws_kms_key.secrets']],
  [
    'a Lambda that checks restored snapshots',
    'delivery',
    [
      'aws_lambda_function.validation',
      'aws_cloudwatch_event_rule.restored',
      'aws_cloudwatch_event_target.restored',
    ],
  ],
];
const requiredParts = required.flatMap(([, folder, addresses]) =>
  addresses.map((address) => ({ folder: `modules/${folder}`, address })),
);
const missingIn = (from: readonly Module[]) =>
  requiredParts
    .filter(
      ({ folder, address }) =>
        from.find((module) => module.folder === folder)?.parts.has(address) !== true,
    )
    .map(({ folder, address }) => `${folder} ${address}`);

describe('the guide’s list', () => {
  it.each(required)('has %s', (_said, folder, addresses) => {
    const parts = modules.find((module) => module.folder === `modules/${folder}`)?.parts;
    expect(addresses.filter((address) => parts?.has(address) !== true)).toEqual([]);
  });

  it('fails for each of them when it is deleted', () => {
    for (const { folder, address } of requiredParts) {
      const without = modules.map((module) =>
        module.folder === folder
          ? { ...module, parts: new Map([...module.parts].filter(([name]) => name !== address)) }
          : module,
      );
      expect(missingIn(without)).toEqual([`${folder} ${address}`]);
    }
  });

  it('calls every module', () => {
    const called = [...(modules.find(({ folder }) => folder === '.')?.parts.values() ?? [])]
      .filter(({ kind }) => kind === 'module')
      .map(folderOf);
    expect([...new Set(called)].sort()).toEqual(
      modules.map(({ folder }) => folder).filter((folder) => folder !== '.'),
    );
  });

  it('keeps the guide’s names and figures', async () => {
    const production = await readTfvars('prod.tfvars');
    const staging = await readTfvars('staging.tfvars');
    expect(production).toMatchObject({
      name: 'loyalnest',
      domain: 'api.loyalnest.com',
      region: 'us-west-2',
      dr_region: 'us-east-1',
      rds_allocated_storage: 100,
      rds_read_replicas: 2,
      rds_multi_az: true,
      backup_retention_days: 90,
      partitions: 8,
      budget_usd: 250,
      core_services: {
        points: { min: 2, max: 10 },
        admin: { min: 2, max: 10 },
        analytics: { min: 2, max: 10, spot: true },
        frontend: { min: 2, max: 10 },
      },
      web: { min: 2, max: 10 },
    });
    expect(staging).toMatchObject({
      domain: 'staging.loyalnest.com',
      rds_allocated_storage: 20,
      rds_read_replicas: 1,
      partitions: 4,
      core_services: { points: { min: 1, max: 3 }, frontend: { min: 1, max: 3 } },
      web: { min: 1, max: 3 },
    });
    expect(bodyOf('modules/observability', 'aws_cloudwatch_log_group.tasks')['name']).toBe(
      '/aws/ecs/${var.name}',
    );
    expect(bodyOf('modules/edge', 'aws_s3_bucket.frontend')['bucket']).toBe('${var.name}-frontend');
    for (const metric of ['cpu', 'memory'])
      expect(bodyOf('modules/services', `aws_appautoscaling_policy.${metric}`)).toMatchObject({
        target_tracking_scaling_policy_configuration: [{ target_value: 80 }],
      });
    const pooler = textOf('infra/modules/services/pgbouncer/start.sh');
    expect(pooler).toContain('pool_mode = transaction');
    expect(textOf('infra/modules/services/tasks.tf')).toMatch(/MAX_CLIENT_CONN\s+= "1000"/);
    expect(bodyOf('modules/data', 'aws_db_instance.primary')).toMatchObject({
      engine_version: '15',
      iam_database_authentication_enabled: true,
      storage_encrypted: true,
    });
  });
});

describe('the fail-over', () => {
  it('needs nothing from the region that is down', async () => {
    const command =
      /terraform apply [^`]*dr_active=true[^`]*/.exec(textOf('docs/aws.md'))?.[0] ?? '';
    expect(command).toContain('-refresh=false');
    const targets = [...command.matchAll(/-target=(\S+)/g)].map(([, target = '']) =>
      target.replace(/^(module\.\w+)\./, '$1/'),
    );
    expect(targets.length).toBeGreaterThan(3);
    const graph = await graphOf(modules, await resolveReferences(modules, schema));
    const reached = [...reachedFrom(graph, targets)];
    for (const made of ['aws_elasticache_replication_group.dr', 'aws_db_instance.dr'])
      expect(reached).toContain(`module.data/${made}`);
    expect(reached).toContain('module.network_dr/aws_nat_gateway.this');
    expect(reached).toContain('module.services_dr/aws_appautoscaling_target.this');
    // Data sources are read even without a refresh: ours, Route 53's, and the other region's.
    const asked = reached
      .map((node) => ({ node, address: node.split('/').at(-1) ?? '' }))
      .filter(({ address }) => /^(data|ephemeral)\./.test(address))
      .filter(({ node }) => !node.startsWith('module.network_dr/'))
      .filter(
        ({ address }) =>
          !/^data\.(aws_iam_policy_document|archive_file|aws_route53_zone)\./.test(address),
      )
      .filter(({ address }) => bodyOf('modules/data', address)['region'] !== '${var.dr_region}');
    expect(asked).toEqual([]);
  });
});

describe('the tasks', () => {
  const tasks = () => textOf('infra/modules/services/tasks.tf');
  const known = [...textOf('.env.example').matchAll(/^([A-Z][A-Z_0-9]*)=/gm)].map(
    ([, name]) => name ?? '',
  );
  const ownOf = (task: string) =>
    new RegExp(`^ {4}${task} = \\{[\\s\\S]*?^ {4}\\}`, 'm').exec(tasks())?.[0] ?? '';

  it('get variables from .env.example', () => {
    const ours = tasks().replace(ownOf('pgbouncer'), '').replace(ownOf('collector'), '');
    const given = [...ours.matchAll(/\b([A-Z][A-Z_0-9]+) +=/g)].map(([, name]) => name ?? '');
    expect(given.length).toBeGreaterThan(20);
    expect(given.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('get every required variable', () => {
    for (const needed of ['DATABASE_URL', 'CORE_SIGNING_KEY', 'ENCRYPTION_KEYS', 'BLIND_INDEX_KEY'])
      expect(/core_secrets = \{[\s\S]*?\n {2}\}/.exec(tasks())?.[0]).toContain(`${needed} `);
    for (const needed of [
      'DATABASE_URL',
      'CORE_SIGNING_KEY',
      'ENCRYPTION_KEYS',
      'SHOPIFY_API_KEY',
      'SHOPIFY_API_SECRET',
      'REDIS_URL',
    ])
      expect(/app_secrets = \{[\s\S]*?\n {2}\}/.exec(tasks())?.[0]).toContain(`${needed} `);
  });

  it('find the authorities that URLs name in the images', () => {
    const named = [
      ...(/sslrootcert=([\w/.]+)/.exec(textOf('infra/modules/data/database.tf')) ?? []),
    ].at(1);
    expect(named).toBe('/etc/ssl/rds.pem');
    for (const image of ['Dockerfile', 'infra/modules/services/pgbouncer/Dockerfile'])
      expect(textOf(image)).toMatch(/^ADD .*global-bundle\.pem \/etc\/ssl\/rds\.pem$/m);
    expect(textOf('infra/modules/services/pgbouncer/start.sh')).toContain(named);
  });

  it('run the commands that the image has', () => {
    const commands = [...tasks().matchAll(/command\s+= \["node", "([^"]+)"/g)].map(
      ([, file]) => file ?? '',
    );
    expect(commands).toHaveLength(4);
    for (const file of commands) expect(() => textOf(file)).not.toThrow();
  });

  it('can write only to a scratch folder, and do not run as root', () => {
    expect(tasks()).toMatch(/readonlyRootFilesystem = true/);
    expect([...tasks().matchAll(/user\s+= "node"/g)]).toHaveLength(4);
    expect(textOf('infra/modules/services/pgbouncer/Dockerfile')).toMatch(/^USER postgres$/m);
  });

  it('give up a connection whose other end is gone without a word', () => {
    expect(tasks()).toContain('namespace = "net.ipv4.tcp_retries2", value = "5"');
  });

  it.each(environments)('in %s serve exactly core’s RPC methods', async (file) => {
    const { core_services: services } = (await readTfvars(file)) as {
      core_services: Record<string, { paths: string[]; min: number }>;
    };
    const protos = readdirSync(path.join(root, 'proto'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.proto') && !name.startsWith('gen'))
      .map((name) => textOf(`proto/${name}`));
    const calls = protos.flatMap((text) =>
      [...text.matchAll(/^service (\w+)/gm)].map(
        ([, service]) => `/${/^package ([\w.]+);/m.exec(text)?.[1]}.${service}/AnyMethod`,
      ),
    );
    expect(calls.length).toBeGreaterThanOrEqual(4);
    const patterns = Object.entries(services).flatMap(([name, { paths, min }]) =>
      paths.map((text) => ({
        name,
        min,
        pattern: new RegExp(`^${text.replaceAll('.', '\\.').replaceAll('*', '.*')}$`),
      })),
    );
    for (const call of [...calls, '/grpc.health.v1.Health/Check']) {
      const found = patterns.filter(({ pattern }) => pattern.test(call));
      expect(
        found.map(({ name }) => name),
        call,
      ).toHaveLength(1);
      expect(found[0]?.min ?? 0, call).toBeGreaterThan(0);
    }
  });
});

describe('the firewall', () => {
  it('never applies to requests that Shopify signs', () => {
    const rules = JSON.stringify(bodyOf('modules/edge', 'aws_wafv2_web_acl.this'));
    // The managed groups in one rule, and the rate limit.
    expect(rules.split('"scope_down_statement":[{"not_statement"')).toHaveLength(3);
    const [locals] = [textOf('infra/modules/edge/waf.tf')];
    expect(locals).toMatch(/signed_paths = \["\/webhooks\/", "\/proxy\/", "\/flow\/"\]/);
    const routes = readdirSync(path.join(root, 'app/routes'));
    expect(routes.some((name) => name.startsWith('webhooks.'))).toBe(true);
    expect(routes.some((name) => name.startsWith('proxy.'))).toBe(true);
  });

  it('only counts matches in bodies where people upload files and write templates', () => {
    const text = textOf('infra/modules/edge/waf.tf');
    expect(text).toMatch(/body_paths = \["\/app\/", "\/extension\/"\]/);
    const bodyRules = [...text.matchAll(/^\s+(\w+_BODY)\s+= "(awswaf:[^"]+)"/gm)];
    expect(bodyRules.length).toBeGreaterThanOrEqual(9);
  });
});

describe('permissions', () => {
  // AWS actions without a resource.
  const withoutResource = [
    'ecr:GetAuthorizationToken',
    'ecs:DescribeTaskDefinition',
    'ecs:RegisterTaskDefinition',
    'backup:PutRestoreValidationResult',
    'cloudwatch:DescribeAlarms',
  ];
  const list = (value: unknown): string[] =>
    [value].flat(1).filter((item) => typeof item === 'string');
  const statements = () =>
    allParts()
      .filter(({ type, kind }) => kind === 'data' && type === 'aws_iam_policy_document')
      .flatMap(({ file, address, body }) => {
        const plain = (body['statement'] ?? []) as readonly Body[];
        const dynamic = ((body['dynamic'] as Body | undefined)?.['statement'] ??
          []) as unknown as readonly { content: readonly Body[] }[];
        return [...plain, ...dynamic.flatMap(({ content }) => content)].map((statement) => ({
          where: `${file}: ${address}`,
          statement,
        }));
      });

  it('name their resources wherever AWS supports it', () => {
    const loose = statements()
      .filter(({ statement }) => statement['effect'] !== 'Deny')
      .filter(({ statement }) => list(statement['resources']).includes('*'))
      .filter(
        ({ statement }) =>
          !list(statement['actions']).every(
            (action) => withoutResource.includes(action) || action.startsWith('xray:'),
          ),
      );
    expect(loose.map(({ where }) => where)).toEqual([]);
  });

  it('allow no action by a wildcard', () => {
    const loose = statements()
      .filter(({ statement }) => statement['effect'] !== 'Deny')
      .filter(({ statement }) => list(statement['actions']).some((action) => action.includes('*')));
    expect(loose.map(({ where }) => where)).toEqual([]);
  });

  it('are granted to GitHub for this repository only', () => {
    const [trust] = bodyOf('modules/delivery', 'data.aws_iam_policy_document.github_trust')[
      'statement'
    ] as readonly Body[];
    expect(trust?.['condition']).toEqual([
      {
        test: 'StringEquals',
        variable: 'token.actions.githubusercontent.com:aud',
        values: ['sts.amazonaws.com'],
      },
      {
        test: 'StringEquals',
        variable: 'token.actions.githubusercontent.com:sub',
        values: ['${each.value}'],
      },
    ]);
  });

  it('leave no password in the state', () => {
    for (const { file, body } of allParts().filter(
      ({ type }) => type === 'aws_secretsmanager_secret_version',
    ))
      expect(Object.keys(body), file).not.toContain('secret_string');
    expect(bodyOf('modules/data', 'aws_db_instance.primary')).not.toHaveProperty('password');
  });
});

describe('alarms', () => {
  const text = textOf('infra/modules/observability/alarms.tf');

  it('are in the runbook, each with what to do, and nothing else is', () => {
    const section = /\n## Alarms\n([\s\S]*?)\n## /.exec(textOf('docs/runbook.md'))?.[1] ?? '';
    const listed = [...section.matchAll(/^\| ((?:`[^`]+` ?)+)\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''),
    );
    expect([...new Set(listed)].sort()).toEqual([...new Set(alarmNames())].sort());
  });

  it('read metrics by the dimensions that the collector makes of them', () => {
    const declared = [
      ...textOf('infra/main.tf').matchAll(
        /dimensions = \[\[([^\]]+)\]\], metric_name_selectors = \["([^\]]+)"\]/g,
      ),
    ].map(([, names = '', selector = '']) => ({
      names: [...names.matchAll(/"(\w+)"/g)].map(([, name]) => name ?? '').sort(),
      selector: new RegExp(selector.replaceAll('\\\\', '\\')),
    }));
    const undeclared = ownAlarms().filter(
      ({ metric, dimensions }) =>
        !declared.some(
          ({ names, selector }) =>
            selector.test(metric) && names.join() === Object.keys(dimensions).sort().join(),
        ),
    );
    expect(undeclared).toEqual([]);
  });

  it('know the jobs that they ask about', () => {
    for (const { dimensions } of ownAlarms())
      if (dimensions['job'] !== undefined)
        expect(textOf('app/jobs/catalog.ts')).toContain(`'${dimensions['job']}'`);
  });

  it('use existing AWS metrics with their real dimensions', () => {
    const known: Record<string, readonly string[]> = {
      'AWS/ECS CPUUtilization': ['ClusterName', 'ServiceName'],
      'AWS/ECS MemoryUtilization': ['ClusterName', 'ServiceName'],
      'AWS/ApplicationELB HTTPCode_ELB_5XX_Count': ['LoadBalancer'],
      'AWS/ApplicationELB TargetResponseTime': ['LoadBalancer'],
      'AWS/ApplicationELB UnHealthyHostCount': ['LoadBalancer', 'TargetGroup'],
      'AWS/RDS CPUUtilization': ['DBInstanceIdentifier'],
      'AWS/RDS FreeStorageSpace': ['DBInstanceIdentifier'],
      'AWS/RDS FreeableMemory': ['DBInstanceIdentifier'],
      'AWS/RDS DatabaseConnections': ['DBInstanceIdentifier'],
      'AWS/RDS ReplicaLag': ['DBInstanceIdentifier'],
      'AWS/RDS MaximumUsedTransactionIDs': ['DBInstanceIdentifier'],
      'AWS/ElastiCache EngineCPUUtilization': ['CacheClusterId'],
      'AWS/ElastiCache DatabaseMemoryUsagePercentage': ['CacheClusterId'],
      'AWS/ElastiCache Evictions': ['CacheClusterId'],
      'AWS/Backup NumberOf${kind}JobsFailed': ['BackupVaultName', 'ResourceType'],
      'AWS/Backup NumberOfBackupJobsCompleted': ['BackupVaultName', 'ResourceType'],
      'AWS/Lambda Errors': ['FunctionName'],
      'AWS/Route53 HealthCheckStatus': ['HealthCheckId'],
      'AWS/WAFV2 BlockedRequests': ['WebACL', 'Rule'],
    };
    const asked = [
      ...text.matchAll(
        /namespace\s*= "(AWS\/\w+)", metric = "([^"]+)"[\s\S]*?dimensions\s*= (merge\(local\.cluster, )?\{ ([^}]*) \}/g,
      ),
    ].map(([, namespace, metric, cluster, dimensions = '']) => ({
      metric: `${namespace} ${metric}`,
      dimensions: [
        ...(cluster === undefined ? [] : ['ClusterName']),
        ...[...dimensions.matchAll(/(\w+) = /g)].map(([, name]) => name ?? ''),
      ],
    }));
    expect(new Set(asked.map(({ metric }) => metric))).toEqual(new Set(Object.keys(known)));
    for (const { metric, dimensions } of asked) expect(dimensions, metric).toEqual(known[metric]);
  });

  it('include those of the deployment guide', () => {
    for (const named of ['-cpu"', '-memory"', '"rfm-refresh"', '"privacy"', '"dead-letters"'])
      expect(text).toContain(named);
    expect(bodyOf('modules/services', 'aws_cloudwatch_metric_alarm.web_errors')['threshold']).toBe(
      0.1,
    );
  });

  it('name an existing section of the papers', () => {
    const documents = ['docs/runbook.md', 'docs/aws.md'].map(textOf).join('\n');
    const sections = [
      ...[...text.matchAll(/Runbook: ([^".]+)"/g)].map(
        ([, name = '']) => name.split(', Dead')[0] ?? '',
      ),
      ...[...text.matchAll(/docs\/aws\.md, ([^".]+)"/g)].map(([, name = '']) => name),
    ];
    expect(sections.length).toBeGreaterThan(20);
    const missing = sections.filter((name) => !documents.includes(`\n## ${name}\n`));
    expect([...new Set(missing)]).toEqual([]);
  });
});

describe('what it costs', () => {
  it('is in docs/aws.md as computed from list prices', async () => {
    const text = textOf('docs/aws.md');
    expect(withTables(text, await tables(prices))).toBe(text);
    expect(text).toContain(await tables(prices));
  });

  it('exceeds the guide’s estimate for the guide’s own list', () => {
    const { total } = billOf(guideLayout, prices);
    expect(total).toBeGreaterThan(500);
    expect(total).toBeLessThan(560);
  });

  it.each(environments)(
    'is at most the budget of %s, which is less than 15 % above it',
    async (file) => {
      const variables = await readVariables(file);
      const { total } = billOf(layoutOf(variables), prices);
      const { budget_expected_usd: budget } = (await readTfvars(file)) as {
        budget_expected_usd: number;
      };
      expect(budget).toBeGreaterThan(total);
      expect(budget).toBeLessThan(total * 1.15);
    },
  );
});

describe('the check of a restored snapshot', () => {
  it('includes the driver with all its dependencies', () => {
    const { packages } = JSON.parse(textOf('package-lock.json')) as {
      packages: Record<string, { dependencies?: Record<string, string> }>;
    };
    const needed = new Set<string>();
    const add = (name: string): void => {
      if (needed.has(name)) return;
      needed.add(name);
      for (const inner of Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {}))
        add(inner);
    };
    add('pg');
    const listed = /driver = \[([\s\S]*?)\]/.exec(
      textOf('infra/modules/delivery/validation.tf'),
    )?.[1];
    expect([...(listed ?? '').matchAll(/"([^"]+)"/g)].map(([, name]) => name)).toEqual(
      [...needed].sort(),
    );
  });
});
