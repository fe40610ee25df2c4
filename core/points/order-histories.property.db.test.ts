import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestCore, type TestCore } from '../testing/core.ts';
import { playHistory } from '../testing/order-histories.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

const RUNS = Number(process.env['HISTORIES'] ?? 100);
const FIRST_SEED = Number(process.env['HISTORIES_SEED'] ?? Math.floor(Math.random() * 1e9));

it(
  'orders end in the same balances, however their deliveries are permuted, repeated and delayed',
  async () => {
    const problems: string[] = [];
    for (let nth = 0; nth < RUNS; nth++) {
      const { seed, problem } = await playHistory(core, FIRST_SEED + nth);
      if (problem !== null) problems.push(`seed ${seed}: ${problem}`);
    }
    expect(problems, `first seed ${FIRST_SEED}`).toEqual([]);
  },
  60_000 + RUNS * 3_000,
);
