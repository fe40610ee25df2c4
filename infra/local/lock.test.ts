import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { holderOf, identityOf, withLock } from './lock.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a lock between processes', () => {
  test('lets one process work at a time and is removed afterwards', async () => {
    const file = path.join(folder, 'a.lock');
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(20);
      inside -= 1;
    };
    await Promise.all([withLock(file, work), withLock(file, work), withLock(file, work)]);
    expect(most).toBe(1);
    expect(existsSync(file)).toBe(false);
  });

  test('is released when the work fails', async () => {
    const file = path.join(folder, 'a.lock');
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(withLock(file, () => 'yes')).resolves.toBe('yes');
  });

  test('of a process that died is taken over', async () => {
    const file = path.join(folder, 'a.lock');
    writeFileSync(file, '999999999 1 boot');
    await expect(withLock(file, () => 'mine')).resolves.toBe('mine');
  });

  test('is not mistaken for that of another process that got the same id', () => {
    const file = path.join(folder, 'a.lock');
    writeFileSync(file, identityOf(process.pid));
    expect(holderOf(file)).toBe(process.pid);
    if (process.platform !== 'linux') return;
    writeFileSync(file, `${process.pid} 1 earlier-boot`);
    expect(holderOf(file)).toBeUndefined();
  });
});
