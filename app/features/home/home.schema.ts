import { z } from 'zod';
import { SETUP_TASKS, SETUP_TASK_STATUSES } from '#vocabulary/shops.ts';

const setupForm = z.object({
  tasks: z.array(z.enum(SETUP_TASKS)).min(1).max(SETUP_TASKS.length),
  status: z.enum(SETUP_TASK_STATUSES),
});

export function parseSetupForm(form: FormData): z.output<typeof setupForm> | undefined {
  return setupForm.safeParse({ tasks: form.getAll('task'), status: form.get('status') }).data;
}
