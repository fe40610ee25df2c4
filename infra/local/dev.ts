import { spawn } from 'node:child_process';
import path from 'node:path';
import { openDatabase } from './database.ts';
import { localSecrets } from './demo-secrets.ts';
import { generate } from './generate.ts';
import { dataDir, fromData, root } from './paths.ts';
import { Problem } from './process.ts';
import { corePlan, workerPlan } from './services.ts';
import { choosePorts, migrateFor, readSecrets, startStack } from './stack.ts';
import { createSupervisor } from './supervisor.ts';
import { interruption, say, step } from './terminal.ts';

/** Run by npx, as it needs half a gigabyte that nothing else does. */
const shopifyCli = '@shopify/cli@4.8.2';

/** `npm run dev:local`: everything with hot reload, against the Shopify emulator. */
export async function devLocal(): Promise<void> {
  const interrupted = interruption();
  const stack = await startStack({ say, step, mode: 'development' });
  try {
    say(
      `Shopify's admin and storefront: ${stack.shop.shell} · logs: ${fromData('logs')} · Ctrl-C stops`,
    );
    await Promise.race([interrupted, stack.supervisor.failed]);
  } finally {
    await stack.stop();
  }
}

/** `npm run dev`: core and worker here, web by `shopify app dev` on a development store. */
export async function dev(args: readonly string[]): Promise<void> {
  for (const name of ['SHOPIFY_API_KEY', 'SHOPIFY_API_SECRET']) {
    if ((process.env[name] ?? '') === '') {
      throw new Problem(
        `${name} is missing: put it in .env (\`shopify app env show\` prints the keys of your app), or use npm run dev:local, which needs no Shopify account.`,
      );
    }
  }
  const interrupted = interruption();
  await step('Generating', () => generate({ log: say }));
  const ports = await choosePorts(say);
  const supervisor = createSupervisor({
    logDir: fromData('logs'),
    runDir: fromData('run'),
    say,
  });
  const database = await step('Starting PostgreSQL', openDatabase);
  try {
    await step('Migrating the database', () => migrateFor(database));
    const secrets = readSecrets();
    const env = {
      DATABASE_URL: database.appUrl,
      CORE_URL: `127.0.0.1:${ports.core}`,
      // The worker has no use for it but must have one; web is told the tunnel's (dev-web.ts).
      SHOPIFY_APP_URL: process.env.SHOPIFY_APP_URL || `http://localhost:${ports.web}`,
      ...localSecrets(dataDir),
    };
    await step('Starting core and worker', async () => {
      await supervisor.start(corePlan(ports, database.appUrl, secrets, 'development'));
      await supervisor.start(workerPlan(env, 'development'));
    });
    const shopify = spawn(
      'npx',
      ['--yes', shopifyCli, 'app', 'dev', '--path', path.resolve(root), ...args],
      {
        cwd: root,
        stdio: 'inherit',
        env: { ...process.env, ...env },
      },
    );
    const ended = new Promise<void>((resolve) =>
      shopify.once('exit', () => {
        resolve();
      }),
    );
    await Promise.race([ended, interrupted, supervisor.failed]);
    shopify.kill('SIGTERM');
  } finally {
    await supervisor.stop();
    await database.stop();
  }
}
