import {
  isRouteErrorResponse,
  type ClientActionFunctionArgs,
  type ShouldRevalidateFunction,
} from '@remix-run/react';
import { isProblem } from './problem.ts';
import type { Refusal } from './refusal.ts';

/**
 * The `clientAction` of every page with a form. A request that does not get through, or that a gateway answers instead of
 * us, is an answer to the form like any other: the page stays, with what was typed, and offers to try again.
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

/** Redirects, and Shopify's own answers (sign in again), are not ours to swallow. */
function isPassing(error: unknown): boolean {
  if (error instanceof Response) return false;
  if (!isRouteErrorResponse(error)) return error instanceof TypeError;
  return error.status >= 502 && error.status <= 504 && !isProblem(error.data);
}

/**
 * The `shouldRevalidate` of every page with a form. After a save that was refused nothing is loaded anew: while core is
 * away, that would put an error in the place of what was typed.
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
