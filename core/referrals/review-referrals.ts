import type { PoolClient } from 'pg';
import type { Suspicion } from './suspicion.rules.ts';
import type { MemberReview } from '../members/review.ts';
import { lockMembers } from '../members/reviews.store.ts';
import { participantsOf } from '../members/participation.store.ts';
import { markForReview } from '../members/mark-for-review.store.ts';
import { expiryOf, type Program } from '../program/program.rules.ts';
import { readProgram } from '../program/program.store.ts';
import { withdrawGifts } from '../rewards/gifts.store.ts';
import { giveGifts } from '../rewards/start-redemption.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import { pointsAtLevel, referralConfigFrom, type ReferralConfig } from './referral-config.rules.ts';
import { nextState, type ReferralFacts } from './referral-state.rules.ts';
import { referralGift, reversalKey, rewardKey } from './referral-terms.rules.ts';
import { isCodeAhead, giveFriendsCode } from './friends-code.ts';
import { suspicionIn, withLateRisk } from './suspicion-of-row.ts';
import {
  advocatesOf,
  giftsByKey,
  lockForReview,
  readSharedKinds,
  writeReferral,
  type ReferralChange,
  type ReviewedReferral,
  type SharedKind,
} from './referrals.store.ts';
import { REFERRAL_SIDES, type ReferralSide } from '#vocabulary/referrals.ts';

type Review = Pick<MemberReview, 'client' | 'merchantId' | 'now' | 'ledger' | 'blindIndex'>;

/** Looks at the referrals of members who came by a link, after anything about those members changed. */
export async function reviewReferrals(
  review: Review & Pick<MemberReview, 'customerIds'>,
): Promise<void> {
  await settleReferrals(review, review.customerIds, null);
}

/** The same for one referral, whatever its status: after a person decided about it. */
export async function reviewReferral(
  review: Review,
  friendId: string,
  referralId: string,
): Promise<void> {
  await settleReferrals(review, [friendId], referralId);
}

async function settleReferrals(
  review: Review,
  friendIds: readonly string[],
  only: string | null,
): Promise<void> {
  const { client, merchantId, now } = review;
  const advocates = await advocatesOf(client, merchantId, friendIds, only);
  if (advocates.length === 0) return;
  // Members before balances, and the advocates before their referrals are counted: two friends make two levels.
  await lockMembers(client, merchantId, advocates);
  const referrals = await lockForReview(client, merchantId, friendIds, only, now);
  const shared = Map.groupBy(
    await readSharedKinds(
      client,
      merchantId,
      referrals.map((row) => row.referral_id),
    ),
    (row) => row.referral_id,
  );
  const { program, currency } = await readProgram(client, merchantId);
  const completedMeanwhile = new Map<string, number>();
  for (const row of referrals) {
    const more = completedMeanwhile.get(row.advocate_customer_id) ?? 0;
    const decided = decide(row, shared.get(row.referral_id) ?? [], more, now);
    if (decided === undefined) continue;
    const isCompleted = decided.change.status === 'completed' && row.status !== 'completed';
    if (isCompleted) completedMeanwhile.set(row.advocate_customer_id, more + 1);
    await apply(review, row, decided, { program, currency });
  }
}

interface Decided {
  readonly terms: ReferralConfig;
  readonly change: Omit<ReferralChange, 'advocate' | 'friend'>;
}

