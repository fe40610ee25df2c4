import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createBatcher } from './batcher.ts';

describe('calls that are made together', () => {
  it('travel as one, each with its own answer', async () => {
    const calls: number[][] = [];
    const batcher = createBatcher<number, number>({
      send: (items) => {
        calls.push([...items]);
        return Promise.resolve(items.map((item) => item * 2));
      },
      maxItems: 10,
    });
    expect(await Promise.all([1, 2, 3].map((item) => batcher.submit(item)))).toEqual([2, 4, 6]);
    expect(calls).toEqual([[1, 2, 3]]);
  });

  it('gather while one is under way, within the limits of a call', async () => {
    const calls: number[][] = [];
    const batcher = createBatcher<number, number>({
      send: async (items) => {
        calls.push([...items]);
        await sleep(5);
        return items;
      },
      maxItems: 3,
      maxBytes: 10,
      bytesOf: (item) => item,
    });
    const first = batcher.submit(1);
    await sleep(2);
    const rest = [4, 5, 2, 1, 1, 1, 50].map((item) => batcher.submit(item));
    expect(await Promise.all([first, ...rest])).toEqual([1, 4, 5, 2, 1, 1, 1, 50]);
    expect(calls).toEqual([[1], [4, 5], [2, 1, 1], [1], [50]]);
  });

  it('fail together, and those that follow do not', async () => {
    let calls = 0;
    const batcher = createBatcher<number, number>({
      send: (items) => (calls++ === 0 ? Promise.reject(new Error('away')) : Promise.resolve(items)),
      maxItems: 10,
    });
    const failed = await Promise.allSettled([batcher.submit(1), batcher.submit(2)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await batcher.submit(3)).toBe(3);
  });
});
