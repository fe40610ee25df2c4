import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { wholeOption } from './options.ts';

/**
 * `npm run fuzz -- [--count 10000] [--seed 1]`: sends invalid input to the running product, which it starts:
 * webhook bodies, proxied requests, forms, headers and gRPC messages, determined by the seed. As many texts go to what
 * reads files and the environment.
 */
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000_000)) },
  },
});
const count = wholeOption('count', values.count);
const seed = wholeOption('seed', values.seed);
process.stdout.write(`fuzz: ${count} messages from seed ${seed}\n`);

const played = spawn(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'web',
    '--project',
    'unit',
    'e2e/testing/fuzz/',
  ],
  { stdio: 'inherit', env: { ...process.env, FUZZ: String(count), FUZZ_SEED: String(seed) } },
);
const status = await new Promise<number>((resolve) => {
  played.once('exit', (code) => resolve(code ?? 1));
});
process.stdout.write(
  status === 0
    ? `fuzz: ${count} sent, nothing broke (seed ${seed})\n`
    : `fuzz: failed (seed ${seed}); failures are listed above\n`,
);
process.exitCode = status;
