import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { OverloadedError } from './fair-gate.ts';
import { Gatherer, QueueFullError } from './gatherer.ts';

describe('calls that are made together', () => {
  it('travel as one, each with its own answer', async () => {
    const calls: number[][] = [];
    const gatherer = new Gatherer<number, number>({
      execute: (items) => {
        calls.push([...items]);
        return Promise.resolve(items.map((item) => item * 2));
      },
      maxBatch: 10,
    });
    expect(await Promise.all([1, 2, 3].map((item) => gatherer.submit(item)))).toEqual([2, 4, 6]);
    expect(calls).toEqual([[1, 2, 3]]);
  });

  it('gather while one is under way, within the limits of a call', async () => {
    const calls: number[][] = [];
    const gatherer = new Gatherer<number, number>({
      execute: async (items) => {
        calls.push([...items]);
        await sleep(5);
        return items;
      },
      maxBatch: 3,
      maxBytes: 10,
      bytesOf: (item) => item,
    });
    const first = gatherer.submit(1);
    await sleep(2);
    const rest = [4, 5, 2, 1, 1, 1, 50].map((item) => gatherer.submit(item));
    expect(await Promise.all([first, ...rest])).toEqual([1, 4, 5, 2, 1, 1, 1, 50]);
    expect(calls).toEqual([[1], [4, 5], [2, 1, 1], [1], [50]]);
  });

  it.each([
    [6, [4, 2]],
    [10, [5, 5]],
    [24, [12, 12]],
    [90, [30, 30, 15, 15]],
  ])('%i of them are divided among the places into calls of 4 to 30', async (count, sizes) => {
    const calls: number[] = [];
    const gatherer = new Gatherer<number, number>({
      execute: async (items) => {
        calls.push(items.length);
        await sleep(5);
        return items;
      },
      inFlight: 2,
      minBatch: 4,
      maxBatch: 30,
    });
    await Promise.all(Array.from({ length: count }, (_, item) => gatherer.submit(item)));
    expect(calls).toEqual(sizes);
  });

  it('keep to the bytes of a call also where tenants take turns', async () => {
    const calls: string[][] = [];
    const gatherer = new Gatherer<string, string>({
      execute: (items) => {
        calls.push([...items]);
        return Promise.resolve(items);
      },
      tenantOf: (item) => item.slice(0, 1),
      maxBytes: 6,
      bytesOf: (item) => item.length,
    });
    const items = ['a1', 'a2', 'a3', 'b1', 'b-and-more', 'c1'];
    expect(await Promise.all(items.map((item) => gatherer.submit(item)))).toEqual(items);
    expect(calls).toEqual([['a1', 'b1', 'c1'], ['a2'], ['b-and-more'], ['a3']]);
  });

  it('fail together, and those that follow do not', async () => {
    let calls = 0;
    const gatherer = new Gatherer<number, number>({
      execute: (items) =>
        calls++ === 0 ? Promise.reject(new Error('away')) : Promise.resolve(items),
      maxBatch: 10,
    });
    const failed = await Promise.allSettled([gatherer.submit(1), gatherer.submit(2)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await gatherer.submit(3)).toBe(3);
  });
});

describe('a line that is full', () => {
  /** One call is under way until `end`, so that what follows waits. */
  async function held(options: Partial<ConstructorParameters<typeof Gatherer<string, string>>[0]>) {
    let end: () => void = () => undefined;
    const holding = new Promise<void>((resolve) => (end = resolve));
    const gatherer = new Gatherer<string, string>({
      execute: async (items) => {
        if (items[0] === 'held') await holding;
        return items;
      },
      tenantOf: (item) => item.slice(0, 1),
      ...options,
    });
    const first = gatherer.submit('held');
    await sleep(5);
    return { gatherer, end, first };
  }

  it('refuses the flood and not who comes after it', async () => {
    const { gatherer, end, first } = await held({ maxQueue: 4 });
    const flood = ['a1', 'a2', 'a3', 'a4'].map((item) => gatherer.submit(item));
    const settled = Promise.allSettled(flood);
    await expect(gatherer.submit('a5')).rejects.toThrow(QueueFullError);
    const other = gatherer.submit('b1');
    end();
    expect(await other).toBe('b1');
    expect((await settled).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    await first;
  });

  it('counts bytes too, and takes a single large one when nothing else waits', async () => {
    const { gatherer, end, first } = await held({
      maxQueueBytes: 10,
      bytesOf: (item) => item.length,
    });
    const large = gatherer.submit('a'.repeat(50));
    await expect(gatherer.submit('a')).rejects.toThrow(QueueFullError);
    end();
    expect(await large).toHaveLength(50);
    expect(await gatherer.submit('a')).toBe('a');
    await first;
  });

  it('tells those whom no call took in time, and never carries them out', async () => {
    const { gatherer, end, first } = await held({ maxWaitMs: 20 });
    await expect(gatherer.submit('a1')).rejects.toThrow(OverloadedError);
    end();
    await first;
    await gatherer.idle();
    expect(await gatherer.submit('a2')).toBe('a2');
  });
});
