import type { PoolClient } from 'pg';
import type { ClaimActionRequest } from '#proto/points/v1/earning.ts';
import { readBalance } from '../ledger/index.ts';
import { markForReview } from '../members/mark-for-review.store.ts';
import { asTenant } from '../call/as-tenant.ts';
import { shopperOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { DomainError, invalidInput, notFound, notParticipating } from '../shared/errors.ts';
import {
  awardBirthday,
  birthdaysDue,
  claimBirthday,
  claimFollow,
  claimNewsletter,
  claimReview,
  claimShare,
  type Claim,
} from './claim.rules.ts';
import { lockBirthdays, lockMember, storeBirthday, type EarningMember } from './earning.store.ts';
import { localOf } from '../shared/local-time.rules.ts';
import type { PointsMethods } from '../call/methods.ts';
import { expiryOf, type Program } from '../program/program.rules.ts';
import { readProgram } from '../program/program.store.ts';
import { CLAIMED_ACTIONS, NETWORKS, type ActionName } from '#vocabulary/earning.ts';

type Methods = PointsMethods<'claimAction' | 'recordReview' | 'awardBirthdays'>;

type Granted = Extract<Claim, { status: 'granted' }>;

/** Missed nights that are caught up. */
const birthdayNights = 3;
const birthdaysAtOnce = 500;
const firstId = '00000000-0000-0000-0000-000000000000';

/** Points for what members do beside buying. */
export function earningMethods(deps: CoreDependencies): Methods {
  const { pool } = deps;
  return {
    async claimAction(request, context) {
      const shopper = shopperOf(context);
      if (shopper === undefined)
        throw new DomainError('unauthenticated', { message: 'points are for signed-in shoppers' });
      return asTenant(pool, context, async (client, merchantId) => {
        const member = await lockMember(client, merchantId, shopper);
        if (member === undefined) throw notFound('customer');
        const { status, granted } = await claim(client, deps, merchantId, member, request);
        const balance = await readBalance(client, merchantId, member.actor.customerId);
        return { status, granted, balance: balance?.balance ?? 0 };
      });
    },

    recordReview: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const member = await lockMember(client, merchantId, request.shopifyCustomerId);
        if (member === undefined) throw notFound('shopify_customer_id');
        const { program } = await readProgram(client, merchantId);
        const claimed = claimReview(program, member.actor, request);
        if (claimed.status !== 'granted') return { status: claimed.status, granted: 0 };
        const [given] = await give(client, deps, merchantId, program, 'review', [
          { customerId: member.actor.customerId, claim: claimed },
        ]);
        // Another member has been given points for this very review.
        if (given === undefined) return { status: 'already_done', granted: 0 };
        return { status: 'granted', granted: given.points };
      }),

    async awardBirthdays(_request, context) {
      const total = { members: 0, points: 0 };
      for (let after = firstId; ;) {
        const page = await asTenant(pool, context, (client, merchantId) =>
          awardBirthdaysAfter(client, deps, merchantId, after),
        );
        for (const { points } of page.given) {
          total.members += 1;
          total.points += points;
        }
        if (page.last === undefined) return total;
        after = page.last;
      }
    },
  };
}

/** What a member claims now; what was claimed under this key before is answered again. */
async function claim(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  member: EarningMember,
  request: ClaimActionRequest,
): Promise<{ status: string; granted: number }> {
  const { actor, grantsByClaim } = member;
  const before = grantsByClaim.get(request.idempotencyKey);
  if (before !== undefined) return { status: 'granted', granted: before };

  if (actor.isExcluded === true) throw notParticipating();
  const { program } = await readProgram(client, merchantId);
  const decided = decide(program, member, request);
  if (decided.status === 'refused') throw invalidInput(decided.field, decided.message);
  if (decided.status === 'off')
    throw new DomainError('reward_unavailable', {
      field: 'action',
      message: 'the shop gives no points for it',
    });
  if (request.action === 'birthday' && decided.status === 'recorded') {
    await storeBirthday(client, merchantId, actor.customerId, {
      monthDay: request.birthday,
      toldAt: deps.clock(),
    });
  }
  if (decided.status !== 'granted') return { status: decided.status, granted: 0 };
  await give(client, deps, merchantId, program, request.action as ActionName, [
    { customerId: actor.customerId, claim: decided, by: request.idempotencyKey },
  ]);
  return { status: 'granted', granted: decided.points };
}

/** @returns what was given, and the last of these members unless they are the last of all */
async function awardBirthdaysAfter(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  after: string,
): Promise<{ given: readonly Given[]; last: string | undefined }> {
  const { program, timezone } = await readProgram(client, merchantId);
  if (!program.isActive || !program.earning.actions.birthday.isEnabled)
    return { given: [], last: undefined };
  const today = localOf(deps.clock(), timezone);
  const days = birthdaysDue(
    { year: Number(today.slice(0, 4)), monthDay: today.slice(5, 10) },
    birthdayNights,
  );
  const members = await lockBirthdays(client, merchantId, days, after, birthdaysAtOnce);
  const grants = members.flatMap(({ actor, told, day }) => {
    const decided = awardBirthday(program, actor, told, day, timezone);
    return decided.status === 'granted' ? [{ customerId: actor.customerId, claim: decided }] : [];
  });
  const given = await give(client, deps, merchantId, program, 'birthday', grants);
  const isLastPage = members.length < birthdaysAtOnce;
  return { given, last: isLastPage ? undefined : members.at(-1)?.actor.customerId };
}

interface Given {
  readonly points: number;
}

/** @returns those that were written now. */
async function give(
  client: PoolClient,
  { ledger, clock }: CoreDependencies,
  merchantId: string,
  program: Program,
  action: ActionName,
  grants: readonly {
    readonly customerId: string;
    readonly claim: Granted;
    readonly by?: string;
  }[],
): Promise<readonly Given[]> {
  if (grants.length === 0) return [];
  await markForReview(
    client,
    merchantId,
    grants.map(({ customerId }) => customerId),
  );
  const outcomes = await ledger.award(
    grants.map(({ customerId, claim: granted, by }) => ({
      merchantId,
      customerId,
      points: granted.points,
      key: granted.key,
      source: action,
      expiresAt: expiryOf(program, clock()),
      metadata: {
        reason_code: action,
        rule_version: program.version,
        ...(by !== undefined && { claim: by }),
      },
    })),
    client,
  );
  return grants.flatMap(({ claim: granted }, index) =>
    outcomes[index]?.status === 'awarded' ? [{ points: granted.points }] : [],
  );
}

function decide(
  program: Program,
  { actor, birthday, isSubscribed }: EarningMember,
  request: { readonly action: string; readonly network: string; readonly birthday: string },
): Claim {
  const network = NETWORKS.find((name) => name === request.network);
  const action = CLAIMED_ACTIONS.find((known) => known === request.action);
  switch (action) {
    case 'newsletter':
      return claimNewsletter(program, actor, isSubscribed);
    case 'birthday':
      return claimBirthday(program, actor, birthday, request.birthday);
    case 'review':
      return claimReview(program, actor, undefined);
    case 'social_follow':
    case 'social_share':
      if (network === undefined)
        return { status: 'refused', field: 'network', message: 'is missing' };
      return action === 'social_follow'
        ? claimFollow(program, actor, network)
        : claimShare(program, actor, network);
    case undefined:
      return { status: 'off' };
  }
}
