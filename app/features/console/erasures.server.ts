import { z } from 'zod';
import type { ConsoleRefusal, ConsoleRequest } from './console-request.server.ts';

const pageSize = 50;

export async function loadErasures({ core, url, csrf, admin }: ConsoleRequest) {
  const cursor = (url.searchParams.get('cursor') ?? '').slice(0, 500);
  const { erasures, page } = await core.admin.listShopErasures({ page: { pageSize, cursor } });
  return {
    csrf,
    erasures,
    nextCursor: page?.nextCursor ?? '',
    mayStop: admin.scopes.includes('admin:full_access'),
  };
}

const change = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('stop'),
    id: z.guid(),
    reason: z
      .string()
      .transform((text) => text.trim())
      .pipe(z.string().min(3).max(300)),
  }),
  z.object({ intent: z.literal('resume'), id: z.guid() }),
]);
const invalid: ConsoleRefusal = { ok: false, code: 'invalid_input', field: '', detail: '' };

export async function changeErasure({ core }: ConsoleRequest, form: FormData) {
  const asked = change.safeParse(Object.fromEntries(form));
  if (!asked.success) return invalid;
  if (asked.data.intent === 'stop')
    await core.admin.stopShopErasure({ erasureId: asked.data.id, reason: asked.data.reason });
  else await core.admin.resumeShopErasure({ erasureId: asked.data.id });
  return { ok: true as const };
}
