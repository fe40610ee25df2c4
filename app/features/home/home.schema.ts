import { z } from 'zod';
import { SETUP_TASKS } from './setup-tasks.ts';

const setupForm = z.object({
  tasks: z.array(z.enum(SETUP_TASKS)).min(1).max(SETUP_TASKS.length),
  status: z.enum(['completed', 'skipped', 'pending']),
});

export function parseSetupForm(form: FormData): z.output<typeof setupForm> | undefined {
  return setupForm.safeParse({ tasks: form.getAll('task'), status: form.get('status') }).data;
}
