// What is looked at after a release: whether it answers, and what log, traces, Sentry and PostHog say of it.
import { z } from 'zod';
import type { Aws } from './aws.ts';

export interface SmokeOptions {
  /** With https:// and without a slash at the end. */
  readonly address: string;
  /** A file of the release, such as `assets/entry.client-….js`; it answers through CloudFront. */
  readonly asset?: string;
  readonly logGroup: string;
  /** When the release began, in milliseconds since 1970. */
  readonly since: number;
  readonly sentry?: { readonly url: string; readonly token: string; readonly project: string };
  readonly posthog?: { readonly url: string; readonly key: string; readonly project: string };
  readonly pause: () => Promise<unknown>;
}

export interface Finding {
  readonly check: string;
  /** What is not set up is skipped and said to be so. */
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
}

/** What a few requests of a deployment bring along at most; more is a pattern. */
const errorsAccepted = 5;
const attempts = 12;
const timeoutMs = 10_000;
/** pino's numbers. */
const errorLevel = 50;

/** Asks all at once; each answers for itself, so that one that is away hides no other. */
export function smokeTest(aws: Aws, options: SmokeOptions): Promise<Finding[]> {
  const checks: Readonly<Record<string, () => Promise<Omit<Finding, 'check'>>>> = {
    alive: () => answers(`${options.address}/health`, options.pause),
    ready: () => answers(`${options.address}/healthz`, options.pause),
    assets: () =>
      options.asset === undefined
        ? skipped('no file was named')
        : answers(`${options.address}/${options.asset}`, options.pause),
    log: () => errorsInLog(aws, options),
    traces: () => tracesOf(aws, options),
    sentry: () => issuesOf(options),
    posthog: () => eventsOf(options),
  };
  return Promise.all(
    Object.entries(checks).map(async ([check, look]) => ({
      check,
      ...(await look().catch((error: unknown) => failed(String(error)))),
    })),
  );
}

async function answers(url: string, pause: () => Promise<unknown>) {
  let said = '';
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    said = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).then(
      async (response) => {
        await response.body?.cancel();
        return String(response.status);
      },
      (error: unknown) => String(error),
    );
    if (said === '200') return passed(url);
    await pause();
  }
  return failed(`${url}: ${said}`);
}

const logEvents = z.object({ events: z.array(z.object({ message: z.string() })) });
const logLine = z.object({ msg: z.string().catch('') });

async function errorsInLog(aws: Aws, { logGroup, since }: SmokeOptions) {
  const { events } = logEvents.parse(
    await aws(
      'logs',
      'filter-log-events',
      '--log-group-name',
      logGroup,
      '--start-time',
      String(since),
      '--filter-pattern',
      `{ $.level >= ${errorLevel} }`,
    ),
  );
  if (events.length <= errorsAccepted) return passed(`${events.length} errors`);
  const words = new Set(events.map(({ message }) => logLine.parse(JSON.parse(message)).msg));
  return failed(`${events.length} errors: ${[...words].slice(0, 5).join('; ')}`);
}

const traces = z.object({
  TraceSummaries: z.array(z.object({ HasFault: z.boolean().optional() })),
});

/** The requests above are in X-Ray within a minute or two. */
async function tracesOf(aws: Aws, { since, pause }: SmokeOptions) {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const { TraceSummaries: found } = traces.parse(
      await aws(
        'xray',
        'get-trace-summaries',
        '--start-time',
        String(Math.floor(since / 1000)),
        '--end-time',
        String(Math.ceil(Date.now() / 1000)),
      ),
    );
    const faults = found.filter(({ HasFault }) => HasFault === true).length;
    if (faults > errorsAccepted) return failed(`${faults} of ${found.length} traces have a fault`);
    if (found.length > 0) return passed(`${found.length} traces`);
    await pause();
  }
  return failed('no trace arrived');
}

async function issuesOf({ sentry, since }: SmokeOptions) {
  if (sentry === undefined) return skipped('SENTRY_AUTH_TOKEN is not set');
  const query = `is:unresolved firstSeen:>${new Date(since).toISOString()}`;
  const url = `${sentry.url}/api/0/projects/${sentry.project}/issues/?query=${encodeURIComponent(query)}`;
  const issues = z
    .array(z.object({ title: z.string() }))
    .parse(await asked(url, { headers: { authorization: `Bearer ${sentry.token}` } }));
  return issues.length === 0
    ? passed('no new issue')
    : failed(`${issues.length} new: ${issues.map(({ title }) => title).join('; ')}`);
}

async function eventsOf({ posthog }: SmokeOptions) {
  if (posthog === undefined) return skipped('POSTHOG_PERSONAL_API_KEY is not set');
  const query = `select event, count() from events where timestamp > now() - interval 1 day group by event`;
  const { results } = z.object({ results: z.array(z.tuple([z.string(), z.number()])) }).parse(
    await asked(`${posthog.url}/api/projects/${posthog.project}/query/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${posthog.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: { kind: 'HogQLQuery', query } }),
    }),
  );
  return results.length === 0
    ? failed('no event within a day')
    : passed(results.map(([event, count]) => `${event} ${count}`).join(', '));
}

async function asked(url: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
  return response.json();
}

const passed = (detail: string) => ({ result: 'passed' as const, detail });
const failed = (detail: string) => ({ result: 'failed' as const, detail });
const skipped = (detail: string) => Promise.resolve({ result: 'skipped' as const, detail });
