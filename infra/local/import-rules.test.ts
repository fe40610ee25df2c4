import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { cruise } from 'dependency-cruiser';
import type { ICruiseOptions, IForbiddenRuleType } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const { forbidden, options } = require('../../.dependency-cruiser.cjs') as {
  forbidden: IForbiddenRuleType[];
  options: ICruiseOptions;
};
const coreOrder = require('../../core/order.cjs') as string[];

/** The rules that a tree of files breaks; each file is given by its imports. */
async function broken(files: Readonly<Record<string, readonly string[]>>): Promise<string[]> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'loyalnest-imports-'));
  for (const [file, imports] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(
      path.join(root, file),
      imports.map((one) => `import type { It } from '${one}';\n`).join('') +
        'export type It = string;\n',
    );
  }
  const { tsConfig: _, ...rest } = options;
  const folders = new Set(Object.keys(files).map((file) => file.split('/')[0] ?? ''));
  const { output } = await cruise([...folders], {
    ...rest,
    baseDir: root,
    validate: true,
    ruleSet: { forbidden },
  });
  await rm(root, { recursive: true });
  if (typeof output === 'string') throw new Error(output);
  return output.summary.violations.map(({ rule }) => rule.name);
}

describe('the folders of core', { timeout: 60_000 }, () => {
  it('build on those before them', async () => {
    expect(
      await broken({ 'core/orders/a.ts': ['../ledger/b.ts'], 'core/ledger/b.ts': [] }),
    ).toEqual([]);
  });

  it('never import one that comes after them, not even its types', async () => {
    for (const [nth, folder] of coreOrder.slice(0, -1).entries()) {
      const next = coreOrder[nth + 1] ?? '';
      const files = { [`core/${folder}/a.ts`]: [`../${next}/b.ts`], [`core/${next}/b.ts`]: [] };
      expect(await broken(files), `${folder} -> ${next}`).toContain(`core-${folder}-upward`);
    }
  });

  it('have no import cycles', async () => {
    const files = {
      'core/orders/a.ts': ['../ledger/b.ts'],
      'core/ledger/b.ts': ['../orders/a.ts'],
    };
    expect(await broken(files)).toContain('core-ledger-upward');
  });

  it('all have a place in the order', async () => {
    const files = { 'core/somewhere/a.ts': ['../ledger/b.ts'], 'core/ledger/b.ts': [] };
    expect(await broken(files)).toContain('core-folder-without-a-place');
  });
});

describe('the folders of the app', { timeout: 60_000 }, () => {
  it.each([
    ['a route calls a feature', 'app/routes/app.cats.tsx', 'app/features/cats/cats-page.tsx'],
    ['a feature enqueues', 'app/features/cats/cats.server.ts', 'app/jobs/new-jobs.ts'],
    ['a job uses Shopify', 'app/features/cats/feed.job.ts', 'app/shopify/ids.ts'],
    ['the worker knows the jobs', 'app/worker/handlers.ts', 'app/features/cats/feed.job.ts'],
    ['the worker knows the engine', 'app/worker/start-worker.ts', 'app/jobs/perform.ts'],
  ])('build on each other: %s', async (_what, from, to) => {
    expect(await broken(arrow(from, to))).toEqual([]);
  });

  it.each([
    ['worker-alone-composes', 'app/features/cats/feed.job.ts', 'app/worker/handlers.ts'],
    ['app-below-its-features', 'app/jobs/perform.ts', 'app/features/cats/feed.job.ts'],
    ['app-below-its-features', 'app/shopify/ids.ts', 'app/features/cats/cats.server.ts'],
    ['features-not-routes', 'app/features/cats/cats-page.tsx', 'app/routes/app.cats.tsx'],
    ['features-not-features', 'app/features/cats/a.ts', 'app/features/dogs/walk.job.ts'],
    ['features-know-jobs-by-contract', 'app/features/cats/a.ts', 'app/jobs/perform.ts'],
    ['jobs-not-pages', 'app/features/cats/feed.job.ts', 'app/features/cats/cats-page.tsx'],
  ])('never import in reverse, not even a type: %s', async (rule, from, to) => {
    expect(await broken(arrow(from, to))).toContain(rule);
  });

  it('have no import cycles', async () => {
    const files = { 'app/cache/a.ts': ['./b.ts'], 'app/cache/b.ts': ['./a.ts'] };
    expect(await broken(files)).toContain('no-circle-in-app');
  });
});

/** Two files, of which the first imports the second. */
function arrow(from: string, to: string): Record<string, string[]> {
  const target = path.relative(path.dirname(from), to);
  return { [from]: [target.startsWith('.') ? target : `./${target}`], [to]: [] };
}
