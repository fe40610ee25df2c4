import { z } from 'zod';

/** What a mutation says is wrong with its input. */
export const userErrors = z.array(
  z.object({
    field: z.array(z.string()).nullish(),
    message: z.string(),
    code: z.string().nullish(),
  }),
);
export type UserError = z.output<typeof userErrors>[number];
