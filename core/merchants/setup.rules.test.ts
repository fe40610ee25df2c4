import { describe, expect, it } from 'vitest';
import { detectedTasks, progressOf, stageOf } from './setup.rules.ts';
import { SETUP_TASKS } from '#vocabulary/shops.ts';

const nothing = {
  isProgramActive: false,
  areRulesSaved: false,
  activeRewards: 0,
  isWidgetSeen: false,
};
const steps = (...statuses: string[]) =>
  SETUP_TASKS.map((task, index) => ({ task, status: statuses[index] ?? 'pending' }));

describe('a step is found done', () => {
  it('when the program is on and its rules were saved', () => {
    expect(detectedTasks(steps(), { ...nothing, isProgramActive: true })).toEqual([]);
    expect(detectedTasks(steps(), { ...nothing, areRulesSaved: true })).toEqual([]);
    const both = { ...nothing, isProgramActive: true, areRulesSaved: true };
    expect(detectedTasks(steps(), both)).toEqual(['launch_program']);
  });

  it('when there is an active reward', () => {
    expect(detectedTasks(steps(), { ...nothing, activeRewards: 1 })).toEqual(['first_reward']);
  });

  it('when the storefront was seen to ask', () => {
    expect(detectedTasks(steps(), { ...nothing, isWidgetSeen: true })).toEqual(['add_widget']);
  });

  it('also when it had been skipped, and not a second time', () => {
    const facts = { ...nothing, activeRewards: 2, isWidgetSeen: true };
    expect(detectedTasks(steps('pending', 'skipped', 'completed'), facts)).toEqual([
      'first_reward',
    ]);
  });
});

it('progress counts what was done, and not what was skipped', () => {
  expect(progressOf(steps())).toBe(0);
  expect(progressOf(steps('completed', 'skipped'))).toBe(33);
  expect(progressOf(steps('completed', 'completed', 'completed'))).toBe(100);
  expect(progressOf([])).toBe(0);
});

it('it is over when nothing is left to do, and completed when all was done', () => {
  expect(stageOf(steps('completed'))).toBe('open');
  expect(stageOf(steps('completed', 'skipped', 'completed'))).toBe('over');
  expect(stageOf(steps('completed', 'completed', 'completed'))).toBe('completed');
});
