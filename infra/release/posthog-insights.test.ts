import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyInsights, queryOf, readDefinition } from './posthog-insights.ts';

interface Kept {
  readonly id: number;
  name: string;
  [field: string]: unknown;
}
/** What PostHog keeps of one project. */
const kept: Record<string, Kept[]> = { dashboards: [], insights: [] };
let server: Server;
let url: string;

beforeAll(async () => {
  kept['insights']?.push({ id: 1, name: 'somebody else’s' });
  server = createServer((request, response) => {
    const [, , , project, kind = '', id = ''] = (request.url ?? '').split(/[/?]/);
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.headers.authorization !== 'Bearer key' || project !== '7') answer(403, {});
    else if (request.method === 'GET') answer(200, { next: null, results: kept[kind] });
    else
      void json(request).then((body) => {
        const known = kept[kind]?.find((one) => String(one.id) === id);
        const one = Object.assign(known ?? { id: 10 + (kept[kind]?.length ?? 0) }, body) as Kept;
        if (known === undefined) kept[kind]?.push(one);
        answer(known === undefined ? 201 : 200, one);
      });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test('the targets of the events are made once as insights on one dashboard, and updated after that', async () => {
  const to = { url, key: 'key', project: '7' };
  const names = readDefinition().insights.map(({ name }) => name);
  expect(await applyInsights(to)).toEqual([
    `made ${readDefinition().dashboard}`,
    ...names.map((name) => `made ${name}`),
  ]);
  expect(await applyInsights(to)).toEqual([
    `updated ${readDefinition().dashboard}`,
    ...names.map((name) => `updated ${name}`),
  ]);
  expect(kept['insights']?.map(({ name }) => name)).toEqual(['somebody else’s', ...names]);
  expect(kept['insights']?.[0]).toEqual({ id: 1, name: 'somebody else’s' });
  expect(kept['insights']?.[1]).toMatchObject({ dashboards: [kept['dashboards']?.[0]?.id] });
  await expect(applyInsights({ ...to, key: 'another' })).rejects.toThrow('PostHog answered 403');
});

test('one of ten who see their points should open the panel', () => {
  const clicks = readDefinition().insights.find(({ of }) => of.event === 'sticky_bar_clicked');
  expect(clicks && queryOf(clicks).source).toMatchObject({
    series: [
      { event: 'sticky_bar_clicked' },
      { event: 'points_balance_viewed', properties: [{ key: 'surface', value: ['block'] }] },
    ],
    trendsFilter: { formula: '100 * A / B', goalLines: [{ value: 10 }] },
  });
});

test('every event that an insight asks for is one that the app sends', () => {
  const asked = readDefinition().insights.flatMap(({ of, per }) => [
    of.event,
    ...(per === undefined ? [] : [per.event]),
  ]);
  for (const event of asked)
    expect(
      execFileSync('grep', ['-rl', '--include=*.ts', '--exclude=*.test.ts', event, 'app'], {
        encoding: 'utf8',
      }),
      event,
    ).not.toBe('');
});
