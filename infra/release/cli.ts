// The steps of a release, which .github/workflows/deploy.yml calls one by one: node infra/release/cli.ts <step>
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#infra/local/process.ts';
import { writeClientId } from './app-config.ts';
import { deleteStaleAssets, uploadAssets } from './assets.ts';
import { awsIn } from './aws.ts';
import { readEnvironment } from './environment.ts';
import { runMigrationTask } from './migrate-task.ts';
import { applyInsights } from './posthog-insights.ts';
import { moveServices, prepareStandby } from './services.ts';
import { smokeTest } from './smoke.ts';

const secondsBetween = 10;
const pause = () => sleep(secondsBetween * 1000);
/** A long index is built within this. */
const migrationMinutes = 60;
/** Starting, trying, shifting, and ten minutes under alarms. */
const rolloutMinutes = 40;
const attemptsIn = (minutes: number) => (minutes * 60) / secondsBetween;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A variable that a step cannot do without. @throws Problem naming it */
function needed(name: string): string {
  const value = process.env[name] ?? '';
  if (value === '') throw new Problem(`${name} is missing.`);
  return value;
}

/** Repository and digest: what was built, scanned and attested, and nothing that a tag could be moved to. */
function image(): string {
  const name = needed('IMAGE');
  if (!/^[\w.-]+(:\d+)?(\/[\w.-]+)+@sha256:[0-9a-f]{64}$/.test(name))
    throw new Problem(`IMAGE must name a digest (…@sha256:…), not ${name}.`);
  return name;
}

const posthogUrl = () => process.env.POSTHOG_URL || 'https://eu.posthog.com';

function connected() {
  const environment = readEnvironment(process.env);
  return { environment, aws: awsIn(environment.region) };
}

const steps: Readonly<Record<string, (args: readonly string[]) => Promise<void> | void>> = {
  async assets([folder = 'build/client']) {
    const { aws, environment } = connected();
    await uploadAssets(aws, environment, folder, needed('RELEASE'));
  },
  async migrate() {
    const { aws, environment } = connected();
    await runMigrationTask(aws, environment, {
      image: image(),
      pause,
      attempts: attemptsIn(migrationMinutes),
    });
  },
  async seed(args) {
    const { aws, environment } = connected();
    await runMigrationTask(aws, environment, {
      image: image(),
      command: ['node', 'infra/local/run.mjs', 'seed', ...args],
      pause,
      attempts: attemptsIn(migrationMinutes),
    });
  },
  async services() {
    const { aws, environment } = connected();
    await moveServices(aws, environment, {
      image: image(),
      pause,
      attempts: attemptsIn(rolloutMinutes),
      say,
    });
  },
  async standby() {
    const { environment } = connected();
    const { region, dr_region: standby } = environment;
    if (standby === null) return say('no region stands by');
    await prepareStandby(awsIn(standby), environment, image().replace(region, standby));
  },
  async 'stale-assets'() {
    const { aws, environment } = connected();
    say(`${await deleteStaleAssets(aws, environment)} files of old releases deleted`);
  },
  'app-config'([environment = '']) {
    writeClientId(environment, needed('SHOPIFY_CLIENT_ID'));
  },
  /** Beside releases: when posthog-insights.json has changed. */
  async insights() {
    const lines = await applyInsights({
      url: posthogUrl(),
      key: needed('POSTHOG_PERSONAL_API_KEY'),
      project: needed('POSTHOG_PROJECT'),
    });
    for (const line of lines) say(line);
  },
  async smoke() {
    const { aws, environment } = connected();
    const { ASSET, SENTRY_AUTH_TOKEN, SENTRY_PROJECT, POSTHOG_PERSONAL_API_KEY, POSTHOG_PROJECT } =
      process.env;
    const findings = await smokeTest(aws, {
      address: `https://${environment.domain}`,
      ...(ASSET ? { asset: ASSET } : {}),
      logGroup: '/aws/ecs/loyalnest',
      since: Number(needed('SINCE')) * 1000,
      ...(SENTRY_AUTH_TOKEN && SENTRY_PROJECT
        ? {
            sentry: {
              url: process.env.SENTRY_URL || 'https://sentry.io',
              token: SENTRY_AUTH_TOKEN,
              project: SENTRY_PROJECT,
            },
          }
        : {}),
      ...(POSTHOG_PERSONAL_API_KEY && POSTHOG_PROJECT
        ? {
            posthog: {
              url: posthogUrl(),
              key: POSTHOG_PERSONAL_API_KEY,
              project: POSTHOG_PROJECT,
            },
          }
        : {}),
      pause,
    });
    for (const { check, result, detail } of findings) say(`${check}: ${result} (${detail})`);
    if (findings.some(({ result }) => result === 'failed')) process.exitCode = 1;
  },
};

const [step = '', ...args] = process.argv.slice(2);
try {
  const run = steps[step];
  if (run === undefined)
    throw new Problem(`There is no step "${step}". There are: ${Object.keys(steps).join(', ')}.`);
  await run(args);
} catch (error) {
  process.stderr.write(
    `${error instanceof Problem ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
}
