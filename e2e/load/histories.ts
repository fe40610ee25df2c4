import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { wholeOption } from './options.ts';

/**
 * `npm run histories -- [--runs 2000] [--seed 1]`: plays random histories of orders, and of referrals, against a real
 * core and compares the
 * balances with the expected ones. Each history has a seed, so that a failed one can be replayed.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000_000)) },
  },
});
const runs = wholeOption('runs', values.runs);
const seed = wholeOption('seed', values.seed);
process.stdout.write(`histories: ${runs} from seed ${seed}\n`);

const played = spawn(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'db',
    'core/orders/order-histories.property.db.test.ts',
    'core/referrals/referral-histories.property.db.test.ts',
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, HISTORIES: String(runs), HISTORIES_SEED: String(seed) },
  },
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
