import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FairGate, OverloadedError } from './fair-gate.ts';

const open = (options: Partial<ConstructorParameters<typeof FairGate>[0]> = {}) =>
  new FairGate({ places: 2, placesPerTenant: 2, maxWaiting: 100, maxWaitMs: 1_000, ...options });

describe('places', () => {
  it('are at most so many, and each is used again', async () => {
    const gate = open();
    let running = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const leave = await gate.enter(`shop ${index % 3}`);
        most = Math.max(most, ++running);
        await sleep(1);
        running--;
        leave();
        // A second time gives nothing back.
        leave();
      }),
    );
    expect(most).toBe(2);
    expect(gate.waiting).toBe(0);
    expect(gate.tryEnter('another')).toBeDefined();
  });

  it('are never all of one tenant, however many it asks for', async () => {
    const gate = open({ places: 4, placesPerTenant: 3 });
    const flood = Array.from({ length: 10 }, () => gate.enter('flood'));
    await sleep(0);
    expect(gate.waiting).toBe(7);
    const leave = gate.tryEnter('quiet');
    expect(leave).toBeDefined();
    leave?.();
    for (const place of flood) void place.then((give) => give());
    await Promise.all(flood);
  });

  it('may all be of the work that is no one’s', () => {
    const gate = open({ places: 3, placesPerTenant: 1 });
    expect([1, 2, 3].map(() => gate.tryEnter('') !== undefined)).toEqual([true, true, true]);
    expect(gate.tryEnter('')).toBeUndefined();
  });
});

describe('those who wait', () => {
  it('have their turn by tenant: who asks for one waits for one of the others, not for all of them', async () => {
    const gate = open({ places: 1, placesPerTenant: 1 });
    const order: string[] = [];
    const work = async (name: string) => {
      const leave = await gate.enter(name);
      order.push(name);
      await sleep(1);
      leave();
    };
    const flood = Array.from({ length: 50 }, () => work('flood'));
    const quiet = [work('quiet'), work('calm')];
    await Promise.all(quiet);
    expect(order.slice(0, 4)).toEqual(['flood', 'flood', 'quiet', 'calm']);
    await Promise.all(flood);
    expect(order.filter((name) => name === 'flood')).toHaveLength(50);
  });

  it('are told so when their time is over, and hold nothing', async () => {
    const gate = open({ places: 1, maxWaitMs: 20 });
    const leave = await gate.enter('a');
    await expect(gate.enter('b')).rejects.toThrow(OverloadedError);
    expect(gate.waiting).toBe(0);
    leave();
    expect(gate.tryEnter('b')).toBeDefined();
  });

  it('leave when whom they ask for has left', async () => {
    const gate = open({ places: 1 });
    const leave = await gate.enter('a');
    const gone = new AbortController();
    const waiting = gate.enter('a', gone.signal);
    gone.abort();
    await expect(waiting).rejects.toThrow('aborted');
    expect(gate.waiting).toBe(0);
    leave();
    await expect(gate.enter('a', gone.signal)).resolves.toBeTypeOf('function');
  });

  it('are refused at once where the line is full, and the longest line makes room for another tenant', async () => {
    const gate = open({ places: 1, maxWaiting: 5 });
    const leave = await gate.enter('flood');
    const flood = Array.from({ length: 5 }, () =>
      gate.enter('flood').then(
        (give) => (give(), 'served'),
        () => 'refused',
      ),
    );
    await expect(gate.enter('flood')).rejects.toThrow('too many are waiting');
    const quiet = gate.enter('quiet').then((give) => (give(), 'served'));
    leave();
    expect(await quiet).toBe('served');
    expect((await Promise.all(flood)).sort()).toEqual([
      'refused',
      ...Array<string>(4).fill('served'),
    ]);
  });
});
