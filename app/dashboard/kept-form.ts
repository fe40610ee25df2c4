import {
  isRouteErrorResponse,
  type ClientActionFunctionArgs,
  type ShouldRevalidateFunction,
} from '@remix-run/react';
import { isProblem } from './problem.ts';
import type { Refusal } from './refusal.ts';

/**
 * The `clientAction` of every page with a form. A request that fails, or that a gateway answers instead of
 * us, is a result of the form like any other: the page keeps what was typed and offers a retry.
 */
export async function keepForm({ serverAction }: ClientActionFunctionArgs): Promise<unknown> {
  try {
    return await serverAction();
  } catch (error) {
    if (!isPassing(error)) throw error;
    const refusal: Refusal = {
      ok: false,
      problem: { code: 'unavailable', field: '', requestId: '' },
      fields: {},
    };
    return refusal;
  }
}

/** Redirects and Shopify's own responses (sign in again) pass through. */
function isPassing(error: unknown): boolean {
  if (error instanceof Response) return false;
  if (!isRouteErrorResponse(error)) return error instanceof TypeError;
  return error.status >= 502 && error.status <= 504 && !isProblem(error.data);
}

/**
 * The `shouldRevalidate` of every page with a form. After a refused save nothing is reloaded: while core is
 * down, that would replace what was typed with an error.
 */
export const unlessRefused: ShouldRevalidateFunction = ({
  actionResult,
  actionStatus,
  defaultShouldRevalidate,
}) => !wasRefused(actionResult, actionStatus) && defaultShouldRevalidate;

export function wasRefused(actionResult: unknown, actionStatus: number | undefined): boolean {
  if ((actionStatus ?? 200) >= 400) return true;
  return (
    typeof actionResult === 'object' &&
    actionResult !== null &&
    'ok' in actionResult &&
    actionResult.ok === false
  );
}
