import { z } from 'zod';
import { AdminApiError } from '../admin-client.server.ts';

/** What a mutation says is wrong with its input. */
export const userErrors = z.array(
  z.object({
    field: z.array(z.string()).nullish(),
    message: z.string(),
    code: z.string().nullish(),
  }),
);
export type UserError = z.output<typeof userErrors>[number];

/** Codes of refusals that are Shopify's own trouble; every other one is said of the input, and would be said again. */
const passing: ReadonlySet<string> = new Set(['INTERNAL_ERROR', 'THROTTLED', 'TIMEOUT']);

/**
 * The refusal in a mutation's response: undefined when it succeeded. An empty response says
 * neither success nor permanent failure.
 */
export function refusalOf(
  mutation: string,
  answer: { readonly userErrors: readonly UserError[] } | null | undefined,
): AdminApiError | undefined {
  if (answer === null || answer === undefined)
    return new AdminApiError(`${mutation} answered nothing`, true);
  const [problem] = answer.userErrors;
  if (problem === undefined) return undefined;
  const code = problem.code ?? '';
  return new AdminApiError(`${mutation}: ${problem.message}`, passing.has(code), code);
}
