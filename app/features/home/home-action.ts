import type { SetupTask } from '#proto/admin/v1/admin.ts';
import type { Refusal } from '../../dashboard/refusal.ts';

/** What the home page's forms are answered. */
export type HomeAction = { ok: true; tasks: readonly SetupTask[] } | Refusal;
