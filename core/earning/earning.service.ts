import type { PoolClient } from 'pg';
import { withTenant } from '../database/tenant-transaction.ts';
import { readBalance } from '../ledger/index.ts';
import { markForReview } from '../members/mark-for-review.ts';
import { shopperOf, tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { DomainError, invalidInput, notFound } from '../shared/errors.ts';
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

/** Nights that are made up for when they were missed. */
const birthdayNights = 3;
const birthdaysAtOnce = 500;

/** Points for what members do beside buying. */
export function earningMethods(deps: CoreDependencies): Methods {
  const { pool, ledger, clock } = deps;

  /** @returns those that were written now. */
  async function give(
    client: PoolClient,
    merchantId: string,
    program: Program,
    action: ActionName,
    grants: readonly {
      readonly customerId: string;
      readonly claim: Granted;
      readonly by?: string;
    }[],
  ): Promise<readonly { readonly points: number }[]> {
    if (grants.length === 0) return [];
    await markForReview(
      client,
      merchantId,
      grants.map(({ customerId }) => customerId),
    );
    const outcomes = await ledger.award(
      grants.map(({ customerId, claim, by }) => ({
        merchantId,
        customerId,
        points: claim.points,
        key: claim.key,
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
    return grants.flatMap(({ claim }, index) =>
      outcomes[index]?.status === 'awarded' ? [{ points: claim.points }] : [],
    );
  }

  return {
    async claimAction(request, context) {
      const merchantId = tenantOf(context);
      const shopper = shopperOf(context);
      if (shopper === undefined)
        throw new DomainError('unauthenticated', { message: 'points are for signed-in shoppers' });
      return withTenant(pool, merchantId, async (client) => {
        const member = await lockMember(client, merchantId, shopper);
        if (member === undefined) throw notFound('customer');
        const { actor, grantsByClaim } = member;
        const answer = async (status: string, granted: number) => ({
          status,
          granted,
          balance: (await readBalance(client, merchantId, actor.customerId))?.balance ?? 0,
        });
        const before = grantsByClaim.get(request.idempotencyKey);
        if (before !== undefined) return answer('granted', before);

        const { program } = await readProgram(client, merchantId);
        const claim = decide(program, member, request);
        if (claim.status === 'refused') throw invalidInput(claim.field, claim.message);
        if (claim.status === 'off')
          throw new DomainError('reward_unavailable', {
            field: 'action',
            message: 'the shop gives no points for it',
          });
        if (request.action === 'birthday' && claim.status === 'recorded') {
          await storeBirthday(client, merchantId, actor.customerId, {
            monthDay: request.birthday,
            toldAt: clock(),
          });
        }
        if (claim.status !== 'granted') return answer(claim.status, 0);
        await give(client, merchantId, program, request.action as ActionName, [
          { customerId: actor.customerId, claim, by: request.idempotencyKey },
        ]);
        return answer('granted', claim.points);
      });
    },

    recordReview: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const member = await lockMember(client, merchantId, request.shopifyCustomerId);
        if (member === undefined) throw notFound('shopify_customer_id');
        const { program } = await readProgram(client, merchantId);
        const claim = claimReview(program, member.actor, request);
        if (claim.status !== 'granted') return { status: claim.status, granted: 0 };
        const [given] = await give(client, merchantId, program, 'review', [
          { customerId: member.actor.customerId, claim },
        ]);
        // Somebody else has been given points for this very review.
        if (given === undefined) return { status: 'already_done', granted: 0 };
        return { status: 'granted', granted: given.points };
      }),

    async awardBirthdays(_request, context) {
      const merchantId = tenantOf(context);
      const total = { members: 0, points: 0 };
      for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
        const last = await withTenant(pool, merchantId, async (client) => {
          const { program, timezone } = await readProgram(client, merchantId);
          if (!program.isActive || !program.earning.actions.birthday.isEnabled) return undefined;
          const today = localOf(clock(), timezone);
          const days = birthdaysDue(
            { year: Number(today.slice(0, 4)), monthDay: today.slice(5, 10) },
            birthdayNights,
          );
          const members = await lockBirthdays(client, merchantId, days, after, birthdaysAtOnce);
          const grants = members.flatMap(({ actor, told, day }) => {
            const claim = awardBirthday(program, actor, told, day, timezone);
            return claim.status === 'granted' ? [{ customerId: actor.customerId, claim }] : [];
          });
          for (const { points } of await give(client, merchantId, program, 'birthday', grants)) {
            total.members += 1;
            total.points += points;
          }
          return members.length < birthdaysAtOnce ? undefined : members.at(-1)?.actor.customerId;
        });
        if (last === undefined) return total;
        after = last;
      }
    },
  };
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
