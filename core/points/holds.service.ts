import type { PoolClient } from 'pg';
import type { Hold, HoldPointsRequest } from '#proto/points/v1/points.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { PointsMethods } from '../call/methods.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { holdPoints, readBalance, settleHold } from '../ledger/index.ts';
import { holdHeir } from '../members/identities.store.ts';
import { DomainError, invalidInput, notFound } from '../shared/errors.ts';
import { readEntry } from './entries.store.ts';
import { readHold } from './holds.store.ts';
import type { HoldStatus } from '#vocabulary/ledger.ts';

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
        const hold = await endHold(client, merchantId, holdId, 'confirmed', actor);
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
        const hold = await endHold(client, merchantId, holdId, 'released', actor);
        return { hold, balance: await readBalance(client, merchantId, hold.customerId) };
      }),
  };
}

/** @throws DomainError not_found, insufficient_points or idempotency_conflict, naming the field */
async function setAside(
  client: PoolClient,
  merchantId: string,
  { customerId, points, idempotencyKey, purpose, expiresAt }: HoldPointsRequest,
  now: Date,
): Promise<string> {
  const asked = {
    customerId,
    points,
    key: idempotencyKey,
    purpose,
    expiresAt: new Date(expiresAt),
  };
  const { status, holdId } = await holdPoints(client, merchantId, asked, now);
  if (status === 'unknown_customer') throw notFound('customer_id');
  if (status === 'insufficient') throw new DomainError('insufficient_points', { field: 'points' });
  if (status === 'conflict' || holdId === null)
    throw new DomainError('idempotency_conflict', { field: 'idempotency_key' });
  return holdId;
}

/** @throws DomainError not_found, or idempotency_conflict when the hold has ended the other way */
async function endHold(
  client: PoolClient,
  merchantId: string,
  holdId: string,
  outcome: Extract<HoldStatus, 'confirmed' | 'released'>,
  actor: string,
): Promise<Hold> {
  const { status } = await settleHold(client, merchantId, holdId, outcome, actor);
  if (status === 'unknown_hold') throw notFound('hold_id');
  if (status === 'conflict')
    throw new DomainError('idempotency_conflict', {
      field: 'hold_id',
      message: 'the hold has ended otherwise',
    });
  return readHold(client, merchantId, holdId);
}
