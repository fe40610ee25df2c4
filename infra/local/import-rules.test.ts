import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { cruise } from 'dependency-cruiser';
import type { ICruiseOptions, IForbiddenRuleType } from 'dependency-cruiser';
import { afterEach, describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const { forbidden, options } = require('../../.dependency-cruiser.cjs') as {
  forbidden: IForbiddenRuleType[];
  options: ICruiseOptions;
};
const coreOrder = require('../../core/order.cjs') as string[];

let root: string | undefined;
afterEach(async () => {
  if (root !== undefined) await rm(root, { recursive: true });
  root = undefined;
});

/** The rules that a tree of files breaks; each file is given by what it imports. */
async function broken(files: Readonly<Record<string, readonly string[]>>): Promise<string[]> {
  root = await mkdtemp(path.join(os.tmpdir(), 'loyalnest-imports-'));
  for (const [file, imports] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(
      path.join(root, file),
      imports.map((one) => `import type { It } from '${one}';\n`).join('') +
        'export type It = string;\n',
    );
  }
  const { tsConfig: _, ...rest } = options;
  const { output } = await cruise(['core'], {
    ...rest,
    baseDir: root,
    validate: true,
    ruleSet: { forbidden },
  });
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
      if (root !== undefined) await rm(root, { recursive: true });
      root = undefined;
    }
  });

  it('form no circle', async () => {
    const files = {
      'core/orders/a.ts': ['../ledger/b.ts'],
      'core/ledger/b.ts': ['../orders/a.ts'],
    };
    expect(await broken(files)).toContain('core-ledger-upward');
  });

  it('all have their place in the order', async () => {
    const files = { 'core/somewhere/a.ts': ['../ledger/b.ts'], 'core/ledger/b.ts': [] };
    expect(await broken(files)).toContain('core-folder-without-a-place');
  });
});
