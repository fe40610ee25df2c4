// GitHub's workflows, as far as they can be checked without GitHub: by GitHub's own parser and schema, and by what we ask
// of each: pinned actions, least permissions, commands that exist, an order that loses nothing.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from '@actions/workflow-parser';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = path.dirname(import.meta.dirname);
const folder = path.join(root, '.github/workflows');
const names = readdirSync(folder).sort();
const textOf = (name: string) => readFileSync(path.join(folder, name), 'utf8');

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}
type Permissions = Readonly<Record<string, 'read' | 'write' | 'none'>>;
interface Job {
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Permissions;
  readonly 'timeout-minutes'?: number;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
}
interface Workflow {
  readonly on: unknown;
  readonly permissions: Permissions;
  readonly jobs: Readonly<Record<string, Job>>;
}
const workflowOf = (name: string) => parse(textOf(name)) as Workflow;
const allJobs = names.flatMap((file) =>
  Object.entries(workflowOf(file).jobs).map(([name, job]) => ({ where: `${file}: ${name}`, job })),
);
const allSteps = allJobs.flatMap(({ where, job }) =>
  (job.steps ?? []).map((step, place) => ({ where: `${where}, step ${place + 1}`, step })),
);
const needsOf = ({ needs = [] }: Job) => [needs].flat();
const placeOf = (job: Job | undefined, text: string) =>
  (job?.steps ?? []).findIndex(({ run, uses }) => `${run ?? ''}${uses ?? ''}`.includes(text));

/** What GitHub's own parser and schema say of a workflow. */
async function problemsOf(content: string): Promise<string[]> {
  const trace = new NoOperationTraceWriter();
  const { context, value } = parseWorkflow({ name: 'workflow.yml', content }, trace);
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ message }) => message);
}

describe.each(names)('%s', (name) => {
  it('is a workflow by GitHub’s own schema', async () => {
    expect(await problemsOf(textOf(name))).toEqual([]);
  });

  it('grants nothing but reading unless a job asks for more', () => {
    expect(workflowOf(name).permissions).toEqual({ contents: 'read' });
  });

  it('has no job that waits for one that is not there', () => {
    const { jobs } = workflowOf(name);
    for (const [job, body] of Object.entries(jobs))
      for (const needed of needsOf(body)) expect(Object.keys(jobs), job).toContain(needed);
  });
});

describe('GitHub’s schema', () => {
  it.each([
    ['a key with a slip', 'runs-on:', 'run-on:'],
    ['a trigger that is none', 'pull_request:', 'pull_requests:'],
    ['an expression that does not end', '${{ github.ref }}', '${{ github.ref'],
    ['a permission that is none', 'contents: read', 'content: read'],
    ['a step without work', '- run: npm run check', '- name: nothing'],
  ])('finds %s', async (_slip, from, to) => {
    const changed = textOf('ci.yml').replace(from, to);
    expect(changed).not.toBe(textOf('ci.yml'));
    expect(await problemsOf(changed)).not.toEqual([]);
  });
});

