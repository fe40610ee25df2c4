import { z } from 'zod';

export const throttleSchema = z.object({
  maximumAvailable: z.number(),
  currentlyAvailable: z.number(),
  restoreRate: z.number(),
});

/** The envelope of every answer of the Admin API. */
export const answerSchema = z.object({
  // Absent where the operation was not begun: throttled, or not understood.
  data: z.unknown().optional(),
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
