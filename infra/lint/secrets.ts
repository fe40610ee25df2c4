import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fromRoot } from '../local/paths.ts';
import { Problem } from '../local/process.ts';
import { secretsIn } from './secrets.rules.ts';

/** Every secret in the files that Git tracks: `app/file.ts:12: a token of Slack`. */
export function secretsInFiles(): string[] {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: fromRoot('.'), encoding: 'utf8' });
  return files
    .split('\0')
    .filter(Boolean)
    .flatMap((file) => {
      const bytes = readTracked(path.join(fromRoot('.'), file));
      // Pictures have no lines.
      return bytes.includes(0)
        ? []
        : secretsIn(bytes.toString('utf8')).map(({ kind, line }) => `${file}:${line}: ${kind}`);
    });
}

/** A tracked file may be deleted in the working copy. */
function readTracked(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return Buffer.alloc(0);
    throw error;
  }
}

/** Every secret that a commit once added, also where a later one removed it: `1a2b3c4 app/file.ts: a token of Slack`. */
export async function secretsInHistory(): Promise<string[]> {
  const log = spawn(
    'git',
    ['log', '--all', '--patch', '--unified=0', '--no-color', '--no-ext-diff', '--no-renames'],
    { cwd: fromRoot('.'), stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<number | null>((resolve) => log.once('close', resolve));
  const found = new Set<string>();
  let commit = '';
  let file = '';
  let added: string[] = [];
  const look = () => {
    for (const { kind } of secretsIn(added.join('\n'))) found.add(`${commit} ${file}: ${kind}`);
    added = [];
  };
  for await (const line of createInterface({ input: log.stdout })) {
    if (line.startsWith('+') && !line.startsWith('+++ ')) {
      added.push(line.slice(1));
      continue;
    }
    look();
    if (line.startsWith('commit ')) commit = line.slice(7, 14);
    if (line.startsWith('+++ ')) file = line.slice(6);
  }
  look();
  if ((await ended) !== 0) throw new Problem('Git could not list the history.');
  return [...found];
}

/** `npm run secrets [-- --history]`: fails when a tracked file, or with --history any commit, has a secret. */
export async function secrets(args: readonly string[]): Promise<void> {
  const found = args.includes('--history') ? await secretsInHistory() : secretsInFiles();
  if (found.length > 0)
    throw new Problem(
      `${found.join('\n')}\nRevoke what this opens, then remove it: a secret that was pushed once is known.`,
    );
  process.stdout.write('No secret was found.\n');
}
