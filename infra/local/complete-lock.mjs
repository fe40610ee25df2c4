// Completes package-lock.json: `node infra/local/complete-lock.mjs` after every change of a dependency.
//
// A registry mirror may lack packages made for other systems. npm then leaves their entries out of the lock file, and
// `npm ci` refuses it everywhere ("Missing: … from lock file"). Every optional dependency is entered here with the
// system it is for, read from its name; npm skips those of other systems, and takes ours without a checksum of its own.
// The file also names no registry host, so that `npm ci` asks whichever registry the machine is set to.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * @typedef {{
 *   version?: string, resolved?: string, link?: boolean, dev?: boolean, optional?: boolean,
 *   os?: string[], cpu?: string[], libc?: string[], optionalDependencies?: Record<string, string>,
 * }} LockEntry
 * @typedef {{ packages: Record<string, LockEntry> }} Lock
 */

const systems = 'aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32|windows';
const processors =
  'arm64|armv6l|armv7|armv7l|arm|ia32|i686|loong64|loongarch64|mips64el|ppc64|ppc64le|riscv64|s390x|wasm32|x64';

/**
 * @param {Lock} lock changed in place
 * @returns {string[]} what was added, as `path@version`
 */
export function completeLock(lock) {
  const { packages } = lock;
  /** @type {string[]} */
  const added = [];
  for (const [from, entry] of Object.entries(packages)) {
    if (from !== '' && entry.link !== true && entry.resolved?.startsWith('http') === true) {
      delete entry.resolved;
    }
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isResolved(packages, from, name)) continue;
      const version = range.match(/\d+\.\d+\.\d+[\w.+-]*/)?.[0];
      if (version === undefined) continue;
      const beside = from === '' ? '' : `${from}/`;
      const nested = packages[`node_modules/${name}`] !== undefined;
      const target = `${nested ? beside : ''}node_modules/${name}`;
      packages[target] = {
        version,
        ...platformOf(name),
        ...(entry.dev === true ? { dev: true } : {}),
        optional: true,
      };
      added.push(`${target}@${version}`);
    }
  }
  lock.packages = Object.fromEntries(
    Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
  return added;
}

/**
 * Whether Node finds the package from the folder `from`: in its own node_modules or in one above.
 *
 * @param {Record<string, LockEntry>} packages
 * @param {string} from
 * @param {string} name
 */
function isResolved(packages, from, name) {
  for (
    let folder = from;
    ;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
  ) {
    const prefix = folder === '' ? '' : `${folder}/`;
    if (packages[`${prefix}node_modules/${name}`] !== undefined) return true;
    if (folder === '') return false;
    if (!folder.includes('/node_modules/')) folder = '';
  }
}

/** @type {Record<string, string>} */
const npmNames = { i686: 'ia32', armv6l: 'arm', armv7: 'arm', armv7l: 'arm', windows: 'win32' };

/** @param {string} name @returns {{ os?: string[], cpu?: string[], libc?: string[] }} */
function platformOf(name) {
  const os = name.match(new RegExp(`(?:^|[-/_])(${systems})(?=$|[-_])`))?.[1];
  const cpu = name.match(new RegExp(`(?:^|[-/_])(${processors})(?=$|[-_])`))?.[1];
  const libc = /-musl(eabihf)?$/.test(name)
    ? 'musl'
    : /-gnu(eabihf)?$/.test(name)
      ? 'glibc'
      : undefined;
  return {
    ...(cpu === undefined ? {} : { cpu: [npmNames[cpu] ?? cpu] }),
    ...(os === undefined ? {} : { os: [npmNames[os] ?? os] }),
    ...(os === 'linux' && libc !== undefined ? { libc: [libc] } : {}),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = path.resolve(
    path.dirname(fileURLToPath(import.meta.url)),
    '../../package-lock.json',
  );
  /** @type {Lock} */
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const added = completeLock(lock);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  process.stdout.write(
    `${added.length} entries added\n${added.map((line) => `  ${line}\n`).join('')}`,
  );
}
