import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { makeConsoleAdmin } from './console-admin.ts';
import { localSecrets } from './demo-secrets.ts';
import { holderOf, identityOf } from './lock.mjs';
import { dataDir, fromData, fromRoot } from './paths.ts';
import { removeCluster } from './postgres.ts';
import { Problem } from './process.ts';
import { knowsCurrency } from '#e2e/shopify/money.ts';
import { productVersion, type NewShop } from './services.ts';
import { startStack } from './stack.ts';
import { interruption, say, seconds, step } from './terminal.ts';
import type { Stack } from './stack.ts';

/** What `infra/local/demo-seed.ts` exports: fills the shop through its public doors. */
interface DemoSeed {
  seedDemo: (stack: Stack, say: (line: string) => void, currency: string) => Promise<void>;
}

/** --reset begins anew, --empty with nothing in the shop, --currency JPY in another currency. */
export function demoOptions(args: readonly string[]): NewShop & { readonly isReset: boolean } {
  let currency = 'USD';
  const flags = new Set<string>();
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    const [name, inline] = arg.split('=', 2);
    if (name === '--currency') {
      currency = (inline ?? args[++at] ?? '').toUpperCase();
      if (!Intl.supportedValuesOf('currency').includes(currency) || !knowsCurrency(currency))
        throw new Problem(
          `The demo has no exchange rate for "${currency}"; try JPY, EUR, KWD or VND.`,
        );
    } else if (arg === '--reset' || arg === '--empty') flags.add(arg);
    else
      throw new Problem(
        `npm run demo does not know "${arg}"; it takes --reset to begin anew, --empty and --currency JPY.`,
      );
  }
  return { isReset: flags.has('--reset'), isEmpty: flags.has('--empty'), currency };
}

const consoleAccount = { username: 'demo', email: 'demo@example.com', role: 'superadmin' } as const;

/** `npm run demo`: a whole shop on this machine, until Ctrl-C. */
export async function demo(args: readonly string[]): Promise<void> {
  const { isReset, ...newShop } = demoOptions(args);
  const started = Date.now();
  const claimFile = claim();
  say(`LoyalNest ${productVersion()} · data in ${dataDir}`);
  if (isReset) await step('Removing the data of earlier runs', reset);
  if (args.length > 0 && !isReset && existsSync(fromData('shopify'))) {
    rmSync(claimFile, { force: true });
    throw new Problem(
      'There is a demo shop already; add --reset to begin a new one with these options.',
    );
  }
  const interrupted = interruption();
  let stack: Stack | undefined;
  try {
    const starting = startStack({ say, step, newShop }).then(async (ready) => {
      stack = ready;
      await step('Opening LoyalNest in the admin', () => openInAdmin(ready));
      if (!newShop.isEmpty) await seed(ready, newShop.currency);
      const password = await makeConsoleAdmin(
        ready.database.appUrl,
        { ENCRYPTION_KEYS: '', BLIND_INDEX_KEY: '', ...localSecrets(dataDir) },
        consoleAccount,
      );
      return { stack: ready, password };
    });
    // An interruption while starting: let the start come to its end or fail, then stop what it made.
    const ready = await Promise.race([starting, interrupted]);
    if (ready === undefined) {
      await starting.catch(() => undefined);
      return;
    }
    announce(ready.stack, ready.password, started);
    await Promise.race([interrupted, ready.stack.supervisor.failed]);
  } finally {
    say('Stopping …');
    await stack?.stop();
    rmSync(claimFile, { force: true });
    say('Stopped.');
  }
}

/**
 * Opens LoyalNest as the shop's admin does, with a signed link. The app's own way in then installs it: it trades the
 * session token for access to the shop and begins its first synchronization.
 */
async function openInAdmin(stack: Stack): Promise<void> {
  const query = new URLSearchParams({ path: '/app', locale: 'en', origin: stack.shop.tunnel });
  const launch = await fetch(`${stack.shop.shell}/_shell/launch?${query}`);
  const { url } = launchAnswer.parse(await launch.json());
  const page = await fetch(url, {
    headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux) LoyalNest demo' },
  });
  await page.body?.cancel();
  if (!page.ok)
    throw new Problem(
      `The app answered ${page.status} when the admin opened it. The last lines of its log:
${stack.supervisor.lastLines('web')}`,
    );
}

const launchAnswer = z.object({ url: z.url() });

async function seed(stack: Stack, currency: string): Promise<void> {
  const script = fromRoot('infra/local/demo-seed.ts');
  const done = fromData('seeded');
  if (!existsSync(script) || existsSync(done)) return;
  await step('Filling the demo shop', async () => {
    const { seedDemo } = (await import(pathToFileURL(script).href)) as DemoSeed;
    await seedDemo(stack, say, currency);
  });
  writeFileSync(done, `${new Date().toISOString()}\n`);
}

/** @param password of the console's account, when this start has made it */
function announce(stack: Stack, password: string | undefined, started: number): void {
  const { username, email } = consoleAccount;
  const access =
    password === undefined
      ? `npm run console:admin -- --email ${email} --reset`
      : `${username}, one-time password ${password}`;
  say('');
  say(`  Shopify admin with LoyalNest in it   ${stack.shop.shell}`);
  say(`  Storefront with block and checkout   ${stack.shop.store}`);
  say(
    `  Console of the platform's people     http://localhost:${stack.ports.web}/console (${access})`,
  );
  say(`  Logs of the processes                ${fromData('logs')}`);
  say('');
  say('  Ctrl-C stops everything; `npm run demo -- --reset` begins anew.');
  say(`LoyalNest is ready (${seconds(started)}): open ${stack.shop.shell}`);
}

/** One demo to a data folder. */
function claim(): string {
  mkdirSync(dataDir, { recursive: true });
  const file = fromData('demo.pid');
  const holder = holderOf(file);
  if (holder !== undefined) {
    throw new Problem(
      `The demo is running already (process ${holder}). Stop it with Ctrl-C in its terminal, or set DATA_DIR to another folder for a second one.`,
    );
  }
  writeFileSync(file, identityOf(process.pid));
  return file;
}

async function reset(): Promise<void> {
  await removeCluster(fromData('postgres'));
  for (const name of ['shopify', 'seeded', 'files', 'logs', 'demo.env']) {
    rmSync(fromData(name), { recursive: true, force: true });
  }
}
