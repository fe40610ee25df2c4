import { appendFileSync } from 'node:fs';
import { type RunnerTestFile, TestRunner, vi } from 'vitest';
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

  override async onAfterRunFiles(files: RunnerTestFile[]): Promise<void> {
    super.onAfterRunFiles(files);
    const [file] = files;
    if (this.#isTrying || file === undefined) return;
    const test = file.filepath;
    const message = failureOf(file);
    if (message !== undefined) {
      write({ kind: 'broken', test, message });
      return;
    }
    const ids = [...reached];
    write({ kind: 'reached', test, ids });
    this.#isTrying = true;
    await this.#try(test, ids);
    write({ kind: 'finished', test });
  }

  /** The first test that fails has killed the mutant: the others need not run. */
  override onAfterRunTask(test: Parameters<TestRunner['onAfterRunTask']>[0]): void {
    super.onAfterRunTask(test);
    if (this.#isTrying && test.result?.state === 'fail') this.cancelRun = true;
  }

  async #try(test: string, ids: readonly number[]): Promise<void> {
    const found = readJournal(settings.journal);
    const isDone = (id: number) =>
      found.some(
        (finding) =>
          (finding.kind === 'killed' && finding.id === id) ||
          (finding.kind === 'lived' && finding.id === id && finding.test === test),
      );
    // Nobody is to be told of tests that are meant to fail.
    Object.assign(this, { onTaskUpdate: async () => {}, onCollected: async () => {} });
    for (const id of ids) {
      if (isDone(id)) continue;
      write({ kind: 'tried', test, id });
      active = id;
      this.cancelRun = false;
      vi.resetModules();
      const [again] = await startTests([test], this);
      const isKilled = again === undefined || failureOf(again) !== undefined;
      write({ kind: isKilled ? 'killed' : 'lived', test, id });
    }
    active = 0;
  }
}

type Task = RunnerTestFile['tasks'][number];

function failureOf(task: RunnerTestFile | Task): string | undefined {
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
