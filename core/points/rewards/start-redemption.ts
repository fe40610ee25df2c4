import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { newEntryId } from '../../ledger/index.ts';
import type { CoreDependencies } from '../../server/dependencies.ts';
import { DomainError, notFound } from '../../server/errors.ts';
import { codeOf, expiryOf, type Price } from './redemption.rules.ts';
import { insertRedemption, tellRedemption, termsOf } from './redemptions.store.ts';
import { configOf, kindRules, type Reward } from './rewards.rules.ts';

/** Points may be held for a day; what is not done an hour before is given up. */
export const HOLD_MS = 24 * 3_600_000 - 60_000;
export const GIVE_UP_MS = 23 * 3_600_000;

export interface Start {
  readonly customerId: string;
  readonly reward: Reward;
  readonly rewardId: string | null;
  readonly campaignId: string | null;
  readonly price: Price;
  /** The same key is one redemption for ever. */
  readonly key: string;
}

/**
 * Sets points aside and writes down what is promised for them; a gift costs none and holds none. The worker is told by
 * the outbox, in the same transaction. The tenant must be set on the transaction.
 */
export async function startRedemption(
  client: PoolClient,
  deps: Pick<CoreDependencies, 'blindIndex' | 'clock'>,
  merchantId: string,
  start: Start,
): Promise<string> {
  const redemptionId = randomUUID();
  const { reward, price, customerId } = start;
  const holdId =
    price.points > 0 ? await hold(client, deps, merchantId, redemptionId, start) : null;
  const isCode = kindRules[reward.kind].isCode;
  const isNew = await insertRedemption(
    client,
    merchantId,
    {
      redemptionId,
      customerId,
      rewardId: start.rewardId,
      campaignId: start.campaignId,
      holdId,
      points: price.points,
      value: price.value,
      reward,
      // Findable from the start: an order may tell of a code that nobody has confirmed yet.
      codeHash: isCode
        ? deps.blindIndex.discountCode(
            merchantId,
            redemptionCode(deps, merchantId, redemptionId, reward),
          )
        : null,
      expiresAt: expiryOf(reward, deps.clock()),
      key: start.key,
    },
    termsOf(reward, configOf(reward)),
  );
  if (!isNew) throw new DomainError('contention', { message: 'the same attempt is under way' });
  await tellRedemption(
    client,
    merchantId,
    { redemption_id: redemptionId, customer_id: customerId },
    'pending',
  );
  return redemptionId;
}

export function redemptionCode(
  { blindIndex }: Pick<CoreDependencies, 'blindIndex'>,
  merchantId: string,
  redemptionId: string,
  reward: Pick<Reward, 'kind' | 'codePrefix'>,
): string {
  return codeOf(reward.kind, reward.codePrefix, blindIndex.codeSeed(merchantId, redemptionId));
}

async function hold(
  client: PoolClient,
  deps: Pick<CoreDependencies, 'clock'>,
  merchantId: string,
  redemptionId: string,
  { customerId, price }: Start,
): Promise<string> {
  const { rows } = await client.query<{ status: string; hold_id: string | null }>(
    `SELECT status, hold_id FROM ledger_hold($1,$2,$3,$4,$5,$6,$7)`,
    [
      newEntryId(),
      merchantId,
      customerId,
      price.points,
      `redemption/${redemptionId}`,
      'redemption',
      new Date(deps.clock().getTime() + HOLD_MS),
    ],
  );
  const row = rows[0];
  if (row?.status === 'unknown_customer') throw notFound('customer_id');
  if (row?.status === 'insufficient' || !row?.hold_id)
    throw new DomainError('insufficient_points', {
      field: 'points',
      message: 'more than the member has available',
    });
  return row.hold_id;
}
