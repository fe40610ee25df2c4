import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `work` while holding a lock file, so that two processes started at once do not both install,
 * generate or build. A lock left by a process that no longer lives is taken over.
 *
 * @template T
 * @param {string} file
 * @param {() => T | Promise<T>} work
 * @param {{ onWait?: (pid: number) => void }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(file, work, options = {}) {
  mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  for (;;) {
    try {
      writeFileSync(file, identityOf(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
    }
    const holder = holderOf(file);
    if (holder === undefined) {
      // Empty for an instant while its maker writes it; gone when its holder died.
      if (isAbandoned(file)) rmSync(file, { force: true });
    } else if (!told) {
      options.onWait?.(holder);
      told = true;
    }
    await sleep(100);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

/**
 * The living process named in a file that was written with `identityOf`, if there is one.
 *
 * @param {string} file
 * @returns {number | undefined}
 */
export function holderOf(file) {
  const [pid, identity] = readIdentity(file);
  return pid > 0 && isAlive(pid) && identityOf(pid) === identity ? pid : undefined;
}

/**
 * Names a process beyond its id, which the system gives to another one after a crash or a reboot.
 *
 * @param {number} pid
 * @returns {string}
 */
export function identityOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${pid} ${startTime} ${boot}`;
  } catch {
    return String(pid);
  }
}

/**
 * Whether a process runs. One that has ended and waits for its parent to notice does not.
 *
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** @param {number} pid */
function isZombie(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}

/** @param {string} file @returns {[number, string]} */
function readIdentity(file) {
  try {
    const identity = readFileSync(file, 'utf8');
    return [Number.parseInt(identity, 10) || 0, identity];
  } catch {
    return [0, ''];
  }
}

/** @param {string} file */
function isAbandoned(file) {
  try {
    const written = statSync(file);
    return written.size > 0 || Date.now() - written.mtimeMs > 5_000;
  } catch {
    return false;
  }
}
