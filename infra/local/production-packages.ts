import { readFileSync } from 'node:fs';
import { fromRoot } from './paths.ts';

/** An entry of package-lock.json, with what npm notes about who needs it. */
interface LockEntry {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

/**
 * What the Dockerfile installs for production, as paths below the root: npm's own choice for
 * `--omit=dev --omit=optional`, and the programs of dbmate and sharp beside it.
 */
export function productionPackages(): string[] {
  const { packages } = JSON.parse(readFileSync(fromRoot('package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  return Object.entries(packages)
    .filter(
      ([name, { dev, optional, devOptional }]) =>
        /^node_modules\/@(dbmate|img)\//.test(name) ||
        (name !== '' && dev !== true && optional !== true && devOptional !== true),
    )
    .map(([name]) => name);
}
