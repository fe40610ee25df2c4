import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromRoot } from '#infra/local/paths.ts';
import { freePort } from '#infra/local/postgres.ts';
import { withPrograms } from '#infra/local/process.ts';
import { corePlan } from '#infra/local/services.ts';
import type { Ports, Secrets } from '#infra/local/services.ts';
import type { ProcessPlan } from '#infra/local/supervisor.ts';

export interface RunningProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  /** What it has printed since it was started. */
  output(): string;
  /** With what was printed before it was started again, too. */
  readonly logFile: string;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
  /** Kills it, whatever it is doing. */
  kill(): Promise<void>;
}

export function makeSecrets(): Secrets {
  return {
    CORE_SIGNING_KEY: randomBytes(32).toString('hex'),
    ENCRYPTION_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    BLIND_INDEX_KEY: randomBytes(32).toString('base64'),
  };
}

export async function freePorts(): Promise<Ports> {
  return {
    core: await freePort(),
    web: await freePort(),
    shop: await freePort(),
    tunnel: await freePort(),
    proxy: await freePort(),
  };
}

/** A process as in production. Only its owner restarts it. */
export async function startProcess(
  plan: ProcessPlan,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningProcess> {
  mkdirSync(folder, { recursive: true });
  const logFile = path.join(folder, `${plan.name}.log`);
  const before = existsSync(logFile) ? statSync(logFile).size : 0;
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...plan.args], {
    cwd: fromRoot(),
    // The plan's log level is set last: some report readiness at level info.
    env: withPrograms({ ...process.env, LOG_LEVEL: 'warn', ...plan.env, ...env }),
    stdio: ['ignore', log, log],
    // Ctrl-C at the terminal must not end it before those that use it.
    detached: true,
  });
  closeSync(log);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const output = () =>
    existsSync(logFile) ? readFileSync(logFile).subarray(before).toString('utf8') : '';
  const end = async (signal: NodeJS.Signals) => {
    if (!isOver()) child.kill(signal);
    await exited;
  };
  const deadline = Date.now() + plan.readyWithinMs * 2;
  while (!(await plan.isReady(output()))) {
    if (isOver() || Date.now() > deadline) {
      await end('SIGKILL');
      throw new Error(`${plan.name} did not start:\n${output().slice(-2_000)}`);
    }
    await sleep(50);
  }
  return {
    pid: child.pid ?? 0,
    child,
    output,
    logFile,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** A core process as in production, on a free port. */
export async function startCoreProcess(
  databaseUrl: string,
  secrets: Secrets,
  folder: string,
): Promise<RunningProcess & { readonly address: string }> {
  const ports = await freePorts();
  const core = await startProcess(corePlan(ports, databaseUrl, secrets), folder);
  return { ...core, address: `127.0.0.1:${ports.core}` };
}
