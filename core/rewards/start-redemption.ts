import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { holdPoints } from '../ledger/index.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import { codeOf, earlier, expiryOf, type Price } from './redemption.rules.ts';
import { insertRedemptions, tellRedemptions } from './redemptions.store.ts';
import { kindRules, type Reward } from './rewards.rules.ts';
import type { GiftKind } from '#vocabulary/rewards.ts';

/** Points may be held for a day; what is not done an hour before is given up. */
const HOLD_MS = 24 * 3_600_000 - 60_000;
export const GIVE_UP_MS = 23 * 3_600_000;

export interface Start {
  readonly customerId: string;
  readonly reward: Reward;
  readonly price: Price;
  /** The same key is always the same redemption. */
  readonly key: string;
}

type Dependencies = Pick<CoreDependencies, 'blindIndex' | 'clock'>;

/**
 * Sets points aside and writes down what is promised for them. The worker learns of it from the outbox, in the same
 * transaction. The tenant must be set on the transaction.
 */
export async function startRedemption(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  start: Start,
): Promise<string> {
  const redemptionId = randomUUID();
  const { reward, price, customerId, key } = start;
  const holdId = await hold(client, deps, merchantId, redemptionId, start);
  const made = await insertRedemptions(client, merchantId, [
    {
      redemptionId,
      customerId,
      rewardId: reward.rewardId,
      campaignId: null,
      tierId: null,
      gift: null,
      holdId,
      points: price.points,
      value: price.value,
      reward,
      codeHash: codeHashOf(deps, merchantId, redemptionId, reward),
      expiresAt: expiryOf(reward, deps.clock()),
      createdAt: null,
      key,
    },
  ]);
  if (made.length === 0)
    throw new DomainError('contention', { message: 'the same attempt is under way' });
  await tellRedemptions(client, merchantId, made, 'pending');
  return redemptionId;
}

export interface Gift {
  readonly kind: GiftKind;
  readonly customerId: string;
  readonly reward: Reward;
  /** The campaign or the tier that gives it. */
  readonly campaignId?: string;
  readonly tierId?: string;
  readonly value: bigint | null;
  /** Good no longer than this, whatever the reward says. */
  readonly endsAt?: Date | null;
  /** The same key is always the same gift. */
  readonly key: string;
}

/** Like a redemption, but free and for many at once. Past gifts are not given again. @returns the new ones */
export async function giveGifts(
  client: PoolClient,
  deps: Pick<CoreDependencies, 'blindIndex'>,
  merchantId: string,
  gifts: readonly Gift[],
  now: Date,
): Promise<string[]> {
  if (gifts.length === 0) return [];
  const made = await insertRedemptions(
    client,
    merchantId,
    gifts.map((gift) => {
      const redemptionId = randomUUID();
      const { reward } = gift;
      return {
        redemptionId,
        customerId: gift.customerId,
        rewardId: reward.rewardId === '' ? null : reward.rewardId,
        campaignId: gift.campaignId ?? null,
        tierId: gift.tierId ?? null,
        gift: gift.kind,
        holdId: null,
        points: 0,
        value: gift.value,
        reward,
        codeHash: codeHashOf(deps, merchantId, redemptionId, reward),
        expiresAt: earlier(expiryOf(reward, now), gift.endsAt ?? null),
        createdAt: now,
        key: gift.key,
      };
    }),
  );
  await tellRedemptions(client, merchantId, made, 'pending');
  return made.map(({ redemption_id }) => redemption_id);
}

/** Findable from the start: an order may use a code that is not confirmed yet. */
function codeHashOf(
  deps: Pick<CoreDependencies, 'blindIndex'>,
  merchantId: string,
  redemptionId: string,
  reward: Reward,
): Buffer | null {
  return kindRules[reward.kind].isCode
    ? deps.blindIndex.discountCode(
        merchantId,
        redemptionCode(deps, merchantId, redemptionId, reward),
      )
    : null;
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
  const now = deps.clock();
  const { status, holdId } = await holdPoints(
    client,
    merchantId,
    {
      customerId,
      points: price.points,
      key: `redemption/${redemptionId}`,
      purpose: 'redemption',
      expiresAt: new Date(now.getTime() + HOLD_MS),
    },
    now,
  );
  if (status === 'unknown_customer') throw notFound('customer_id');
  if (status === 'insufficient' || holdId === null)
    throw new DomainError('insufficient_points', {
      field: 'points',
      message: 'more than the member has available',
    });
  return holdId;
}
