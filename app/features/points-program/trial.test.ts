import { expect, test } from 'vitest';
import { readTrial } from './trial.ts';

const piecewise = (...pieces: string[]) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
        controller.close();
      },
    }),
    { headers: { 'content-type': 'text/event-stream' } },
  );
const readFrom = async (answer: Response | Error) => {
  const seen: unknown[] = [];
  const result = await readTrial(
    '/app/program/try',
    { pointsPerUnit: '2' },
    {
      signal: new AbortController().signal,
      onProgress: (progress) => seen.push(progress),
      fetch: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)),
    },
  );
  return { seen, result };
};

test('progress is reported as it arrives, and the last event is the result', async () => {
  const { seen, result } = await readFrom(
    piecewise(
      'event: progress\ndata: {"done":2500,"total":6000}\n\nevent: prog',
      'ress\ndata: {"done":5000,"total":6000}\n\n',
      'data: {"ok":true,"simulation":{"orders":6000}}\n\n',
    ),
  );
  expect(seen).toEqual([
    { done: 2500, total: 6000 },
    { done: 5000, total: 6000 },
  ]);
  expect(result).toEqual({ ok: true, simulation: { orders: 6000 } });
});

test('refused rules are answered without a stream', async () => {
  const refusal = {
    ok: false,
    problem: { code: 'invalid_input', field: '', requestId: 'r' },
    fields: { pointsPerUnit: 'rate' },
  };
  expect((await readFrom(Response.json(refusal, { status: 400 }))).result).toEqual(refusal);
});

test('a broken stream, another page and a lost network all produce a result', async () => {
  const lost = { ok: false, problem: { code: 'unavailable' } };
  const half = piecewise('event: progress\ndata: {"done":1,"total":9}\n\n');
  expect((await readFrom(half)).result).toMatchObject(lost);
  expect((await readFrom(new Response('<html>'))).result).toMatchObject(lost);
  expect((await readFrom(new TypeError('offline'))).result).toMatchObject(lost);
});
