import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import type {
  ClaimReferralRequest,
  CompleteReferralRequest,
  FriendStatus,
  ReferralServiceImplementation,
  TrackClickRequest,
} from '#proto/referrals/v1/referrals.ts';
import { asTenant } from '../call/as-tenant.ts';
import { shopperOf, type CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { decryptFirstName, decryptMember } from '../members/customer-encryption.ts';
import { readMember } from '../rewards/redeeming-member.store.ts';
import { DomainError, notFound, notParticipating } from '../shared/errors.ts';
import { formatAmount } from '../shared/money.rules.ts';
import { claimReferral, emailOf, hashed, type Claim, type Claimed } from './claim-referral.ts';
import { codeFrom } from './code.rules.ts';
import { readReferralConfig, type StoredReferralConfig } from './config.store.ts';
import {
  countClicks,
  ensureLink,
  findLink,
  findLinkOf,
  keepTraces,
  readAdvocate,
  type Click,
} from './links.store.ts';
import { countCompleted, readOwnReferrals, type OwnReferral } from './referral-lists.store.ts';
import { pointsAtLevel } from './referral-config.rules.ts';
import { toSideMessage } from './referral-messages.ts';
import {
  REFERRAL_CHANNELS,
  type ReferralChannel,
  type ReferralStatus,
} from '#vocabulary/referrals.ts';

type LinkMethods = Pick<
  ReferralServiceImplementation<CallerContext>,
  'createReferral' | 'getReferralStatus'
>;
type VisitMethods = Pick<
  ReferralServiceImplementation<CallerContext>,
  'trackClick' | 'trackClicks' | 'getOffer' | 'claimReferral' | 'completeReferral'
>;

/** Rejected bytes are few: 24 make a code of 8 with certainty enough to try once. */
const CODE_BYTES = 24;
/** What an advocate sees of their own. */
const shownReferrals = 50;

const channelOf = (text: string): ReferralChannel =>
  REFERRAL_CHANNELS.find((channel) => channel === text) ?? 'copy';

/** An advocate's link, and what became of it. */
export function linkMethods(deps: CoreDependencies): LinkMethods {
  const { pool } = deps;
  return {
    createReferral: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const customerId = await callerOrNamed(
          client,
          merchantId,
          request.advocateCustomerId,
          context,
          true,
        );
        const { config, isProgramActive } = await readReferralConfig(client, merchantId);
        if (!config.isActive || !isProgramActive)
          throw new DomainError('reward_unavailable', {
            message: 'the shop has no referral program',
          });
        const link = await ensureLink(
          client,
          merchantId,
          customerId,
          codeFrom(randomBytes(CODE_BYTES)),
        );
        const advocate = await readAdvocate(client, merchantId, customerId);
        if (advocate !== undefined) {
          const email = emailOf(deps, merchantId, customerId, advocate);
          await keepTraces(
            client,
            merchantId,
            customerId,
            hashed(deps, merchantId, { email, ...request.traces }),
          );
        }
        return { referralLinkId: link.referral_link_id, referralCode: link.referral_code };
      }),

    getReferralStatus: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const customerId = await callerOrNamed(client, merchantId, request.customerId, context);
        const stored = await readReferralConfig(client, merchantId);
        const link = await findLinkOf(client, merchantId, customerId);
        const completed = await countCompleted(client, merchantId, customerId);
        const own = await readOwnReferrals(client, merchantId, customerId, shownReferrals);
        return {
          active: isOn(stored),
          referralCode: link?.referral_code ?? '',
          advocate: toSideMessage(stored.config.advocate),
          ...offerOf(stored),
          channels: [...stored.config.channels],
          referrals: own.map((row) => toFriendStatus(deps, merchantId, row)),
          completed,
          nextPoints: pointsAtLevel(stored.config, completed + 1),
        };
      }),
  };
}

