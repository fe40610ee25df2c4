import { SETUP_TASKS, type SetupTaskName } from '#vocabulary/shops.ts';

/** What the shop's own data says about its setup. */
export interface SetupFacts {
  readonly isProgramActive: boolean;
  /** The merchant has reviewed the rules and saved them; they work before that as well. */
  readonly areRulesSaved: boolean;
  readonly activeRewards: number;
  /** The storefront has asked for the panel. */
  readonly isWidgetSeen: boolean;
}

const isDone: Readonly<Record<SetupTaskName, (facts: SetupFacts) => boolean>> = {
  launch_program: (facts) => facts.isProgramActive && facts.areRulesSaved,
  first_reward: (facts) => facts.activeRewards > 0,
  add_widget: (facts) => facts.isWidgetSeen,
};

interface Step {
  readonly task: string;
  readonly status: string;
}

/** Steps that are done without anybody having said so. What was done once stays done. */
export function detectedTasks(steps: readonly Step[], facts: SetupFacts): SetupTaskName[] {
  return SETUP_TASKS.filter(
    (task) =>
      isDone[task](facts) &&
      steps.some((step) => step.task === task && step.status !== 'completed'),
  );
}

/** Whole percent; a step that was skipped is not one that was done. */
export function progressOf(steps: readonly Step[]): number {
  const done = steps.filter((step) => step.status === 'completed').length;
  return steps.length === 0 ? 0 : Math.floor((done * 100) / steps.length);
}

/** completed: all of it was done · over: nothing is left to do, something was skipped · open */
export function stageOf(steps: readonly Step[]): 'open' | 'over' | 'completed' {
  if (steps.some((step) => step.status === 'pending')) return 'open';
  return steps.every((step) => step.status === 'completed') ? 'completed' : 'over';
}