/** @returns what is to be written, or undefined when nothing changes */
function decide(
  row: ReviewedReferral,
  shared: readonly SharedKind[],
  completedMeanwhile: number,
  now: Date,
): Decided | undefined {
  const terms = referralConfigFrom(row.terms);
  const goal = goalOf(row, terms, now);
  const suspicion = suspicionIn(row, shared, goal.orderId !== null);
  const late = withLateRisk(row);
  const facts: ReferralFacts = {
    status: row.status,
    claimedAt: row.created_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    completedAt: row.completed_at?.getTime() ?? null,
    goalAt: goal.at?.getTime() ?? null,
    undoneAt: goal.undoneAt?.getTime() ?? null,
    refusal: row.refusal,
    isFriendNew: !row.is_known_before,
    score: suspicion.score,
    lateScore: late?.score ?? null,
    isCodeAhead: isCodeAhead(terms),
    decision: row.decision,
    isAtLimit:
      terms.monthlyLimit > 0 && row.completed_lately + completedMeanwhile >= terms.monthlyLimit,
  };
  const next = nextState(facts, terms, now.getTime());
  const isNew = next.status !== row.status;
  const level =
    isNew && next.status === 'completed' ? row.completed + completedMeanwhile + 1 : row.tier_level;
  const change = {
    referralId: row.referral_id,
    status: next.status,
    refusal: next.status === 'refused' ? next.reason : null,
    goalAt: goal.at ?? (next.status === 'reversed' ? row.goal_at : null),
    goalOrderId: goal.orderId ?? row.goal_order_id,
    undoneAt: goal.undoneAt,
    completedAt: isNew && next.status === 'completed' ? now : row.completed_at,
    reversedAt: isNew && next.status === 'reversed' ? now : row.reversed_at,
    level,
    // What it was judged by stays with it, and what came to light later joins it.
    ...judgedBy(row, isNew && next.status !== 'reversed' ? suspicion : late),
  };
  const isSame =
    !isNew &&
    late === undefined &&
    change.goalAt?.getTime() === row.goal_at?.getTime() &&
    change.goalOrderId === row.goal_order_id &&
    change.undoneAt?.getTime() === row.undone_at?.getTime();
  return isSame ? undefined : { terms, change };
}

const judgedBy = (row: ReviewedReferral, found: Suspicion | undefined): Suspicion =>
  found ?? { score: row.score, signals: row.spoof_detection.reasons ?? [] };

/** Whether the friend did what is asked, by which order, and since when it is undone. */
function goalOf(row: ReviewedReferral, terms: ReferralConfig, now: Date) {
  // Nothing is given for a friend who was erased or merged away meanwhile: the referral ends as if they had not come.
  if (row.is_gone && row.status !== 'completed')
    return {
      at: null,
      orderId: null,
      undoneAt: row.goal_at === null ? null : (row.undone_at ?? now),
    };
  if (terms.goal === 'signup') {
    const at = row.has_account
      ? (row.goal_at ?? new Date(Math.max(row.friend_since.getTime(), row.created_at.getTime())))
      : row.goal_at;
    return { at, orderId: null, undoneAt: null };
  }
  if (row.goal_order_id !== null && row.status !== 'pending') {
    return row.goal_stands === true
      ? { at: row.goal_at ?? now, orderId: row.goal_order_id, undoneAt: null }
      : {
          at: null,
          orderId: row.goal_order_id,
          undoneAt: row.undone_at ?? row.goal_ended_at ?? now,
        };
  }
  return { at: row.ordered_at, orderId: row.order_id, undoneAt: null };
}

interface Shop {
  readonly program: Program;
  readonly currency: string;
}

interface Given {
  readonly transactionId: string | null;
  readonly points: number;
}

async function apply(
  review: Review,
  row: ReviewedReferral,
  { terms, change }: Decided,
  shop: Shop,
): Promise<void> {
  const { client, merchantId } = review;
  const isNew = change.status !== row.status;
  const people = { advocate: row.advocate_customer_id, friend: row.friend_customer_id };
  let given: Record<ReferralSide, Given> = {
    advocate: { transactionId: row.advocate_transaction_id, points: row.advocate_points },
    friend: { transactionId: row.friend_transaction_id, points: row.friend_points },
  };
  if (isNew && change.status === 'completed') {
    await markForReview(client, merchantId, Object.values(people));
    given = await reward(review, row.referral_id, people, { terms, level: change.level, shop });
  } else if (isNew && change.status === 'reversed') {
    await markForReview(client, merchantId, Object.values(people));
    await takeBack(review, row, people, shop.program);
  } else if (isNew && change.status === 'pending') {
    // A person let the friend have what they were to buy with.
    await giveFriendsCode(review, merchantId, {
      referralId: row.referral_id,
      friendId: people.friend,
      terms,
      currency: shop.currency,
    });
  } else if (isNew && (change.status === 'refused' || change.status === 'expired')) {
    // What the friend was given to buy with goes with it, unless they have used it.
    await withdraw(client, merchantId, row.referral_id);
  }
  await writeReferral(client, merchantId, { ...change, ...given });
  if (isNew)
    await addOutboxEvents(client, merchantId, 'referral.changed', [
      {
        referral_id: row.referral_id,
        status: change.status,
        advocate_customer_id: people.advocate,
        friend_customer_id: people.friend,
        channel: row.type,
        refusal: change.refusal ?? '',
        level: change.level,
      },
    ]);
}

