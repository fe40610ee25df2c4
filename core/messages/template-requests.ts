import { z } from 'zod';
import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import { MESSAGE_TYPES } from '#vocabulary/messages.ts';
import { LANGUAGES } from '#vocabulary/languages.ts';
import { count, language, text } from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';

/** Bounds alone; what a message may say, proto/shared/messages/check.ts knows. */
const content = z.object({
  language,
  subject: text(600),
  blocks: text(60_000),
  text: text(2_000),
});
const type = z.enum(MESSAGE_TYPES);

export const templateSchemas = {
  getMessageTemplate: z.object({ type }),
  updateNotificationTemplate: z.object({
    template: z
      .object({
        type,
        version: count,
        enabled: z.boolean(),
        contents: z.array(content).max(LANGUAGES.length),
        fallbackLanguage: language,
      })
      .optional(),
  }),
  resetMessageTemplate: z.object({
    type,
    language: z.union([z.literal(''), language]),
    version: count,
  }),
} satisfies RequestSchemas<typeof AdminServiceDefinition>;
