import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { PointsMethods } from '../call/methods.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { readBalance } from '../ledger/index.ts';
import { holdHeir } from '../members/identities.store.ts';
import { invalidInput } from '../shared/errors.ts';
import { readEntry } from './entries.store.ts';
import { readHold, setAside, settleHold } from './holds.store.ts';

/** A hold lives at most a day: longer than any redemption takes, short enough that a lost one is not missed. */
const MAX_HOLD_MS = 24 * 3_600_000;

/** Points set aside during a redemption: available = balance - held. */
export function holdMethods({
  pool,
  clock,
}: Pick<CoreDependencies, 'pool' | 'clock'>): PointsMethods<
  'holdPoints' | 'confirmHold' | 'releaseHold'
> {
  return {
    holdPoints: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const ahead = new Date(request.expiresAt).getTime() - clock().getTime();
        if (ahead <= 0 || ahead > MAX_HOLD_MS)
          throw invalidInput('expires_at', 'must be within the next 24 hours');
        const customerId = await holdHeir(client, merchantId, request.customerId);
        const holdId = await setAside(client, merchantId, { ...request, customerId }, clock());
        return {
          hold: await readHold(client, merchantId, holdId),
          balance: await readBalance(client, merchantId, customerId),
        };
      }),

    confirmHold: ({ holdId }, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { actor } = context.caller;
        const hold = await settleHold(client, merchantId, holdId, 'confirmed', actor);
        return {
          hold,
          entry: await readEntry(client, merchantId, hold.transactionId),
          balance: await readBalance(client, merchantId, hold.customerId),
        };
      }),

    releaseHold: ({ holdId }, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { actor } = context.caller;
        const hold = await settleHold(client, merchantId, holdId, 'released', actor);
        return { hold, balance: await readBalance(client, merchantId, hold.customerId) };
      }),
  };
}