async function reward(
  { client, merchantId, ledger, blindIndex, now }: Review,
  referralId: string,
  people: Readonly<Record<ReferralSide, string>>,
  { terms, level, shop }: { terms: ReferralConfig; level: number; shop: Shop },
): Promise<Record<ReferralSide, Given>> {
  const points = {
    advocate: pointsAtLevel(terms, level),
    friend: terms.friend.kind === 'points' ? terms.friend.points : 0,
  };
  // Who is excluded from the program gets nothing; the other side does.
  const participants = await participantsOf(client, merchantId, Object.values(people));
  const present = REFERRAL_SIDES.filter((side) => participants.has(people[side]));
  const sides = present.filter((side) => points[side] > 0);
  const outcomes = await ledger.award(
    sides.map((side) => ({
      merchantId,
      customerId: people[side],
      points: points[side],
      key: rewardKey(referralId, side),
      type: 'referral' as const,
      source: 'referral',
      expiresAt: expiryOf(shop.program, now),
      metadata: {
        reason_code: side === 'advocate' ? 'referral_advocate' : 'referral_friend',
        referral_id: referralId,
        ...(side === 'advocate' && level > 1 && { level }),
      },
    })),
    client,
  );
  await giveGifts(
    client,
    { blindIndex },
    merchantId,
    present.flatMap((side) => {
      const gift = referralGift(terms[side], shop.currency);
      return gift === undefined
        ? []
        : [
            {
              kind: 'referral' as const,
              customerId: people[side],
              reward: gift,
              value: gift.value,
              key: rewardKey(referralId, side),
            },
          ];
    }),
    now,
  );
  const given = (side: ReferralSide): Given => {
    const outcome = outcomes[sides.indexOf(side)];
    // An erased person is given nothing, and the other side all the same.
    return outcome?.status === 'awarded' || outcome?.status === 'duplicate'
      ? { transactionId: outcome.transactionId, points: points[side] }
      : { transactionId: null, points: 0 };
  };
  return { advocate: given('advocate'), friend: given('friend') };
}

async function takeBack(
  { client, merchantId, ledger }: Review,
  row: ReviewedReferral,
  people: Readonly<Record<ReferralSide, string>>,
  program: Program,
): Promise<void> {
  const points = { advocate: row.advocate_points, friend: row.friend_points };
  // In the order in which balances are locked everywhere.
  const sides = [...REFERRAL_SIDES].sort((a, b) => (people[a] < people[b] ? -1 : 1));
  for (const side of sides) {
    if (points[side] === 0) continue;
    await ledger.debit(
      {
        merchantId,
        customerId: people[side],
        points: points[side],
        key: reversalKey(row.referral_id, side),
        type: 'reversal',
        source: 'referral',
        whenShort: program.refundPolicy,
        metadata: { reason_code: 'referral_reversed', referral_id: row.referral_id },
      },
      client,
    );
  }
  await withdraw(client, merchantId, row.referral_id);
}

async function withdraw(client: PoolClient, merchantId: string, referralId: string): Promise<void> {
  const keys = REFERRAL_SIDES.map((side) => rewardKey(referralId, side));
  await withdrawGifts(client, merchantId, await giftsByKey(client, merchantId, keys));
}
