import { z } from 'zod';
import type { FrontendServiceDefinition } from '#proto/frontend/v1/frontend.ts';
import { count, cursor, locale, pageSize, text } from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';

/** Bounds alone; what a text or a color may be, the rules of the content say (content.rules.ts). */
const texts = z.record(text(8), text(1_000));
const content = z
  .object({
    launcher: z
      .object({ color: text(20), position: text(10), icon: text(20), text: texts })
      .optional(),
    panel: z.object({ color: text(20), logoUrl: text(1_000), welcome: texts }).optional(),
    stickyBar: z
      .object({ enabled: z.boolean(), text: texts, color: text(20), link: text(1_000) })
      .optional(),
    page: z.object({ color: text(20), title: texts }).optional(),
    postPurchase: z.object({ enabled: z.boolean(), text: texts }).optional(),
    checkoutPointsDisplay: z.boolean(),
  })
  .optional();

export const storefrontSchemas = {
  getWidget: z.object({ locale }),
  getWidgetVersion: z.object({}),
  getHistory: z.object({ cursor, pageSize, orderId: z.string().regex(/^\d{0,20}$/) }),
  getPosMember: z.object({ shopifyCustomerId: z.string().regex(/^\d{1,20}$/), locale }),
  updateContent: z.object({ content, version: count }),
  listPictures: z.object({}),
  restoreContent: z.object({ version: count, currentVersion: count }),
} satisfies RequestSchemas<typeof FrontendServiceDefinition>;
