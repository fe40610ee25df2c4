import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { holderOf, identityOf } from './lock.mjs';
import { root } from './paths.ts';
import { Problem, signalGroup, withPrograms } from './process.ts';

export interface ProcessPlan {
  /** Shown to the person and used for the log file. */
  name: string;
  /** Arguments of the project's Node. */
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Whether it answers; asked every 50 ms until it does. Gets what it printed so far. */
  isReady: (output: string) => boolean | Promise<boolean>;
  readyWithinMs: number;
}

export interface Supervisor {
  /** Starts a process and waits until it is ready. */
  start: (plan: ProcessPlan) => Promise<void>;
  /** Stops everything, the last started first. */
  stop: () => Promise<void>;
  /** What a process has printed since its last start. */
  outputOf: (name: string) => string;
  /** The end of that, to show to a person. */
  lastLines: (name: string) => string;
  /** Rejects when a process cannot be kept alive. */
  failed: Promise<never>;
}

interface Running {
  plan: ProcessPlan;
  child: ChildProcess;
  restarts: number;
  startedAt: number;
}

const stableAfterMs = 60_000;
const logLines = 20;

/**
 * Keeps the processes of the demo alive: each in its own process group with its own log file, restarted once when it
 * crashes, and all stopped together. Processes left by an earlier, killed demo are stopped at once.
 */
export function createSupervisor(options: {
  logDir: string;
  runDir: string;
  say: (line: string) => void;
}): Supervisor {
  const { logDir, runDir, say } = options;
  mkdirSync(logDir, { recursive: true });
  mkdirSync(runDir, { recursive: true });
  stopLeftovers(runDir);

  const running: Running[] = [];
  let stopping = false;
  const failure = Promise.withResolvers<never>();
  // It may be awaited later, or never.
  failure.promise.catch(() => undefined);

  const { logFileOf, pidFileOf, outputOf, lastLines, launch, untilReady } = createLauncher(
    logDir,
    runDir,
  );

  const watch = (entry: Running): void => {
    entry.child.once('exit', (code, signal) => {
      if (stopping) return;
      const { name } = entry.plan;
      say(
        `${name} ended unexpectedly (${signal ?? `exit code ${code}`}). Its last lines:\n${lastLines(name)}`,
      );
      if (Date.now() - entry.startedAt > stableAfterMs) entry.restarts = 0;
      if (entry.restarts >= 1) {
        failure.reject(new Problem(`${name} ended twice; giving up. Its log: ${logFileOf(name)}`));
        return;
      }
      entry.restarts += 1;
      entry.startedAt = Date.now();
      entry.child = launch(entry.plan);
      untilReady(entry).then(
        () => {
          say(`${name} was started again.`);
          watch(entry);
        },
        (error: unknown) => {
          failure.reject(error);
        },
      );
    });
  };

  return {
    outputOf,
    lastLines,
    failed: failure.promise,
    start: async (plan) => {
      const entry = { plan, child: launch(plan), restarts: 0, startedAt: Date.now() };
      running.push(entry);
      await untilReady(entry);
      watch(entry);
    },
    stop: async () => {
      stopping = true;
      for (const entry of running.toReversed()) {
        await stopGroup(entry.child.pid, () => hasEnded(entry.child));
        rmSync(pidFileOf(entry.plan.name), { force: true });
      }
      running.length = 0;
    },
  };
}

/** Starts one process with its log and pid file, and waits until it answers. */
function createLauncher(logDir: string, runDir: string) {
  const logFileOf = (name: string) => path.join(logDir, `${name}.log`);
  const pidFileOf = (name: string) => path.join(runDir, `${name}.pid`);
  const outputOf = (name: string) =>
    existsSync(logFileOf(name)) ? readFileSync(logFileOf(name), 'utf8') : '';
  const lastLines = (name: string) => {
    const lines = outputOf(name).trimEnd().split('\n').slice(-logLines);
    return lines.map((line) => `    ${line}`).join('\n');
  };

  const launch = (plan: ProcessPlan): ChildProcess => {
    const log = openSync(logFileOf(plan.name), 'w');
    const child = spawn(process.execPath, plan.args, {
      cwd: root,
      env: withPrograms({ ...process.env, ...plan.env }),
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    if (child.pid !== undefined) writeFileSync(pidFileOf(plan.name), identityOf(child.pid));
    return child;
  };

  const untilReady = async ({ plan, child }: Pick<Running, 'plan' | 'child'>): Promise<void> => {
    const deadline = Date.now() + plan.readyWithinMs;
    while (Date.now() < deadline) {
      if (hasEnded(child)) {
        throw new Problem(
          `${plan.name} ended while starting. Its last lines:\n${lastLines(plan.name)}`,
        );
      }
      if (await plan.isReady(outputOf(plan.name))) return;
      await pause(50);
    }
    throw new Problem(
      `${plan.name} was not ready within ${plan.readyWithinMs / 1000} s. Its last lines:\n${lastLines(plan.name)}`,
    );
  };

  return { logFileOf, pidFileOf, outputOf, lastLines, launch, untilReady };
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** Terminates the whole group and, if it does not end, kills it. */
async function stopGroup(pid: number | undefined, ended: () => boolean): Promise<void> {
  if (pid === undefined) return;
  for (const [signal, waitMs] of [
    ['SIGTERM', 10_000],
    ['SIGKILL', 2_000],
  ] as const) {
    if (ended()) break;
    signalGroup(pid, signal);
    const deadline = Date.now() + waitMs;
    while (!ended() && Date.now() < deadline) await pause(20);
  }
  // Grandchildren that outlived their parent.
  signalGroup(pid, 'SIGKILL');
}

function stopLeftovers(runDir: string): void {
  for (const name of readdirSync(runDir)) {
    const file = path.join(runDir, name);
    if (!name.endsWith('.pid') || !statSync(file).isFile()) continue;
    const pid = holderOf(file);
    if (pid !== undefined) signalGroup(pid, 'SIGKILL');
    rmSync(file, { force: true });
  }
}
