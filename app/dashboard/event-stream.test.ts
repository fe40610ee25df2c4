import { describe, expect, test } from 'vitest';
import { createEventReader } from './event-stream.ts';

describe('server-sent events', () => {
  const stream =
    ': hello\n\ndata: {"a":1}\n\nevent: over\r\ndata:\r\n\r\nid: 7\ndata: one\ndata: two\n\n';
  const events = [
    { name: 'message', data: '{"a":1}' },
    { name: 'over', data: '' },
    { name: 'message', data: 'one\ntwo' },
  ];

  test('are read whole', () => {
    expect(createEventReader()(stream)).toEqual(events);
  });

  test('are the same however the text is cut', () => {
    for (let size = 1; size < stream.length; size += 1) {
      const read = createEventReader();
      const found = [];
      for (let at = 0; at < stream.length; at += size)
        found.push(...read(stream.slice(at, at + size)));
      expect(found, `in pieces of ${size}`).toEqual(events);
    }
  });

  test('that are not finished are none yet', () => {
    const read = createEventReader();
    expect(read('data: half')).toEqual([]);
    expect(read(' of it\n')).toEqual([]);
    expect(read('\n')).toEqual([{ name: 'message', data: 'half of it' }]);
  });
});
