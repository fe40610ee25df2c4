import { existsSync } from 'node:fs';
import { fromRoot } from './paths.ts';
import { Problem } from './process.ts';
import { running } from './script.ts';

type Command = (args: readonly string[]) => Promise<unknown>;

/** Each command loads only what it needs: a start costs no more than its own work. */
const commands: Readonly<Record<string, Command>> = {
  demo: async (args) => (await import('./demo.ts')).demo(args),
  test: async () => (await import('./test.ts')).test(),
  check: async () => (await import('./test.ts')).check(),
  coverage: async (args) => (await import('./coverage.ts')).coverage(args),
  dev: async (args) => (await import('./dev.ts')).dev(args),
  'dev:local': async () => (await import('./dev.ts')).devLocal(),
  'dev:web': async () => (await import('./dev-web.ts')).devWeb(),
  build: async () => (await import('./build.ts')).build({ force: true, log: print }),
  generate: async () => (await import('./generate.ts')).generate({ force: true, log: print }),
  'start:web': async () => (await import('./script.ts')).start('web'),
  'start:worker': async () => (await import('./script.ts')).start('worker'),
  'start:core': async () => (await import('./script.ts')).start('core'),
  migrate: async (args) => (await import('./migrate-command.ts')).migrateCommand(args),
  'migrate:refresh-rfm': async () => (await import('./migrate-command.ts')).refreshRfm(),
  'console:admin': async (args) => {
    const { generate } = await import('./generate.ts');
    await generate();
    return (await import('./console-admin.ts')).consoleAdmin(args);
  },
  seed: async (args) => (await import('./script.ts')).runScript('seed', args),
  bench: async (args) => (await import('./script.ts')).runScript('bench', args),
  chaos: async (args) => (await import('./script.ts')).runScript('chaos', args),
  soak: async (args) => (await import('./script.ts')).runScript('soak', args),
  recover: async (args) => (await import('./recover.ts')).recoverCommand(args),
  'drill:restore': async (args) => (await import('./script.ts')).runScript('drill:restore', args),
  histories: async (args) => (await import('./script.ts')).runScript('histories', args),
  screenshots: async (args) => (await import('./screenshots.ts')).screenshots(args),
  vocabulary: async (args) => (await import('./must-know.ts')).printWhoMustKnow(args),
  fuzz: async (args) => (await import('./script.ts')).runScript('fuzz', args),
  mutants: async (args) => (await import('./script.ts')).runScript('mutants', args),
  secrets: async (args) => (await import('../lint/secrets.ts')).secrets(args),
};

const [name = '', ...args] = process.argv.slice(2);
// Tests ignore a developer's .env (a production mode, a database).
const isTest = ['test', 'check', 'coverage', 'mutants'].includes(name);
if (!isTest && existsSync(fromRoot('.env'))) process.loadEnvFile(fromRoot('.env'));

const command = commands[name];
try {
  if (command === undefined) {
    throw new Problem(
      `There is no command "${name}". There are: ${Object.keys(commands).join(', ')}.`,
    );
  }
  const ended = (await command(args)) !== running;
  // A watcher or an idle connection must not keep the terminal.
  if (ended) process.exit();
} catch (error) {
  process.stderr.write(
    error instanceof Problem
      ? `${error.message}\n`
      : `${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
