import { describe, expect, it } from 'vitest';
import {
  decodeCursor,
  encodeCursor,
  integerPattern,
  microseconds,
  timePattern,
  uuidPattern,
} from './cursor.rules.ts';

const id = '0190a3f2-7c1e-7b9a-8d4f-2a6c1b3e5f70';
const time = '2026-02-28T23:59:59.123456Z';

describe('the place where the next page begins', () => {
  it('comes back as it was given out', () => {
    expect(decodeCursor(encodeCursor(time, id), timePattern, uuidPattern)).toEqual([time, id]);
    expect(decodeCursor(encodeCursor('-12', ''), integerPattern, /^$/)).toEqual(['-12', '']);
    expect(decodeCursor(encodeCursor())).toEqual([]);
  });

  it('can stand in an address as it is', () => {
    expect(encodeCursor('??>>', 'ÿÿ')).toMatch(/^[\w-]+$/);
  });

  it.each([
    ['no text of ours', 'not a cursor'],
    ['empty', ''],
    ['JSON and no list', Buffer.from('{"length":2}').toString('base64url')],
    ['a list of something else than texts', Buffer.from('[1,2]').toString('base64url')],
    ['half of a list of texts', Buffer.from(`["${time}",2]`).toString('base64url')],
    ['of one part', encodeCursor(time)],
    ['of three parts', encodeCursor(time, id, id)],
    ['with a first part that is none of ours', encodeCursor('yesterday', id)],
    ['with a second part that is none of ours', encodeCursor(time, `${id}'`)],
  ])('is refused when it is %s', (_what, cursor) => {
    expect(decodeCursor(cursor, timePattern, uuidPattern)).toBeUndefined();
  });

  it.each([
    '2026-02-31T00:00:00.000000Z',
    '2026-13-01T00:00:00.000000Z',
    '2026-01-01T24:00:00.000000Z',
    '2026-01-01T00:00:60.000000Z',
    '0000-01-01T00:00:00.000000Z',
  ])('is refused when it names a time that no calendar has: %s', (none) => {
    expect(decodeCursor(encodeCursor(none), timePattern)).toBeUndefined();
  });

  it.each(['0001-01-01T00:00:00.000000Z', '2028-02-29T12:00:00.999999Z'])(
    'is taken with every time that there is: %s',
    (there) => {
      expect(decodeCursor(encodeCursor(there), timePattern)).toEqual([there]);
    },
  );

  it('checks a time only where a time belongs', () => {
    expect(decodeCursor(encodeCursor('31'), integerPattern)).toEqual(['31']);
  });
});

it('times are written for a cursor with all of their six places', () => {
  expect(microseconds('e.created_at')).toBe(
    `to_char(e.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
  );
});