describe('every workflow', () => {
  it('uses actions by their commit, with the version beside it', () => {
    const used = names.flatMap((file) =>
      [...textOf(file).matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map(([, text = '']) => text),
    );
    expect(used.length).toBeGreaterThan(20);
    const loose = used.filter(
      (text) =>
        !/^\.\/\.github\/workflows\/[\w-]+\.yml$/.test(text) &&
        !/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(text),
    );
    expect(loose).toEqual([]);
  });

  it('uses one version of an action', () => {
    const commits = new Map<string, Set<string>>();
    for (const { step } of allSteps) {
      const [action = '', commit = ''] = (step.uses ?? '').split('@');
      if (commit !== '') commits.set(action, (commits.get(action) ?? new Set()).add(commit));
    }
    expect([...commits].filter(([, used]) => used.size > 1)).toEqual([]);
  });

  it('calls workflows, npm scripts and files that exist', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const missing = names.flatMap((file) => {
      const text = textOf(file);
      const found = [
        ...[...text.matchAll(/uses: \.\/(\S+)/g)].map(([, called = '']) => called),
        ...[...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, called = '']) =>
          scripts[called] === undefined ? `npm run ${called}` : 'package.json',
        ),
        ...[...text.matchAll(/\bnode (infra\/[\w./-]+)/g)].map(([, called = '']) => called),
        ...[...text.matchAll(/(?:^|\s)(\.ci\/\w+)/g)].map(([, called = '']) => called),
        ...[...text.matchAll(/\b(infra\/[\w/.-]+\.(?:json|ts|mjs|js))\b/g)].map(
          ([, called = '']) => called,
        ),
      ];
      return found.filter((called) => !existsSync(path.join(root, called)));
    });
    expect(missing).toEqual([]);
  });

  it('calls steps of a release that exist', () => {
    const cli = readFileSync(path.join(root, 'infra/release/cli.ts'), 'utf8');
    const called = names.flatMap((file) =>
      [...textOf(file).matchAll(/infra\/release\/cli\.ts ([\w-]+)/g)].map(([, step = '']) => step),
    );
    expect(new Set(called).size).toBeGreaterThan(6);
    for (const step of called) expect(cli).toMatch(new RegExp(`^ {2}(async )?'?${step}'?\\(`, 'm'));
  });

  it('gives no script what a person outside may have written', () => {
    const outside = /\$\{\{[^}]*\b(github\.event\.|github\.head_ref|github\.base_ref|inputs\.)/;
    expect(
      allSteps.filter(({ step }) => outside.test(step.run ?? '')).map(({ where }) => where),
    ).toEqual([]);
  });

  it('leaves no token in the checkout, and ends every job in time', () => {
    const checkouts = allSteps.filter(({ step }) => step.uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter(({ step }) => step.with?.['persist-credentials'] !== false)).toEqual(
      [],
    );
    const endless = allJobs.filter(
      ({ job }) => job.uses === undefined && job['timeout-minutes'] === undefined,
    );
    expect(endless.map(({ where }) => where)).toEqual([]);
  });

  it('has no key of AWS: each job that goes there asks GitHub for a token', () => {
    for (const name of names) expect(textOf(name)).not.toMatch(/aws-(access-key|secret)/i);
    const connected = allJobs.filter(({ job }) => placeOf(job, 'configure-aws-credentials') >= 0);
    expect(connected.length).toBeGreaterThanOrEqual(3);
    for (const { where, job } of connected)
      expect(job.permissions?.['id-token'], where).toBe('write');
  });

  it('writes with a token only where an image is built', () => {
    const writing = allJobs.flatMap(({ where, job }) =>
      Object.entries(job.permissions ?? {})
        .filter(([name, right]) => right === 'write' && name !== 'id-token')
        .map(([name]) => `${where}: ${name}`),
    );
    expect(writing).toEqual(['deploy.yml: build: packages', 'deploy.yml: build: attestations']);
  });

  it('runs for an environment only as one of those that AWS trusts', () => {
    const roles = readFileSync(path.join(root, 'infra/modules/delivery/roles.tf'), 'utf8');
    expect(roles).toContain(':environment:${var.environment}"');
    expect(roles).toContain(':environment:${var.environment}-infrastructure"');
    const given = Object.values(workflowOf('deploy.yml').jobs).flatMap((job) => {
      const { environment } = (job as { with?: { environment?: string } }).with ?? {};
      return environment === undefined ? [] : [environment];
    });
    expect(given).toEqual([
      'staging-infrastructure',
      'staging',
      'production-infrastructure',
      'production',
      '${{ inputs.environment }}',
    ]);
  });
});

