// The steps of a release against an `aws` of our own, which answers as AWS's does and writes down what it was asked.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromRoot } from '#infra/local/paths.ts';
import { deleteStaleAssets, uploadAssets } from './assets.ts';
import type { Aws } from './aws.ts';
import { readEnvironment } from './environment.ts';
import type { Environment } from './environment.ts';
import { runMigrationTask } from './migrate-task.ts';
import { moveServices, prepareStandby } from './services.ts';
import { smokeTest } from './smoke.ts';

const image = `111111111111.dkr.ecr.us-west-2.amazonaws.com/loyalnest-backend@sha256:${'a'.repeat(64)}`;
const environment: Environment = {
  region: 'us-west-2',
  dr_region: 'us-east-1',
  domain: 'api.loyalnest.com',
  cluster_name: 'loyalnest',
  service_names: [
    'admin',
    'analytics',
    'collector',
    'frontend',
    'pgbouncer',
    'points',
    'web',
    'worker',
  ],
  task_families: [
    'loyalnest-admin',
    'loyalnest-analytics',
    'loyalnest-frontend',
    'loyalnest-migrate',
    'loyalnest-pgbouncer',
    'loyalnest-points',
    'loyalnest-web',
    'loyalnest-worker',
  ],
  migrate_task_family: 'loyalnest-migrate',
  migrate_network: { subnets: ['subnet-1'], security_groups: ['sg-1'] },
  frontend_bucket: 'loyalnest-frontend',
  distribution_id: 'E1',
};
const pause = () => Promise.resolve();

type Answers = Readonly<Record<string, (args: readonly string[]) => unknown>>;

/** AWS's own shapes, as its API reference has them. */
function fakeAws(overrides: Answers = {}) {
  const asked: string[][] = [];
  const deployments = new Map<string, number>();
  const of = (args: readonly string[], flag: string) => args[args.indexOf(flag) + 1] ?? '';
  const answers: Answers = {
    'ecs describe-task-definition': (args) => ({
      taskDefinition: {
        taskDefinitionArn: `arn:${of(args, '--task-definition')}:7`,
        family: of(args, '--task-definition'),
        revision: 7,
        status: 'ACTIVE',
        registeredBy: 'terraform',
        cpu: '512',
        containerDefinitions: [
          { name: 'x', image: 'old', environment: [{ name: 'A', value: '1' }] },
        ],
      },
    }),
    'ecs register-task-definition': (args) => {
      const { family } = JSON.parse(of(args, '--cli-input-json')) as { family: string };
      return { taskDefinition: { taskDefinitionArn: `arn:task-definition/${family}:8` } };
    },
    'ecs describe-services': (args) => ({
      services: [{ taskDefinition: `arn:task-definition/loyalnest-${of(args, '--services')}:7` }],
    }),
    'ecs update-service': (args) => {
      const service = of(args, '--service');
      deployments.set(service, (deployments.get(service) ?? 0) + 1);
      return { service: {} };
    },
    'ecs list-service-deployments': (args) => ({
      serviceDeployments: Array.from(
        { length: deployments.get(of(args, '--service')) ?? 0 },
        (_, place) => ({
          serviceDeploymentArn: `arn:deployment/${of(args, '--service')}/${place}`,
          createdAt: 1,
          status: 'SUCCESSFUL',
        }),
      ),
    }),
    'ecs run-task': () => ({ tasks: [{ taskArn: 'arn:task/1' }], failures: [] }),
    'ecs describe-tasks': () => ({
      tasks: [{ lastStatus: 'STOPPED', containers: [{ exitCode: 0 }] }],
    }),
    'ecs stop-task': () => ({}),
    's3 cp': () => null,
    's3api delete-objects': () => null,
    's3api list-objects-v2': () => null,
    'cloudfront create-invalidation': () => ({}),
    'logs filter-log-events': () => ({ events: [] }),
    'xray get-trace-summaries': () => ({ TraceSummaries: [{ Id: '1' }] }),
    ...overrides,
  };
  const aws: Aws = (...args) => {
    asked.push(args);
    const name = args.slice(0, 2).join(' ');
    const answer = answers[name];
    if (answer === undefined) return Promise.reject(new Error(`aws has no ${name}`));
    try {
      return Promise.resolve(answer(args));
    } catch (error) {
      return Promise.reject(new Error(String(error)));
    }
  };
  const updates = () =>
    asked
      .filter(([, verb]) => verb === 'update-service')
      .map((args) => `${of(args, '--service')} ${of(args, '--task-definition').split('/')[1]}`);
  return { aws, asked, updates, of };
}

