// The entry point of every npm script. Plain JavaScript for whatever Node the machine has, with nothing installed:
// it completes node_modules, then hands over to the project's own Node, which runs TypeScript as it is.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const stamp = path.join(root, 'node_modules/.loyalnest-installed');
const ownNode = path.join(
  root,
  'node_modules/.bin',
  process.platform === 'win32' ? 'node.cmd' : 'node',
);
/** In production nothing is installed any more: an image is complete by its making, and has no npm cache to draw from. */
const isComplete =
  process.env.NODE_ENV === 'production' && existsSync(path.join(root, 'node_modules'));
/** An image has the project's Node as its own, and no second one among the packages. */
const isImage = isComplete && !existsSync(ownNode);
const nodeBinary = isImage ? process.execPath : ownNode;
const oldest = isImage ? [24, 0] : [20, 19];
/** As infra/local/services.ts and the Dockerfile have it for the product's processes; why is said there. */
const productFlags = process.argv[2]?.startsWith('start:') ? ['--max-semi-space-size=4'] : [];

await main();

async function main() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < (oldest[0] ?? 0) || (major === oldest[0] && minor < (oldest[1] ?? 0))) {
    fail(
      `LoyalNest needs Node.js ${oldest.join('.')} or newer to start; this is ${process.versions.node}.`,
    );
  }
  await completeInstall();
  const child = spawn(
    nodeBinary,
    [...productFlags, path.join(root, 'infra/local/cli.ts'), ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        PATH: `${path.dirname(nodeBinary)}${path.delimiter}${process.env.PATH ?? ''}`,
      },
    },
  );
  // A terminal sends Ctrl-C to the child as well; a signal sent to this process alone is passed on. Wait for it either way.
  process.on('SIGINT', () => {
    if (process.stdin.isTTY !== true) child.kill('SIGINT');
  });
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => fail(`The project's own Node.js does not start: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

async function completeInstall() {
  if (isComplete || isInstalled()) return;
  const lock = path.join(root, '.data/install.lock');
  const onWait = (/** @type {number} */ pid) =>
    say(`Another process (${pid}) is installing the packages: waiting for it …`);
  await withLock(lock, install, { onWait });
}

async function install() {
  if (isInstalled()) return;
  const started = Date.now();
  say('Installing the packages of package-lock.json (once, about half a minute) …');
  // On Windows npm is a script, which only a shell starts.
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    // npm leaves out what tests and builds need when it believes to be in production.
    env: { ...process.env, NODE_ENV: 'development' },
  });
  const ticking = setInterval(() => say(`  … still installing, ${seconds(started)}`), 15_000);
  const code = await new Promise((resolve) => {
    npm.on('error', () => resolve(127));
    npm.on('exit', resolve);
  });
  clearInterval(ticking);
  if (code !== 0) fail(`npm ci failed (exit code ${code}); its message is above.`);
  if (!existsSync(ownNode)) {
    fail(
      `npm ci left no ${path.relative(root, ownNode)}. Is "ignore-scripts" set in an .npmrc? The package "node" needs its script.`,
    );
  }
  writeFileSync(stamp, lockHash());
  say(`Packages installed (${seconds(started)}).`);
}

/**
 * Whether node_modules holds what the lock file asks for: our stamp says so, or npm's own record of what it installed
 * is not older than the lock file (after a manual `npm ci`).
 */
function isInstalled() {
  if (!existsSync(ownNode)) return false;
  const hash = lockHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true;
  if (!sameAsInstalled()) return false;
  writeFileSync(stamp, hash);
  return true;
}

function sameAsInstalled() {
  const record = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = packagesOf(record);
  const wanted = packagesOf(path.join(root, 'package-lock.json'));
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '' || entry.optional === true || entry.peer === true) continue;
    if (installed[name]?.version !== entry.version) return false;
  }
  return true;
}

/** @param {string} file @returns {Record<string, { version?: string, optional?: boolean, peer?: boolean }>} */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

/** @param {number} since */
function seconds(since) {
  return `${Math.round((Date.now() - since) / 1000)} s`;
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}

/** @param {string} message @returns {never} */
function fail(message) {
  say(message);
  process.exit(1);
}
