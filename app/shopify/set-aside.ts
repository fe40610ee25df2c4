import { z } from 'zod';
import { CoreError } from '../core-client/errors.server.ts';
import { log } from '../log.server.ts';
import { AdminApiError } from './admin-client.server.ts';
import type { SetAsideKind } from '#vocabulary/shops.ts';

/** One item of a long reading that was left out, so that the rest could go on. */
export interface SetAside {
  readonly kind: SetAsideKind;
  /** Empty when not even that could be read. */
  readonly shopifyId: string;
  readonly code: string;
  readonly field: string;
}

/** So many failures of ours one after the other are no longer about the items. */
const failuresInARow = 20;

/**
 * Processes items so that none blocks the others: what is refused or cannot be parsed is set aside with
 * its reason. Temporary failures (core down, Shopify throttling, a lost connection) are thrown, and so is an error of ours
 * that affects every item: the whole is then retried later.
 */
export function settingAside(merchantId: string, report: (item: SetAside) => void) {
  let inARow = 0;
  return async function attempt(
    item: { readonly kind: SetAside['kind']; readonly id: string },
    work: () => Promise<unknown>,
  ): Promise<void> {
    try {
      await work();
      inARow = 0;
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === undefined) throw error;
      if (reason.code === 'internal' && ++inARow >= failuresInARow) throw error;
      const shopifyId = /(\d+)$/.exec(item.id)?.[1] ?? '';
      log().warn(
        { merchantId, kind: item.kind, shopifyId, ...reason },
        'An item was set aside; the rest goes on',
      );
      report({ kind: item.kind, shopifyId, ...reason });
    }
  };
}

/** Why the item is the cause; undefined for temporary failures. Never contains the item's data. */
function reasonOf(error: unknown): { readonly code: string; readonly field: string } | undefined {
  if (error instanceof CoreError)
    return error.isTransient || error.code === 'unauthenticated' || error.code === 'forbidden'
      ? undefined
      : { code: error.code, field: error.field };
  if (error instanceof AdminApiError)
    return error.isTransient ? undefined : { code: 'shopify_refused', field: error.code };
  if (error instanceof z.ZodError)
    return { code: 'unreadable', field: error.issues[0]?.path.join('.').slice(0, 200) ?? '' };
  // Amounts, times and ids that are none.
  if (error instanceof RangeError) return { code: 'unreadable', field: '' };
  return undefined;
}
