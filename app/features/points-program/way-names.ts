import type { ActionName } from '#vocabulary/earning.ts';
import { actionNames } from './earning-form.ts';

/** What a customer can do to earn. */
export type Way = 'purchase' | 'signup' | ActionName;

/** In the order of the page. */
export const WAYS: readonly Way[] = ['purchase', 'signup', ...actionNames];
