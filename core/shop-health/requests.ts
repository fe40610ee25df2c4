import { z } from 'zod';
import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import { SHOP_ACCESS } from '#vocabulary/health.ts';
import { count, text, uuidOrEmpty } from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';

/** Core's own clock says when: what the message has of it is ignored. */
const ignored = text(64);
const names = z.array(text(64, 1)).max(50);

export const shopHealthSchemas = {
  recordShopVisit: z.object({
    reconcile: z
      .object({
        at: ignored,
        ordersRead: count,
        ordersDrifted: count,
        ordersSetAside: count,
        failedAt: ignored,
      })
      .optional(),
    reconcileFailed: z.boolean(),
    ledger: z.object({ at: ignored, balancesChecked: count, balancesBroken: count }).optional(),
    access: z
      .object({
        at: ignored,
        access: z.enum(SHOP_ACCESS),
        missingScopes: names,
        missingTopics: names,
      })
      .optional(),
  }),
  checkBalances: z.object({ cursor: uuidOrEmpty, limit: z.number().int().min(1).max(5_000) }),
} satisfies RequestSchemas<typeof AdminServiceDefinition>;
