import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createCoalescer } from './coalescer.ts';

function recorder(flush?: (items: readonly number[]) => Promise<void>) {
  const batches: number[][] = [];
  const lost: number[] = [];
  const coalescer = createCoalescer<number>({
    flush: async (items) => {
      batches.push([...items]);
      await flush?.(items);
    },
    onFailure: (_error, items) => lost.push(...items),
    capacity: 100,
  });
  return { coalescer, batches, lost };
}

test('items that arrive during a batch form the next batch', async () => {
  let release = () => {};
  const { coalescer, batches } = recorder(() => new Promise((resolve) => (release = resolve)));
  coalescer.add(1);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  for (const item of [2, 3, 4]) coalescer.add(item);
  release();
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  release();
  await coalescer.idle();
  expect(batches).toEqual([[1], [2, 3, 4]]);
});

test('a failed batch is reported, and the next one runs', async () => {
  let fails = true;
  const { coalescer, lost, batches } = recorder(() =>
    fails ? Promise.reject(new Error('away')) : Promise.resolve(),
  );
  coalescer.add(1);
  coalescer.add(2);
  await coalescer.idle();
  fails = false;
  coalescer.add(3);
  await coalescer.idle();
  expect(lost).toEqual([1, 2]);
  expect(batches.at(-1)).toEqual([3]);
});

test('a full buffer drops the oldest items', async () => {
  const { coalescer, lost, batches } = recorder();
  for (let item = 0; item < 103; item += 1) coalescer.add(item);
  await coalescer.idle();
  expect(lost).toEqual([0, 1, 2]);
  expect(batches.flat()).toHaveLength(100);
});

test('batches are spaced out, and the first one does not wait', async () => {
  const batches: number[][] = [];
  const coalescer = createCoalescer<number>({
    flush: (items) => {
      batches.push([...items]);
      return Promise.resolve();
    },
    onFailure: () => undefined,
    capacity: 100,
    gapMs: 30,
  });
  coalescer.add(1);
  await sleep(5);
  expect(batches).toEqual([[1]]);
  for (const item of [2, 3, 4]) coalescer.add(item);
  await coalescer.idle();
  expect(batches).toEqual([[1], [2, 3, 4]]);
});
