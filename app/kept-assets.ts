// Files of earlier builds, for pages that were opened before a release and for processes that are still of the one before.
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import path from 'node:path';

/** Longer than any release takes, and than pages are left open in earnest. */
const keptDays = 7;

/**
 * Copies a build's files into a folder that outlives it, and deletes what no build has had for a week. Files have
 * immutable names, so one that is there is the same; several processes may do this at once.
 * @param own where the build's files are
 * @param kept the folder, made when it is not there
 * @param now milliseconds since 1970
 */
export function keepAssets(own: string, kept: string, now = Date.now()): void {
  for (const file of filesIn(own)) {
    const target = path.join(kept, file);
    mkdirSync(path.dirname(target), { recursive: true });
    if (statSync(target, { throwIfNoEntry: false }) === undefined) {
      // Renamed whole: who asks meanwhile gets all of a file or none.
      const draft = `${target}.${process.pid}.draft`;
      copyFileSync(path.join(own, file), draft);
      renameSync(draft, target);
    }
    utimesSync(target, now / 1000, now / 1000);
  }
  const oldest = now - keptDays * 24 * 60 * 60 * 1000;
  for (const file of filesIn(kept)) {
    const target = path.join(kept, file);
    const found = statSync(target, { throwIfNoEntry: false });
    if (found !== undefined && found.mtimeMs < oldest) rmSync(target, { force: true });
  }
}

/** Relative paths; none where there is no such folder. */
function filesIn(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}
