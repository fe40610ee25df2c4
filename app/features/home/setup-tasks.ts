import type { SetupTask } from '#proto/admin/v1/admin.ts';
import { SETUP_TASKS, type SetupTaskName } from '#vocabulary/shops.ts';

export function isSetupTaskName(name: string): name is SetupTaskName {
  return SETUP_TASKS.some((task) => task === name);
}

/** Whether nothing is left to do: what was skipped counts. */
export const isSetupOver = (tasks: readonly SetupTask[]): boolean =>
  !tasks.some((task) => task.status === 'pending');
