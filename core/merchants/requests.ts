import { z } from 'zod';
import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import {
  count,
  currency,
  instantOrEmpty,
  language,
  locale,
  page,
  revision,
  shopDomain,
  text,
  timezone,
  uuid,
} from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import {
  SETUP_TASK_STATUSES,
  SET_ASIDE_KINDS,
  SYNC_PHASES,
  SYNC_STATUSES,
} from '#vocabulary/shops.ts';

const pointsName = z.object({ one: text(40, 1), other: text(40, 1) });
const problem = z.object({ code: text(64), field: text(200), message: text(500) }).optional();
const currencyOrEmpty = z.union([z.literal(''), currency]);
const timezoneOrEmpty = z.union([z.literal(''), timezone]);

export const merchantSchemas = {
  installMerchant: z.object({
    shopDomain,
    name: text(255),
    currency: currencyOrEmpty,
    timezone: timezoneOrEmpty,
    locale,
    isDevelopment: z.boolean().optional(),
  }),
  getMerchantByShop: z.object({ shopDomain }),
  listMerchants: z.object({ page }),
  uninstallMerchant: z.object({ uninstalledAt: instantOrEmpty }),
  updateSettings: z.object({
    defaultLanguage: language,
    revision,
    pointsName: z.record(z.string(), pointsName).superRefine((names, context) => {
      for (const name of ['en', ...Object.keys(names)]) {
        if (!(name in names)) {
          context.addIssue({ code: 'custom', path: [name], message: 'en is required' });
        } else if (!language.safeParse(name).success) {
          context.addIssue({ code: 'custom', path: [name], message: 'is not a language of ours' });
        }
      }
    }),
  }),
  updateShopProfile: z.object({
    name: text(255),
    currency: currencyOrEmpty,
    timezone: timezoneOrEmpty,
    isDevelopment: z.boolean().optional(),
  }),
  completeSetupTask: z.object({
    task: text(64, 1),
    status: z.enum(SETUP_TASK_STATUSES),
  }),
  updateSync: z.object({
    sync: z.object({
      syncId: uuid,
      status: z.enum(SYNC_STATUSES),
      phase: z.enum(SYNC_PHASES),
      shopifyOperationId: text(128),
      customersTotal: count,
      customersProcessed: count,
      ordersTotal: count,
      ordersProcessed: count,
      problem,
      startedAt: instantOrEmpty,
      finishedAt: instantOrEmpty,
      customersSetAside: count,
      ordersSetAside: count,
      setAside: z
        .array(
          z.object({
            kind: z.enum(SET_ASIDE_KINDS),
            shopifyId: text(32),
            code: text(64),
            field: text(200),
          }),
        )
        .max(100),
    }),
  }),
  claimStalledSyncs: z.object({
    olderThanSeconds: z.number().int().min(1).max(86_400),
    limit: z.number().int().min(1).max(1_000),
  }),
} satisfies RequestSchemas<typeof AdminServiceDefinition>;
