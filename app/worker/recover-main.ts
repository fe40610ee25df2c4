import { parseArgs } from 'node:util';
import { closeAll } from '../lifecycle.server.ts';
import { recover, recoverySteps } from './recover.ts';
import { recoveryReport } from './recovery-report.ts';
import { createJobServices } from './services.server.ts';

/** `npm run recover -- [erasures|orders|rewards|balances …] --since <time> [--shop <domain>] [--json]` */
const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    since: { type: 'string' },
    shop: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const since = new Date(values.since ?? '');
const steps = recoverySteps.filter(
  (step) => positionals.length === 0 || positionals.includes(step),
);
if (Number.isNaN(since.getTime()) || since > new Date() || steps.length === 0) {
  process.stderr.write(
    `--since must be a time that is past, such as 2026-11-30T14:05:00Z; steps are ${recoverySteps.join(', ')}.\n`,
  );
  process.exit(2);
}
const options = { steps, since, ...(values.shop !== undefined && { shop: values.shop }) };
const recovery = await recover(createJobServices(), options);
const lines = values.json
  ? [JSON.stringify(recovery)]
  : recoveryReport(recovery, options, new Date());
process.stdout.write(`${lines.join('\n')}\n`);
await closeAll();
process.exit(recovery.isComplete ? 0 : 1);
