import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

/**
 * `npm run histories -- [--runs 2000] [--seed 1]`: plays random histories of orders against a real core and compares the
 * balances with the expected ones. Each history has a seed, so that a failed one can be replayed.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000_000)) },
  },
});
const whole = (name: string, text: string): string => {
  if (/^\d{1,9}$/.test(text)) return text;
  throw new RangeError(`--${name} must be a whole number`);
};
const runs = whole('runs', values.runs);
const seed = whole('seed', values.seed);
process.stdout.write(`histories: ${runs} from seed ${seed}\n`);

const played = spawn(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'db',
    'core/orders/order-histories.property.db.test.ts',
  ],
  { stdio: 'inherit', env: { ...process.env, HISTORIES: runs, HISTORIES_SEED: seed } },
);
const status = await new Promise<number>((resolve) => {
  played.once('exit', (code) => resolve(code ?? 1));
});
process.stdout.write(
  status === 0
    ? `histories: ${runs} passed, 0 failed (seed ${seed})\n`
    : `histories: failed (seed ${seed}); the seeds are named above\n`,
);
process.exitCode = status;
