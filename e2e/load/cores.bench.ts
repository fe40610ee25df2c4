import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fromRoot } from '#infra/local/paths.ts';
import { corePlan } from '#infra/local/services.ts';
import { stopAtEnd } from './cleanup.ts';
import type { CallTask } from './core-caller.ts';
import { freePorts, makeSecrets, startProcess } from './processes.ts';
import { median, rounded } from './statistics.ts';
import type { Metrics } from './statistics.ts';

/**
 * How many empty calls one core process answers, and two, in interleaved rounds; the callers are processes too, enough
 * of them to keep two cores busy. The ratio says something only where each process has a processor.
 */

/** All processors but the two of the cores. */
const callingProcesses = Math.min(4, Math.max(2, os.availableParallelism() - 2));
const callersInEach = 64;
const roundMs = 3_000;
const rounds = 5;

export async function run(): Promise<Metrics> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-cores-'));
  const secrets = makeSecrets();
  const stops: (() => Promise<unknown>)[] = [];
  const stop = stopAtEnd(async () => {
    for (const end of stops.splice(0)) await end();
    rmSync(folder, { recursive: true, force: true });
  });
  try {
    const addresses: string[] = [];
    for (const name of ['one', 'two']) {
      const ports = await freePorts();
      // Empty calls need no database.
      const plan = corePlan(ports, 'postgresql://nobody@127.0.0.1:1/none', secrets);
      const core = await startProcess({ ...plan, name }, folder);
      stops.push(() => core.stop());
      addresses.push(`127.0.0.1:${ports.core}`);
    }
    const callers = Array.from({ length: callingProcesses }, () =>
      fork(fromRoot('e2e/load/core-caller.ts'), { execArgv: [] }),
    );
    stops.push(async () => {
      for (const caller of callers) caller.disconnect();
      return Promise.resolve();
    });
    const [one] = addresses;
    return await measure(callers, `ipv4:${one}`, `ipv4:${addresses.join(',')}`);
  } finally {
    await stop();
  }
}

async function measure(
  callers: readonly ChildProcess[],
  one: string,
  two: string,
): Promise<Metrics> {
  const perSecond = async (target: string, milliseconds = roundMs) => {
    const answers = await Promise.all(
      callers.map(async (caller) => {
        const task: CallTask = { target, callers: callersInEach, milliseconds };
        caller.send(task);
        const [answer] = (await once(caller, 'message')) as [number];
        return answer;
      }),
    );
    return answers.reduce((sum, answer) => sum + answer, 0);
  };
  // Warm: compilers and connections.
  await perSecond(one, 1_000);
  await perSecond(two, 1_000);
  const measured: { one: number; two: number }[] = [];
  for (let round = 1; round <= rounds; round++) {
    const counts = { one: await perSecond(one), two: await perSecond(two) };
    measured.push(counts);
    process.stdout.write(
      `  round ${round}: one core ${Math.round(counts.one)}/s, two ${Math.round(counts.two)}/s\n`,
    );
  }
  return {
    values: {
      two_cores_vs_one: rounded(median(measured.map((counts) => counts.two / counts.one))),
      one_core_per_second: Math.round(median(measured.map((counts) => counts.one))),
      two_cores_per_second: Math.round(median(measured.map((counts) => counts.two))),
      processors_for_each: rounded(os.availableParallelism() / (callingProcesses + 2)),
    },
    meta: { callingProcesses, callersInEach, roundMs, rounds },
  };
}
