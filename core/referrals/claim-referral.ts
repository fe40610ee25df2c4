import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { isDisposableEmail } from 'disposable-email-domains-js';
import type { CoreDependencies } from '../call/dependencies.ts';
import { decryptMember } from '../members/customer-encryption.ts';
import { lockMembers } from '../members/reviews.store.ts';
import { markForReview } from '../members/mark-for-review.store.ts';
import { giveGifts } from '../rewards/start-redemption.ts';
import type { StoredReferralConfig } from './config.store.ts';
import { clickedAt, findLink, keepTraces } from './links.store.ts';
import { referralConfigJson } from './referral-config.rules.ts';
import { referralGift, rewardKey } from './referral-terms.rules.ts';
import { findReferral, insertReferral, readFriend, type FriendRow } from './referrals.store.ts';
import { tracesOf, type Told } from './traces.rules.ts';
import type { ReferralChannel, TraceKind } from '#vocabulary/referrals.ts';

type Dependencies = Pick<CoreDependencies, 'encryption' | 'blindIndex' | 'clock'>;

export interface Claim {
  /** The friend, whose identity the transaction holds. */
  readonly friendId: string;
  readonly code: string;
  readonly clickId: string;
  readonly channel: ReferralChannel;
  readonly told: Partial<Told>;
}

export type ClaimStatus =
  'claimed' | 'already_claimed' | 'own_link' | 'existing_customer' | 'unknown_code' | 'off';

export interface Claimed {
  readonly status: ClaimStatus;
  readonly referralId: string;
}

const dayMs = 86_400_000;
const none = (status: ClaimStatus): Claimed => ({ status, referralId: '' });

/**
 * Writes down by whose link a friend came, with what both were promised at that moment. The first link counts: a friend
 * is one advocate's for ever. The tenant must be set on the transaction.
 */
export async function claimReferral(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  stored: StoredReferralConfig,
  claim: Claim,
): Promise<Claimed> {
  const { friendId } = claim;
  await lockMembers(client, merchantId, [friendId]);
  const before = await findReferral(client, merchantId, { friendId });
  if (before !== undefined) return { status: 'already_claimed', referralId: before.referral_id };
  const link = await findLink(client, merchantId, claim.code);
  if (link === undefined || link.status !== 'active') return none('unknown_code');
  if (!stored.config.isActive || !stored.isProgramActive) return none('off');
  if (link.advocate_customer_id === friendId) return none('own_link');

  const click =
    claim.clickId === ''
      ? undefined
      : await clickedAt(client, merchantId, link.referral_link_id, claim.clickId);
  const now = deps.clock();
  const since = click?.at ?? new Date(now.getTime() - dayMs);
  const friend = await readFriend(client, merchantId, friendId, since);
  if (friend === undefined) return none('unknown_code');
  if (friend.is_known_before) return none('existing_customer');

  const email = emailOf(deps, merchantId, friendId, friend);
  const referralId = randomUUID();
  const isNew = await insertReferral(client, merchantId, {
    referralId,
    linkId: link.referral_link_id,
    advocateId: link.advocate_customer_id,
    friendId,
    channel: claim.channel,
    terms: { ...referralConfigJson(stored.config), disposable: isDisposable(email) },
    clickId: click === undefined ? null : claim.clickId,
    clickedAt: click?.at ?? null,
    expiresAt: new Date(now.getTime() + stored.config.expiresAfterDays * dayMs),
    at: now,
  });
  if (!isNew) return none('already_claimed');
  await keepTraces(
    client,
    merchantId,
    friendId,
    hashed(deps, merchantId, { ...claim.told, email }),
  );
  await giveFriendsCode(client, deps, merchantId, { referralId, friendId, stored, now });
  await markForReview(client, merchantId, [friendId]);
  return { status: 'claimed', referralId };
}

/** Where the friend has to buy first, their code is for that purchase and cannot wait for it. */
async function giveFriendsCode(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  given: { referralId: string; friendId: string; stored: StoredReferralConfig; now: Date },
): Promise<void> {
  const { config, currency } = given.stored;
  const gift = referralGift(config.friend, currency);
  if (config.goal !== 'first_order' || gift === undefined) return;
  await giveGifts(
    client,
    deps,
    merchantId,
    [
      {
        kind: 'referral',
        customerId: given.friendId,
        reward: gift,
        value: gift.value,
        key: rewardKey(given.referralId, 'friend'),
      },
    ],
    given.now,
  );
}

/** What is compared of a person, as this shop's keyed hashes. */
export function hashed(
  { blindIndex }: Pick<Dependencies, 'blindIndex'>,
  merchantId: string,
  told: Partial<Told>,
): Map<TraceKind, Buffer> {
  return new Map(
    [...tracesOf(told)].map(([kind, value]) => [kind, blindIndex.trace(merchantId, kind, value)]),
  );
}

export const emailOf = (
  { encryption }: Pick<Dependencies, 'encryption'>,
  merchantId: string,
  customerId: string,
  row: Pick<FriendRow, 'email'>,
): string =>
  decryptMember(encryption, merchantId, customerId, {
    first_name: null,
    last_name: null,
    email: row.email,
  }).email;

const isDisposable = (email: string): boolean => email !== '' && isDisposableEmail(email);