const rollout = (lines: string[] = []) => ({
  image,
  pause,
  attempts: 3,
  say: (line: string) => lines.push(line),
});

describe('services', () => {
  it('move to the image: core, then the worker, then web, and nothing but ours', async () => {
    const { aws, asked, updates, of } = fakeAws();
    await moveServices(aws, environment, rollout());
    expect(updates().slice(0, 4).sort()).toEqual([
      'admin loyalnest-admin:8',
      'analytics loyalnest-analytics:8',
      'frontend loyalnest-frontend:8',
      'points loyalnest-points:8',
    ]);
    expect(updates().slice(4)).toEqual(['worker loyalnest-worker:8', 'web loyalnest-web:8']);
    const registered = asked
      .filter(([, verb]) => verb === 'register-task-definition')
      .map((args) => JSON.parse(of(args, '--cli-input-json')) as Record<string, unknown>);
    expect(registered[0]).toEqual({
      family: expect.any(String) as string,
      cpu: '512',
      containerDefinitions: [{ name: 'x', image, environment: [{ name: 'A', value: '1' }] }],
    });
  });

  it('go back together when Amazon ECS rolls one of them back', async () => {
    const lines: string[] = [];
    let rolledBack = 0;
    const { aws, updates, of } = fakeAws({
      'ecs list-service-deployments': (args) => {
        if (of(args, '--service') !== 'worker')
          return { serviceDeployments: deploymentsAfterUpdate(args) };
        rolledBack += 1;
        return rolledBack === 1
          ? { serviceDeployments: [] }
          : {
              serviceDeployments: [
                {
                  serviceDeploymentArn: 'arn:w',
                  createdAt: 1,
                  status: 'ROLLBACK_SUCCESSFUL',
                  statusReason: 'alarm loyalnest-core-failures',
                },
              ],
            };
      },
    });
    const deploymentsAfterUpdate = (args: readonly string[]) =>
      updates().some((line) => line.startsWith(`${of(args, '--service')} `))
        ? [{ serviceDeploymentArn: 'arn:new', createdAt: 1, status: 'SUCCESSFUL' }]
        : [];
    await expect(moveServices(aws, environment, rollout(lines))).rejects.toThrow(
      'worker ended as ROLLBACK_SUCCESSFUL: alarm loyalnest-core-failures',
    );
    expect(updates().some((line) => line.startsWith('web '))).toBe(false);
    expect(updates().slice(5).sort()).toEqual([
      'admin loyalnest-admin:7',
      'analytics loyalnest-analytics:7',
      'frontend loyalnest-frontend:7',
      'points loyalnest-points:7',
      'worker loyalnest-worker:7',
    ]);
  });

  it('are not taken for moved because an earlier deployment succeeded', async () => {
    const { aws } = fakeAws({
      'ecs list-service-deployments': () => ({
        serviceDeployments: [{ serviceDeploymentArn: 'a', createdAt: 1, status: 'SUCCESSFUL' }],
      }),
    });
    await expect(moveServices(aws, environment, rollout())).rejects.toThrow(
      'points was not in place in time',
    );
  });

  it('of the region that stands by get the release without being waited for', async () => {
    const { aws, asked, updates } = fakeAws();
    await prepareStandby(aws, environment, image);
    expect(updates()).toHaveLength(6);
    expect(asked.some(([, verb]) => verb === 'list-service-deployments')).toBe(false);
  });
});

