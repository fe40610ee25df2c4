import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { fromRoot } from '#infra/local/paths.ts';
import { unit } from '../../vitest.config.ts';
import { readSettings } from './settings.ts';

const settings = readSettings();

/** The nearest tests first: what they kill, the slower ones further off need not try. */
class NearestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = (file: TestSpecification) => settings.tests.indexOf(file.moduleId);
    return Promise.resolve(files.toSorted((a, b) => place(a) - place(b)));
  }
}

/** The unit tests near some source files, with mutants in these. */
export default defineConfig({
  root: fromRoot(),
  plugins: [
    {
      name: 'mutants',
      enforce: 'pre',
      load: (id) => settings.sources[id],
    },
  ],
  test: {
    ...unit,
    name: 'mutants',
    include: [...settings.tests],
    runner: fromRoot('e2e/mutants/runner.ts'),
    // Knows a module by its file, which is not what is compiled here.
    fsModuleCache: false,
    maxWorkers: 1,
    fileParallelism: false,
    reporters: [],
    sequence: { sequencer: NearestFirst },
  },
});
