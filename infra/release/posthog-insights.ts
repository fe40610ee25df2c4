// PostHog's insights as posthog-insights.json has them: node infra/release/cli.ts insights
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const timeoutMs = 10_000;
const pageSize = 200;
const mostPages = 20;

const series = z.strictObject({
  event: z.string().min(1),
  /** total: events; dau: those who caused them, which are shops. */
  math: z.enum(['total', 'dau']).default('total'),
  where: z.record(z.string(), z.string()).default({}),
});
const definition = z.strictObject({
  dashboard: z.string().min(1),
  insights: z.array(
    z.strictObject({
      name: z.string().min(1),
      description: z.string().min(1),
      target: z
        .strictObject({
          atLeast: z.number().optional(),
          atMost: z.number().optional(),
          unit: z.literal('percent'),
        })
        .optional(),
      of: series,
      /** Without it the events themselves are shown, with it their share of these. */
      per: series.optional(),
    }),
  ),
});

type InsightDefinition = z.output<typeof definition>['insights'][number];

export function readDefinition(): z.output<typeof definition> {
  const file = new URL('posthog-insights.json', import.meta.url);
  return definition.parse(JSON.parse(readFileSync(file, 'utf8')));
}

interface PostHogProject {
  /** Without a slash at the end. */
  readonly url: string;
  /** A personal API key that may write insights and dashboards. */
  readonly key: string;
  readonly project: string;
}

const listed = z.object({
  next: z.string().nullable(),
  results: z.array(z.object({ id: z.number(), name: z.string().nullable() })),
});
const made = z.object({ id: z.number() });

/**
 * Makes the dashboard and its insights, or brings those of the same name to what the file says; others are left alone.
 * @returns a line for each
 */
export async function applyInsights(to: PostHogProject): Promise<string[]> {
  const wanted = readDefinition();
  const dashboard = await apply(to, 'dashboards', { name: wanted.dashboard });
  const lines = [dashboard.line];
  for (const insight of wanted.insights) {
    const { line } = await apply(to, 'insights', {
      name: insight.name,
      description: insight.description,
      query: queryOf(insight),
      dashboards: [dashboard.id],
      saved: true,
    });
    lines.push(line);
  }
  return lines;
}

async function apply(
  to: PostHogProject,
  kind: 'dashboards' | 'insights',
  body: { readonly name: string } & Readonly<Record<string, unknown>>,
): Promise<{ id: number; line: string }> {
  const known = await idOf(to, kind, body.name);
  const { id } = made.parse(
    known === undefined
      ? await asked(to, `${kind}/`, 'POST', body)
      : await asked(to, `${kind}/${known}/`, 'PATCH', body),
  );
  return { id, line: `${known === undefined ? 'made' : 'updated'} ${body.name}` };
}

async function idOf(to: PostHogProject, kind: string, name: string): Promise<number | undefined> {
  for (let page = 0; page < mostPages; page += 1) {
    const path = `${kind}/?limit=${pageSize}&offset=${page * pageSize}`;
    const { results, next } = listed.parse(await asked(to, path, 'GET'));
    const found = results.find((one) => one.name === name);
    if (found !== undefined) return found.id;
    if (next === null) return undefined;
  }
  throw new Error(`PostHog has more than ${mostPages * pageSize} ${kind}`);
}

/** In PostHog's own words. */
export function queryOf({ of, per, target }: InsightDefinition) {
  const goal = target?.atLeast ?? target?.atMost;
  return {
    kind: 'InsightVizNode',
    source: {
      kind: 'TrendsQuery',
      interval: 'week',
      dateRange: { date_from: '-90d' },
      series: [of, ...(per === undefined ? [] : [per])].map(({ event, math, where }) => ({
        kind: 'EventsNode',
        event,
        name: event,
        math,
        properties: Object.entries(where).map(([key, value]) => ({
          key,
          value: [value],
          operator: 'exact',
          type: 'event',
        })),
      })),
      trendsFilter: {
        display: 'ActionsLineGraph',
        ...(per !== undefined && { formula: '100 * A / B', aggregationAxisPostfix: ' %' }),
        ...(goal !== undefined && { goalLines: [{ label: 'Target', value: goal }] }),
      },
    },
  };
}

async function asked(
  { url, key, project }: PostHogProject,
  path: string,
  method: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`${url}/api/projects/${project}/${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`PostHog answered ${response.status} to ${method} ${path}`);
  return response.json();
}
