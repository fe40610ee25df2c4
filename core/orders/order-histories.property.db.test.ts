import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestCore, type TestCore } from '../testing/core.ts';
import { historyOfSeed, playHistories, type Clock } from '../testing/order-histories.ts';

let core: TestCore;
const clock: Clock = { now: () => new Date() };
beforeAll(async () => {
  core = await startTestCore({}, { clock: () => clock.now() });
});
afterAll(() => core.stop());

const RUNS = Number(process.env['HISTORIES'] ?? 100);
const FIRST_SEED = Number(process.env['HISTORIES_SEED'] ?? Math.floor(Math.random() * 1e9));
const SIDE_BY_SIDE = 200;

it(
  'orders end in the same balances, however their deliveries are permuted, repeated and delayed',
  async () => {
    const problems: string[] = [];
    for (let nth = 0; nth < RUNS; nth += SIDE_BY_SIDE) {
      const histories = Array.from({ length: Math.min(SIDE_BY_SIDE, RUNS - nth) }, (_, place) =>
        historyOfSeed(FIRST_SEED + nth + place),
      );
      for (const { seed, setting, problems: found, steps } of await playHistories(
        core,
        clock,
        histories,
      ))
        if (found.length > 0)
          problems.push(
            `seed ${seed} (${setting}): ${found.join('; ')}\n  ${steps.join('\n  ')}\n`,
          );
    }
    expect(problems.join('\n'), `first seed ${FIRST_SEED}`).toBe('');
  },
  60_000 + RUNS * 3_000,
);
