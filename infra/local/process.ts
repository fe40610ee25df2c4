import { spawn } from 'node:child_process';
import type { SpawnOptions } from 'node:child_process';
import path from 'node:path';
import { fromRoot, root } from './paths.ts';

/** A failure whose message is meant for the person at the terminal: shown without a stack. */
export class Problem extends Error {}

export type Environment = NodeJS.ProcessEnv;

export interface RunOptions {
  env?: Environment;
  /** Let the person see the output as it comes, instead of collecting it. */
  show?: boolean;
  cwd?: string;
  uid?: number;
  gid?: number;
}

export interface Finished {
  code: number;
  output: string;
}

/** Runs a program to its end and returns its exit code and what it printed. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const spawnOptions: SpawnOptions = {
    cwd: options.cwd ?? root,
    env: withPrograms(options.env ?? process.env),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
    stdio: options.show === true ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, spawnOptions);
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

/** The environment with the project's own programs, Node 24 among them, found first. */
export function withPrograms(env: Environment): NodeJS.ProcessEnv {
  const programs = fromRoot('node_modules/.bin');
  if (env.PATH?.startsWith(programs) === true) return { ...env };
  return { ...env, PATH: `${programs}${path.delimiter}${env.PATH ?? ''}` };
}

/** Runs a program that must succeed; its output is shown only when it fails. */
export async function runOrThrow(
  what: string,
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, output } = await run(program, args, options);
  if (code !== 0) throw new Problem(`${what} failed (exit code ${code}).\n${output.trim()}`);
  return output;
}

/** Signals a process and all that it has started, if they still run. @param pid the leader of the group */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}
