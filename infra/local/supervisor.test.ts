import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identityOf, isAlive } from './lock.mjs';
import { createSupervisor } from './supervisor.ts';
import type { ProcessPlan, Supervisor } from './supervisor.ts';

let folder = '';
let said: string[] = [];
let supervisor: Supervisor;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'supervisor-'));
  said = [];
  supervisor = create();
});

afterEach(async () => {
  await supervisor.stop();
  rmSync(folder, { recursive: true, force: true });
});

function create(): Supervisor {
  return createSupervisor({
    logDir: path.join(folder, 'logs'),
    runDir: path.join(folder, 'run'),
    say: (line) => said.push(line),
  });
}

function plan(script: string): ProcessPlan {
  return {
    name: 'thing',
    args: ['-e', script],
    env: {},
    isReady: (output) => output.includes('ready'),
    readyWithinMs: 10_000,
  };
}

const pidOf = () => Number.parseInt(readFileSync(path.join(folder, 'run/thing.pid'), 'utf8'), 10);
const waiting = "console.log('ready'); setInterval(() => undefined, 1000);";

test('a process is started, checked to be ready, and stopped with all its children', async () => {
  const child = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'])`;
  await supervisor.start(plan(`console.log('child', ${child}.pid); ${waiting}`));
  const grandchild = Number(/child (\d+)/.exec(supervisor.outputOf('thing'))?.[1]);
  const pid = pidOf();
  expect([isAlive(pid), isAlive(grandchild)]).toEqual([true, true]);
  await supervisor.stop();
  await expect.poll(() => [isAlive(pid), isAlive(grandchild)]).toEqual([false, false]);
  expect(existsSync(path.join(folder, 'run/thing.pid'))).toBe(false);
});

test('one that ends while starting is reported with its last lines', async () => {
  const broken = plan("console.error('DATABASE_URL is missing'); process.exit(1);");
  await expect(supervisor.start(broken)).rejects.toThrow(
    /thing ended while starting[\s\S]*DATABASE_URL is missing/,
  );
});

test('one that crashes is restarted once; the second time the demo gives up', async () => {
  await supervisor.start(plan(waiting));
  const first = pidOf();
  process.kill(first, 'SIGKILL');
  await expect.poll(() => said.at(-1)).toBe('thing was started again.');
  const second = pidOf();
  expect(second).not.toBe(first);
  process.kill(second, 'SIGKILL');
  await expect(supervisor.failed).rejects.toThrow('thing ended twice');
});

test('processes left running by an earlier, killed demo are stopped first', async () => {
  await supervisor.start(plan(waiting));
  const left = pidOf();
  create();
  await expect.poll(() => isAlive(left)).toBe(false);
});

test('a process that only reuses an id of ours is not stopped', () => {
  mkdirSync(path.join(folder, 'run'), { recursive: true });
  writeFileSync(
    path.join(folder, 'run/other.pid'),
    identityOf(process.pid).replace(/ \d+ /, ' 1 '),
  );
  create();
  expect(isAlive(process.pid)).toBe(true);
});
