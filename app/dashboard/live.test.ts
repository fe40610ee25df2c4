import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { follow } from './live.ts';

/** The values the page received, and the requests it sent. */
function following(
  answer: (
    accept: string,
    call: number,
    signal: AbortSignal | null,
  ) => Response | Promise<Response>,
) {
  const stopping = new AbortController();
  const values: unknown[] = [];
  const asked: string[] = [];
  let isSeen = true;
  const done = follow('/live', {
    signal: stopping.signal,
    onValue: (value) => values.push(value),
    isSeen: () => isSeen,
    fetch: async (_address, init) => {
      const accept = new Headers(init?.headers).get('accept') ?? '';
      asked.push(accept === 'text/event-stream' ? 'events' : 'once');
      return answer(accept, asked.length, init?.signal ?? null);
    },
  });
  return {
    values,
    asked,
    done,
    hide: () => (isSeen = false),
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}

const events = (...lines: string[]) =>
  new Response(lines.join(''), { headers: { 'content-type': 'text/event-stream' } });
/** A body without data that breaks like an aborted request. */
function silentUntil(signal: AbortSignal | null): ReadableStream {
  return new ReadableStream({
    start(controller) {
      signal?.addEventListener('abort', () => controller.error(new Error('aborted')));
    },
  });
}
const over = 'event: over\ndata:\n\n';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a live value', () => {
  test('takes the value of each event until the server sends the end', async () => {
    const page = following(() => events('data: 1\n\n', ': still here\n\n', 'data: 2\n\n', over));
    await page.done;
    expect(page.values).toEqual([1, 2]);
    expect(page.asked).toEqual(['events']);
  });

  test('reconnects by events when a working connection breaks', async () => {
    const page = following((_accept, call) =>
      call < 4 ? events(`data: ${call}\n\n`) : events('data: 4\n\n', over),
    );
    await vi.runAllTimersAsync();
    await page.done;
    expect(page.values).toEqual([1, 2, 3, 4]);
    expect(page.asked).toEqual(['events', 'events', 'events', 'events']);
  });

  test.each([
    [
      'answers with a page',
      () => new Response('<p>', { headers: { 'content-type': 'text/html' } }),
    ],
    ['refuses', () => new Response('', { status: 503 })],
    ['breaks off', () => Promise.reject(new TypeError('network'))],
  ])('falls back to polling where the connection %s', async (_name, fail) => {
    let number = 0;
    const page = following((accept) =>
      accept === 'text/event-stream' ? fail() : Response.json((number += 1)),
    );
    await vi.advanceTimersByTimeAsync(9_000);
    expect(page.asked.slice(0, 4)).toEqual(['events', 'events', 'once', 'once']);
    expect(page.values.slice(0, 2)).toEqual([1, 2]);
    const before = page.asked.length;
    page.hide();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.asked).toHaveLength(before);
    await page.stop();
  });

  test('falls back to polling where a proxy buffers events', async () => {
    const page = following((accept, _call, signal) =>
      accept === 'text/event-stream'
        ? new Response(silentUntil(signal), { headers: { 'content-type': 'text/event-stream' } })
        : Response.json('now'),
    );
    await vi.advanceTimersByTimeAsync(30_000);
    expect(page.values).toContain('now');
    await page.stop();
  });

  test('stops when the page is left', async () => {
    const page = following(() => events('data: 1\n\n'));
    await vi.advanceTimersByTimeAsync(100);
    await page.stop();
    const before = page.asked.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.asked).toHaveLength(before);
  });
});
