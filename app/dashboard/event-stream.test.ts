import { describe, expect, test } from 'vitest';
import { eventStream } from './event-stream.server.ts';
import { createEventReader } from './event-stream.ts';

describe('server-sent events', () => {
  const stream =
    ': hello\n\ndata: {"a":1}\n\nevent: over\r\ndata:\r\n\r\nid: 7\ndata: one\ndata: two\n\n';
  const events = [
    { name: 'message', data: '{"a":1}' },
    { name: 'over', data: '' },
    { name: 'message', data: 'one\ntwo' },
  ];

  test('are parsed completely', () => {
    expect(createEventReader()(stream)).toEqual(events);
  });

  test('are the same however the stream is split', () => {
    for (let size = 1; size < stream.length; size += 1) {
      const read = createEventReader();
      const found = [];
      for (let at = 0; at < stream.length; at += size)
        found.push(...read(stream.slice(at, at + size)));
      expect(found, `in pieces of ${size}`).toEqual(events);
    }
  });

  test('are not delivered before they are complete', () => {
    const read = createEventReader();
    expect(read('data: half')).toEqual([]);
    expect(read(' of it\n')).toEqual([]);
    expect(read('\n')).toEqual([{ name: 'message', data: 'half of it' }]);
  });
});

describe('streams that one reader has open at once', () => {
  const by = (sub: string) => {
    const claims = Buffer.from(JSON.stringify({ dest: 'https://a.myshopify.com', sub }));
    return new Request('http://app/app/sync', {
      headers: { authorization: `Bearer x.${claims.toString('base64url')}.x` },
    });
  };
  let ended = 0;
  async function* endless(): AsyncGenerator<string, undefined> {
    try {
      for (;;) yield await Promise.resolve('data: 1\n\n');
    } finally {
      ended += 1;
    }
  }
  const open = (sub: string) => eventStream(by(sub), endless());

  test('are at most eight: a ninth must retry, other readers are not affected, and closing one makes room', async () => {
    const streams = Array.from({ length: 8 }, () => open('42'));
    expect(streams.map(({ status }) => status)).toEqual(Array(8).fill(200));
    const refusal = open('42');
    expect(refusal.status).toBe(429);
    expect(refusal.headers.get('retry-after')).not.toBeNull();
    const another = open('43');
    expect(another.status).toBe(200);

    const reader = streams[0]?.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(ended).toBe(1);
    const last = open('42');
    expect(last.status).toBe(200);
    expect(open('42').status).toBe(429);

    for (const stream of [...streams.slice(1), another, last]) await stream.body?.cancel();
    const again = open('42');
    expect(again.status).toBe(200);
    await again.body?.cancel();
  });
});