/** What comes of following a link: a visit, what it promises, and whose friend it makes. */
export function visitMethods(deps: CoreDependencies): VisitMethods {
  const { pool, encryption } = deps;
  return {
    trackClick: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const link = await findLink(client, merchantId, request.referralCode);
        if (link === undefined) return { status: 'unknown_code' };
        if (link.status !== 'active') return { status: 'disabled' };
        const counted = await countClicks(client, merchantId, [clickOf(request)]);
        return { status: counted === 1 ? 'counted' : 'already_counted' };
      }),

    trackClicks: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        counted: await countClicks(client, merchantId, request.clicks.map(clickOf)),
      })),

    getOffer: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const stored = await readReferralConfig(client, merchantId);
        const link = await findLink(client, merchantId, request.referralCode);
        const isActive = isOn(stored) && link?.status === 'active';
        const advocate = isActive
          ? await readAdvocate(client, merchantId, link.advocate_customer_id)
          : undefined;
        return {
          active: isActive && advocate !== undefined,
          advocateFirstName:
            advocate === undefined
              ? ''
              : decryptFirstName(encryption, merchantId, advocate.customer_id, advocate.first_name),
          shopName: stored.shopName,
          ...offerOf(stored),
        };
      }),

    claimReferral: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const friendId = await callerOrNamed(client, merchantId, '', context);
        const stored = await readReferralConfig(client, merchantId);
        const claimed = await claimReferral(client, deps, merchantId, stored, {
          friendId,
          ...claimOf(request),
          orderedAt: null,
        });
        return { ...claimed, ...offerOf(stored) };
      }),

    completeReferral: (request, context) =>
      asTenant(pool, context, (client, merchantId) =>
        claimForCustomer(client, deps, merchantId, request),
      ),
  };
}

const clickOf = (click: TrackClickRequest): Click => ({
  clickId: click.clickId,
  code: click.referralCode,
  channel: channelOf(click.channel),
  at: new Date(click.clickedAt),
});

async function claimForCustomer(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  request: CompleteReferralRequest,
): Promise<Claimed> {
  const member = await readMember(client, merchantId, {
    customerId: null,
    shopifyCustomerId: request.shopifyCustomerId,
  });
  if (member === undefined) throw notFound('shopify_customer_id');
  const stored = await readReferralConfig(client, merchantId);
  return claimReferral(client, deps, merchantId, stored, {
    friendId: member.customer_id,
    ...claimOf(request),
    orderedAt: request.orderedAt === '' ? null : new Date(request.orderedAt),
  });
}

const claimOf = (
  request: Pick<ClaimReferralRequest, 'referralCode' | 'clickId' | 'channel' | 'traces'>,
): Omit<Claim, 'friendId' | 'orderedAt'> => ({
  code: request.referralCode,
  clickId: request.clickId,
  channel: channelOf(request.channel),
  told: request.traces ?? {},
});

const isOn = ({ config, isProgramActive }: StoredReferralConfig): boolean =>
  config.isActive && isProgramActive;

const offerOf = ({ config, currency, pointsName }: StoredReferralConfig) => ({
  pointsName,
  friend: toSideMessage(config.friend),
  goal: config.goal,
  currency,
  minOrder:
    config.minOrder === null ? undefined : { amount: formatAmount(config.minOrder), currency },
});

/** The shopper who calls, or the member whom staff name; erased and merged members are neither. */
async function callerOrNamed(
  client: PoolClient,
  merchantId: string,
  customerId: string,
  context: CallerContext,
  mustParticipate = false,
): Promise<string> {
  const shopper = shopperOf(context);
  const member = await readMember(client, merchantId, {
    customerId: customerId === '' ? null : customerId,
    shopifyCustomerId: shopper ?? null,
  });
  if (member === undefined) throw notFound('customer_id');
  if (mustParticipate && member.absence !== null) throw notParticipating();
  return member.customer_id;
}

/** An advocate is not told that a friend is suspected, nor of what a friend did with their money. */
const shownStatus: Readonly<Record<ReferralStatus, string>> = {
  pending: 'pending',
  held: 'pending',
  completed: 'completed',
  refused: 'expired',
  expired: 'expired',
  reversed: 'expired',
};

function toFriendStatus(
  { encryption }: Pick<CoreDependencies, 'encryption'>,
  merchantId: string,
  row: OwnReferral,
): FriendStatus {
  const { firstName, lastName } = decryptMember(encryption, merchantId, row.friend_customer_id, {
    first_name: row.first_name,
    last_name: row.last_name,
    email: null,
  });
  const [initial] = lastName;
  return {
    referralId: row.referral_id,
    friend: initial === undefined ? firstName : `${firstName} ${initial}.`.trim(),
    status: shownStatus[row.status],
    createdAt: row.created_at.toISOString(),
    points: row.status === 'completed' ? row.advocate_points : 0,
  };
}