describe('security', () => {
  const runs = (file: string, command: string) =>
    Object.values(workflowOf(file).jobs)
      .flatMap(({ steps = [] }) => steps)
      .filter(({ run }) => run?.includes(command));

  it('lets no change pass with a known hole of high severity in what production installs', () => {
    const [audit, ...others] = runs('ci.yml', 'npm audit');
    expect(others).toEqual([]);
    expect(audit?.run).toBe('npm audit --omit=dev --audit-level=high');
    expect(audit?.if).toBeUndefined();
    expect(JSON.stringify(workflowOf('ci.yml').jobs)).not.toContain('continue-on-error');
  });

  it('lets no change pass with a secret in any commit', () => {
    const { check } = workflowOf('ci.yml').jobs;
    const [checkout] = check?.steps ?? [];
    expect(checkout?.with?.['fetch-depth']).toBe(0);
    expect(placeOf(check, 'npm run secrets -- --history')).toBeGreaterThan(0);
  });

  it('is tried each night by ZAP, by its pinned action, and fails by what no page may lack', () => {
    const { zap } = workflowOf('nightly.yml').jobs;
    const scan = zap?.steps?.find(({ uses }) => uses?.startsWith('zaproxy/action-baseline@'));
    expect(scan?.uses).toMatch(/@[0-9a-f]{40}$/);
    expect(scan?.with).toMatchObject({
      rules_file_name: 'infra/zap-rules.tsv',
      fail_action: true,
    });
    const rules = readFileSync(path.join(root, 'infra/zap-rules.tsv'), 'utf8');
    const failing = [...rules.matchAll(/^(\d+)\tFAIL\t/gm)].map(([, rule]) => rule);
    // Cookies hidden from scripts and bound to sites, no frames, no sniffing, no error messages.
    expect(failing).toEqual(expect.arrayContaining(['10010', '10054', '10020', '10021', '10023']));
  });

  it('is tried each night by messages that no client should send', () => {
    expect(runs('nightly.yml', 'npm run fuzz')[0]?.run).toContain('--count 100000');
  });
});

describe('a deployment', () => {
  const { jobs } = workflowOf('deploy.yml');
  const build = jobs['build'];
  const release = workflowOf('release.yml').jobs['release'];

  it('builds one image after the tests, and everything else gets that', () => {
    expect(needsOf(build ?? {})).toEqual(['tests']);
    const builds = allSteps.filter(
      ({ step }) =>
        step.uses?.startsWith('docker/build-push-action@') && step.with?.['push'] === true,
    );
    expect(builds).toHaveLength(1);
    expect(builds[0]?.step.with?.['platforms']).toBe('linux/amd64,linux/arm64');
    for (const name of ['staging', 'production'])
      expect(JSON.stringify(jobs[name])).toContain('needs.build.outputs.digest');
  });

  it('scans what it built and attests it before it goes anywhere', () => {
    const order = ['build-push-action', 'sbom-action', 'scan-action', 'actions/attest@'].map(
      (text) => placeOf(build, text),
    );
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(placeOf(release, 'gh attestation verify')).toBeGreaterThan(-1);
    expect(placeOf(release, 'gh attestation verify')).toBeLessThan(
      placeOf(release, 'configure-aws-credentials'),
    );
  });

  it('goes to staging first, and to each environment after its infrastructure', () => {
    expect(needsOf(jobs['staging'] ?? {})).toContain('apply-staging');
    expect(needsOf(jobs['apply-production'] ?? {})).toContain('staging');
    expect(needsOf(jobs['production'] ?? {})).toContain('apply-production');
  });

  it('puts files first, then migrates, then moves services, then tells Shopify, then looks', () => {
    const order = [
      'imagetools create',
      'cli.ts assets',
      'cli.ts migrate',
      'cli.ts services',
      'cli.ts standby',
      'app deploy',
      'cli.ts smoke',
      'cli.ts stale-assets',
    ].map((text) => placeOf(release, text));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('is never interrupted by the next one', () => {
    for (const file of ['release.yml', 'apply.yml'])
      for (const { concurrency } of Object.values(workflowOf(file).jobs))
        expect(concurrency).toMatchObject({ 'cancel-in-progress': false });
  });

  it('taken back leaves the database as it is', () => {
    const migrate = release?.steps?.find(({ run }) => run?.includes('cli.ts migrate'));
    expect(migrate?.if).toBe('${{ !inputs.rollback }}');
    for (const name of names)
      expect(textOf(name)).not.toMatch(/migrate -- down|migrate down|restore-db|apply -destroy/);
    expect(JSON.stringify(jobs['rollback'])).toContain('"rollback":true');
    expect(jobs['rollback']?.if).toBe("github.event_name == 'workflow_dispatch'");
  });

  it('shows a pull request what it would change, without data or a lock', () => {
    const plan = readFileSync(path.join(folder, 'plan.yml'), 'utf8');
    expect(plan).toMatch(/terraform plan .*-refresh=false -lock=false/);
    expect(plan).not.toContain('terraform apply');
  });
});
