import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A hash over the contents of files and folders, in a fixed order. What does not exist counts as absent.
 *
 * @param {string} root
 * @param {readonly string[]} entries paths relative to root
 * @param {(file: string) => boolean} [include] decides by relative path
 * @returns {string}
 */
export function hashOf(root, entries, include = () => true) {
  const hash = createHash('sha256');
  /** @param {string} relative */
  const visit = (relative) => {
    const absolute = path.join(root, relative);
    if (!existsSync(absolute)) return;
    if (statSync(absolute).isDirectory()) {
      for (const name of readdirSync(absolute).sort()) visit(`${relative}/${name}`);
    } else if (include(relative)) {
      hash.update(`${relative}\0`).update(readFileSync(absolute)).update('\0');
    }
  };
  for (const entry of [...entries].sort()) visit(entry);
  return hash.digest('hex');
}

/** @param {string} file @param {string} value @returns {boolean} whether the stamp says `value` */
export function stampIs(file, value) {
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}

/** @param {string} file @param {string} value */
export function writeStamp(file, value) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, value);
}