describe('the migration', () => {
  const task = { image, pause, attempts: 3 };

  it('runs once, on the image of the release, in the network of its task', async () => {
    const { aws, asked, of } = fakeAws();
    await runMigrationTask(aws, environment, task);
    const runs = asked.filter(([, verb]) => verb === 'run-task');
    expect(runs).toHaveLength(1);
    expect(of(runs[0] ?? [], '--task-definition')).toContain('loyalnest-migrate:8');
    expect(of(runs[0] ?? [], '--network-configuration')).toContain('subnet-1');
    expect(runs[0]).not.toContain('--overrides');
  });

  it.each([
    [
      'does not start',
      { 'ecs run-task': () => ({ tasks: [], failures: [{ reason: 'RESOURCE:ENI' }] }) },
      'did not start: RESOURCE:ENI',
    ],
    [
      'fails',
      {
        'ecs describe-tasks': () => ({
          tasks: [{ lastStatus: 'STOPPED', containers: [{ exitCode: 1 }] }],
        }),
      },
      'ended with 1',
    ],
    [
      'never ran, as its image is missing',
      {
        'ecs describe-tasks': () => ({
          tasks: [
            { lastStatus: 'STOPPED', stoppedReason: 'CannotPullContainerError', containers: [{}] },
          ],
        }),
      },
      'no exit code (CannotPullContainerError)',
    ],
    [
      'does not end',
      { 'ecs describe-tasks': () => ({ tasks: [{ lastStatus: 'RUNNING', containers: [] }] }) },
      'did not end in time',
    ],
  ])('stops the release when it %s', async (_what, overrides, message) => {
    const { aws } = fakeAws(overrides);
    await expect(runMigrationTask(aws, environment, task)).rejects.toThrow(message);
  });

  it('stops a task that does not end', async () => {
    const { aws, asked } = fakeAws({
      'ecs describe-tasks': () => ({ tasks: [{ lastStatus: 'RUNNING', containers: [] }] }),
    });
    await expect(runMigrationTask(aws, environment, task)).rejects.toThrow();
    expect(asked.at(-1)?.[1]).toBe('stop-task');
  });
});

describe('files for browsers', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-client-'));
    mkdirSync(path.join(folder, 'assets/fonts'), { recursive: true });
    writeFileSync(path.join(folder, 'assets/app-1.js'), '1');
    writeFileSync(path.join(folder, 'assets/fonts/a.woff2'), '2');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are added to those of earlier releases, none of which goes', async () => {
    let manifest = '';
    const { aws, asked } = fakeAws({
      's3 cp': ([, , from = '']) => {
        if (from.endsWith('manifest.json')) manifest = readFileSync(from, 'utf8');
        return null;
      },
    });
    await uploadAssets(aws, environment, folder, 'c0ffee');
    const copies = asked.filter(([service]) => service === 's3');
    expect(copies[0]?.slice(2, 5)).toEqual([
      path.join(folder, 'assets'),
      's3://loyalnest-frontend/assets',
      '--recursive',
    ]);
    expect(copies[0]).toContain('public, max-age=31536000, immutable');
    expect(copies.flat()).not.toContain('--delete');
    expect(copies[1]?.[3]).toBe('s3://loyalnest-frontend/releases/c0ffee.json');
    expect(JSON.parse(manifest)).toMatchObject({
      release: 'c0ffee',
      files: ['assets/app-1.js', 'assets/fonts/a.woff2'],
    });
  });

  it('of a build without any end the release', async () => {
    rmSync(path.join(folder, 'assets/app-1.js'));
    rmSync(path.join(folder, 'assets/fonts/a.woff2'));
    await expect(uploadAssets(fakeAws().aws, environment, folder, 'c0ffee')).rejects.toThrow(
      'There are no files',
    );
  });

  const old = '2026-01-01T00:00:00Z';
  const withManifests = (errors: unknown) =>
    fakeAws({
      's3 cp': ([, , , to = '']) => {
        for (const [place, file] of ['a.js', 'b.js', 'c.js', 'd.js'].entries())
          writeFileSync(
            path.join(to, `${place}.json`),
            JSON.stringify({ release: file, at: `2026-02-0${place + 1}T00:00:00Z`, files: [file] }),
          );
        return null;
      },
      's3api list-objects-v2': () => ({
        Contents: ['a.js', 'b.js', 'c.js', 'd.js'].map((Key) => ({ Key, LastModified: old })),
      }),
      's3api delete-objects': () => errors,
    });

  it('go when no kept release has them', async () => {
    const { aws, asked, of } = withManifests(null);
    expect(await deleteStaleAssets(aws, environment)).toBe(1);
    expect(JSON.parse(of(asked.at(-1) ?? [], '--delete'))).toEqual({
      Objects: [{ Key: 'a.js' }],
      Quiet: true,
    });
  });

  it('that S3 does not delete are told', async () => {
    const { aws } = withManifests({ Errors: [{ Key: 'a.js', Code: 'AccessDenied' }] });
    await expect(deleteStaleAssets(aws, environment)).rejects.toThrow('a.js (AccessDenied)');
  });
});

