import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ClosedError, QueueFullError } from '../../proto/shared/gatherer.ts';
import { GroupCommit } from './group-commit.ts';

interface Item {
  tenant: string;
  value: number;
}

function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('group commit', () => {
  it('gives each caller its own result, and gathers those that wait', async () => {
    const sizes: number[] = [];
    const commit = new GroupCommit<Item, number>({
      execute: async (items) => {
        sizes.push(items.length);
        await sleep(1);
        return items.map((item) => item.value * 2);
      },
      tenantOf: (item) => item.tenant,
      inFlight: 1,
      maxBatch: 8,
    });
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, value) => commit.submit({ tenant: 'a', value })),
    );
    expect(results).toEqual(Array.from({ length: 40 }, (_, value) => value * 2));
    expect(sizes).toEqual([8, 8, 8, 8, 8]);
  });

  it('lets tenants take turns, so that a sale of one does not starve another', async () => {
    const batches: string[][] = [];
    const first = gate();
    const commit = new GroupCommit<Item, number>({
      execute: async (items) => {
        batches.push(items.map((item) => item.tenant));
        if (batches.length === 1) await first.opened;
        return items.map((item) => item.value);
      },
      tenantOf: (item) => item.tenant,
      inFlight: 1,
      maxBatch: 4,
    });
    const waiting = [commit.submit({ tenant: 'first', value: 0 })];
    await new Promise((resolve) => setImmediate(resolve));
    for (let value = 0; value < 20; value++) waiting.push(commit.submit({ tenant: 'busy', value }));
    waiting.push(commit.submit({ tenant: 'quiet', value: 1 }));
    first.open();
    await Promise.all(waiting);
    expect(batches[1]).toContain('quiet');
    expect(batches.flat()).toHaveLength(22);
  });

  it('retries a failed batch item by item, so that only the bad item fails', async () => {
    const commit = new GroupCommit<Item, number>({
      execute: (items) =>
        items.some((item) => item.value === 13)
          ? Promise.reject(Object.assign(new Error('check violated'), { code: '23514' }))
          : Promise.resolve(items.map((item) => item.value)),
      tenantOf: (item) => item.tenant,
      inFlight: 1,
    });
    const settled = await Promise.allSettled(
      [12, 13, 14].map((value) => commit.submit({ tenant: 'a', value })),
    );
    expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fails the whole batch when the server is gone, without retrying each item', async () => {
    let calls = 0;
    const commit = new GroupCommit<Item, number>({
      execute: () => {
        calls++;
        return Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
      },
      tenantOf: (item) => item.tenant,
      inFlight: 1,
    });
    await Promise.allSettled([1, 2, 3].map((value) => commit.submit({ tenant: 'a', value })));
    expect(calls).toBe(1);
  });

  it('refuses new items at once when the queue is full', async () => {
    const blocked = gate();
    const commit = new GroupCommit<Item, number>({
      execute: async (items) => {
        await blocked.opened;
        return items.map((item) => item.value);
      },
      tenantOf: (item) => item.tenant,
      maxQueue: 2,
    });
    const waiting = [
      commit.submit({ tenant: 'a', value: 1 }),
      commit.submit({ tenant: 'a', value: 2 }),
    ];
    await expect(commit.submit({ tenant: 'a', value: 3 })).rejects.toBeInstanceOf(QueueFullError);
    blocked.open();
    await Promise.all(waiting);
  });

  it('answers all accepted items before it closes, and accepts none afterward', async () => {
    const commit = new GroupCommit<Item, number>({
      execute: async (items) => {
        await sleep(2);
        return items.map((item) => item.value);
      },
      tenantOf: (item) => item.tenant,
      maxBatch: 2,
    });
    const waiting = Array.from({ length: 9 }, (_, value) => commit.submit({ tenant: 'a', value }));
    await commit.close();
    expect(await Promise.all(waiting)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    await expect(commit.submit({ tenant: 'a', value: 1 })).rejects.toBeInstanceOf(ClosedError);
  });
});
