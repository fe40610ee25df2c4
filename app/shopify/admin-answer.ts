import { z } from 'zod';

export const throttleSchema = z.object({
  maximumAvailable: z.number(),
  currentlyAvailable: z.number(),
  restoreRate: z.number(),
});

/** The envelope of every answer of the Admin API. */
export const answerSchema = z.object({
  data: z.unknown(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        extensions: z.object({ code: z.string().optional() }).nullish(),
      }),
    )
    .optional(),
  extensions: z
    .object({ cost: z.object({ throttleStatus: throttleSchema }).optional() })
    .optional(),
});
