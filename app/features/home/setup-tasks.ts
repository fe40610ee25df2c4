import type { SetupTask } from '#proto/admin/v1/admin.ts';

/** The steps of the checklist on the home page, in the order a merchant takes them. */
export const SETUP_TASKS = ['launch_program', 'first_reward', 'add_widget'] as const;
export type SetupTaskName = (typeof SETUP_TASKS)[number];

export function isSetupTaskName(name: string): name is SetupTaskName {
  return SETUP_TASKS.some((task) => task === name);
}

/** Whether nothing is left to do: what was skipped counts. */
export const isSetupOver = (tasks: readonly SetupTask[]): boolean =>
  !tasks.some((task) => task.status === 'pending');
