import { appendFileSync } from 'node:fs';
import { type RunnerTask, type RunnerTestSuite, TestRunner, vi } from 'vitest';
import { startTests } from 'vitest/internal/browser';
import { switchName } from './mutate.ts';
import { type Finding, readJournal, readSettings } from './settings.ts';

const settings = readSettings();
const write = (finding: Finding): void => {
  appendFileSync(settings.journal, `${JSON.stringify(finding)}\n`);
};

/** The mutant that is on, and those that were asked about since. */
let active = 0;
let reached = new Set<number>();
Object.assign(globalThis, {
  [switchName]: (id: number): boolean => {
    reached.add(id);
    return id === active;
  },
});

/**
 * Runs a file of tests as ever, and then again for each mutant that its tests came by and that still lives. Each time
 * every module is evaluated anew, so that tables made while loading are the mutant's, too.
 */
export default class MutantsRunner extends TestRunner {
  #isTrying = false;
  /** A test has failed: the mutant is killed, and the other tests need not run. */
  #isKilled = false;

  override async onAfterRunSuite(suite: RunnerTestSuite): Promise<void> {
    await super.onAfterRunSuite(suite);
    const file = 'filepath' in suite ? suite.file : undefined;
    if (this.#isTrying || file === undefined) return;
    const test = file.filepath;
    const message = failureOf(file);
    if (message !== undefined) {
      write({ kind: 'broken', test, message });
      return;
    }
    const ids = [...reached];
    this.#isTrying = true;
    await this.#try(test, ids);
    this.#isTrying = false;
    reached = new Set();
    write({ kind: 'finished', test });
  }

  override async onBeforeRunTask(test: RunnerTask): Promise<void> {
    if (this.#isKilled) test.mode = 'skip';
    await super.onBeforeRunTask(test);
  }

  override onAfterRunTask(test: RunnerTask): void {
    super.onAfterRunTask(test);
    if (this.#isTrying && test.result?.state === 'fail') this.#isKilled = true;
  }

  async #try(test: string, ids: readonly number[]): Promise<void> {
    const done = new Set(
      readJournal(settings.journal).flatMap((finding) =>
        finding.kind === 'killed' || (finding.kind === 'lived' && finding.test === test)
          ? [finding.id]
          : [],
      ),
    );
    // Failures of mutants are not reported: they are what is hoped for.
    Object.assign(this, { onTaskUpdate: async () => {}, onCollected: async () => {} });
    for (const id of ids) {
      if (done.has(id)) continue;
      write({ kind: 'tried', test, id });
      active = id;
      this.#isKilled = false;
      vi.resetModules();
      const [again] = await startTests([test], this);
      const isKilled = again === undefined || failureOf(again) !== undefined;
      write({ kind: isKilled ? 'killed' : 'lived', test, id });
    }
    active = 0;
    this.#isKilled = false;
  }
}

function failureOf(task: RunnerTask): string | undefined {
  if (task.result?.state === 'fail') {
    const own = task.result.errors?.[0]?.message;
    if (own !== undefined) return `${task.name}: ${own}`;
  }
  if (!('tasks' in task)) return undefined;
  for (const inner of task.tasks) {
    const message = failureOf(inner);
    if (message !== undefined) return message;
  }
  return task.result?.state === 'fail' ? task.name : undefined;
}
