import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { isDisposableEmail } from 'disposable-email-domains-js';
import type { CoreDependencies } from '../call/dependencies.ts';
import { decryptMember } from '../members/customer-encryption.ts';
import { lockMembers } from '../members/reviews.store.ts';
import { markForReview } from '../members/mark-for-review.store.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import type { StoredReferralConfig } from './config.store.ts';
import { clickedAt, findLink, keepTraces } from './links.store.ts';
import { referralConfigJson } from './referral-config.rules.ts';
import { giveFriendsCode, isCodeAhead } from './friends-code.ts';
import {
  findReferral,
  insertReferral,
  lockForReview,
  readFriend,
  readSharedKinds,
  type FriendRow,
} from './referrals.store.ts';
import { suspicionIn } from './suspicion-of-row.ts';
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
  /** When the order was placed that named the code; null: no order did. */
  readonly orderedAt: Date | null;
}

export type ClaimStatus =
  'claimed' | 'already_claimed' | 'own_link' | 'existing_customer' | 'unknown_code' | 'off';

export interface Claimed {
  readonly status: ClaimStatus;
  readonly referralId: string;
  /** Of a code that the friend is to buy with. */
  readonly friendCode: 'given' | 'waiting' | '';
}

const dayMs = 86_400_000;
const none = (status: ClaimStatus): Claimed => ({
  status,
  referralId: '',
  friendCode: '',
});

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
  if (before !== undefined) return { ...none('already_claimed'), referralId: before.referral_id };
  const link = await findLink(client, merchantId, claim.code);
  if (link === undefined || link.status !== 'active') return none('unknown_code');
  if (!stored.config.isActive || !stored.isProgramActive) return none('off');
  if (link.advocate_customer_id === friendId) return none('own_link');

  const click =
    claim.clickId === ''
      ? undefined
      : await clickedAt(client, merchantId, link.referral_link_id, claim.clickId);
  const now = deps.clock();
  // A message about an order may be days late; the friend came when they ordered.
  const at = claim.orderedAt !== null && claim.orderedAt < now ? claim.orderedAt : now;
  const account = click?.at ?? new Date(at.getTime() - dayMs);
  const since = { account, order: click?.at ?? claim.orderedAt ?? account };
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
    expiresAt: new Date(at.getTime() + stored.config.expiresAfterDays * dayMs),
    at,
  });
  if (!isNew) return none('already_claimed');
  await keepTraces(
    client,
    merchantId,
    friendId,
    hashed(deps, merchantId, { ...claim.told, email }),
  );
  const friendCode = await offerCode(client, deps, merchantId, {
    referralId,
    friendId,
    stored,
    now,
  });
  await markForReview(client, merchantId, [friendId]);
  await addOutboxEvents(client, merchantId, 'referral.changed', [
    {
      referral_id: referralId,
      status: 'pending',
      advocate_customer_id: link.advocate_customer_id,
      friend_customer_id: friendId,
      channel: claim.channel,
      refusal: '',
      level: 1,
    },
  ]);
  return { status: 'claimed', referralId, friendCode };
}

/**
 * A code to buy with is given at once, unless something speaks against the friend by now: then a person looks first.
 */
async function offerCode(
  client: PoolClient,
  deps: Dependencies,
  merchantId: string,
  given: { referralId: string; friendId: string; stored: StoredReferralConfig; now: Date },
): Promise<Claimed['friendCode']> {
  const { referralId, friendId, stored, now } = given;
  const { config: terms, currency } = stored;
  if (!isCodeAhead(terms)) return '';
  const [row] = await lockForReview(client, merchantId, [friendId], referralId, now);
  const shared = await readSharedKinds(client, merchantId, [referralId]);
  if (row === undefined || suspicionIn(row, shared, false).score >= terms.review.holdFrom)
    return 'waiting';
  const by = { client, blindIndex: deps.blindIndex, now };
  await giveFriendsCode(by, merchantId, { referralId, friendId, terms, currency });
  return 'given';
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