describe('the look after a release', () => {
  let server: Server;
  let address = '';
  let statuses: Record<string, number> = {};
  let bodies: Record<string, unknown> = {};
  beforeEach(async () => {
    statuses = {};
    bodies = {};
    server = createServer((request, response) => {
      const where = request.url?.split('?')[0] ?? '';
      response.writeHead(statuses[where] ?? 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(bodies[where] ?? []));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const look = async (aws: Aws = fakeAws().aws) => {
    const findings = await smokeTest(aws, {
      address,
      asset: 'assets/app.js',
      logGroup: '/aws/ecs/loyalnest',
      since: Date.now(),
      sentry: { url: address, token: 't', project: 'loyalnest/app' },
      posthog: { url: address, key: 'k', project: '1' },
      pause,
    });
    return Object.fromEntries(findings.map(({ check, result }) => [check, result]));
  };
  const events = '/api/projects/1/query/';
  const issues = '/api/0/projects/loyalnest/app/issues/';

  it('finds nothing wrong with a release that does its work', async () => {
    bodies[events] = { results: [['points_earned', 3]] };
    expect(await look()).toEqual({
      alive: 'passed',
      ready: 'passed',
      assets: 'passed',
      log: 'passed',
      traces: 'passed',
      sentry: 'passed',
      posthog: 'passed',
    });
  });

  it.each([
    ['ready', () => (statuses['/healthz'] = 503)],
    ['assets', () => (statuses['/assets/app.js'] = 404)],
    ['sentry', () => (bodies[issues] = [{ title: 'TypeError' }])],
    ['sentry', () => (statuses[issues] = 401)],
    ['posthog', () => (bodies[events] = { results: [] })],
  ])('finds what is wrong: %s', async (check, go) => {
    bodies[events] = { results: [['points_earned', 3]] };
    go();
    const findings = await look();
    expect(Object.entries(findings).filter(([, result]) => result !== 'passed')).toEqual([
      [check, 'failed'],
    ]);
  });

  it('finds a pattern of errors in the log, and traces that do not arrive', async () => {
    bodies[events] = { results: [['points_earned', 3]] };
    const message = JSON.stringify({ level: 50, msg: 'A request failed' });
    const { aws } = fakeAws({
      'logs filter-log-events': () => ({ events: Array(6).fill({ message }) }),
      'xray get-trace-summaries': () => ({ TraceSummaries: [] }),
    });
    expect(await look(aws)).toMatchObject({ log: 'failed', traces: 'failed', alive: 'passed' });
  });

  it('says what is not set up', async () => {
    const findings = await smokeTest(fakeAws().aws, {
      address,
      logGroup: '/aws/ecs/loyalnest',
      since: Date.now(),
      pause,
    });
    expect(findings.filter(({ result }) => result === 'skipped').map(({ check }) => check)).toEqual(
      ['assets', 'sentry', 'posthog'],
    );
  });
});

describe('what a release knows of its environment', () => {
  it('comes from Terraform, and what is missing is named', () => {
    const outputs = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, { value }]),
    );
    expect(readEnvironment({ TERRAFORM_OUTPUTS: JSON.stringify(outputs) })).toEqual(environment);
    delete outputs['dr_region'];
    expect(readEnvironment({ TERRAFORM_OUTPUTS: JSON.stringify(outputs) }).dr_region).toBeNull();
    delete outputs['frontend_bucket'];
    expect(() => readEnvironment({ TERRAFORM_OUTPUTS: JSON.stringify(outputs) })).toThrow(
      'lacks frontend_bucket',
    );
    expect(() => readEnvironment({})).toThrow('terraform output -json');
  });

  it('is what Terraform puts out', () => {
    const declared = readFileSync(fromRoot('infra/outputs.tf'), 'utf8');
    for (const name of Object.keys(environment)) expect(declared).toContain(`output "${name}"`);
  });
});
