import type { PoolClient } from 'pg';
import type {
  DecideReferralRequest,
  FunnelStep,
  GetReferralResponse,
  ReferralServiceImplementation,
  UpdateReferralConfigRequest,
} from '#proto/referrals/v1/referrals.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { readBalance } from '../ledger/index.ts';
import { decryptMember, wholeName } from '../members/customer-encryption.ts';
import { lockMembers } from '../members/reviews.store.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { stepOfEdit } from '../shared/edits.ts';
import { DomainError, invalidInput, notFound } from '../shared/errors.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import { lockTenant } from '../shared/tenant-lock.store.ts';
import { readReferralConfig, saveReferralConfig } from './config.store.ts';
import { pointsAtLevel, referralConfigFrom, referralConfigJson } from './referral-config.rules.ts';
import {
  countAdvocates,
  countCompleted,
  countHeld,
  findListed,
  listReferrals,
  readFunnel,
  readShared,
  type FunnelRow,
} from './referral-lists.store.ts';
import {
  configFromMessage,
  toConfigMessage,
  toReferralMessage,
  toSideMessage,
} from './referral-messages.ts';
import { findReferral, friendsOverdue, writeDecision } from './referrals.store.ts';
import { reviewReferral, reviewReferrals } from './review-referrals.ts';

type Methods = Pick<
  ReferralServiceImplementation<CallerContext>,
  | 'getReferralConfig'
  | 'updateReferralConfig'
  | 'listReferrals'
  | 'getReferral'
  | 'decideReferral'
  | 'getReferralFunnel'
  | 'expireReferrals'
>;

const dayMs = 86_400_000;
const shownShared = 40;

/** What merchants set, see and decide. */
export function referralMethods(deps: CoreDependencies): Methods {
  const { pool, encryption, clock } = deps;
  return {
    getReferralConfig: (_request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const { config, currency } = await readReferralConfig(client, merchantId);
        return { config: toConfigMessage(config), currency };
      }),

    updateReferralConfig: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        config: await updateConfig(client, merchantId, context.caller.actor, request),
      })),

    listReferrals: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const advocateId = request.advocateCustomerId;
        if (advocateId !== '' && !(await readBalance(client, merchantId, advocateId)))
          throw notFound('advocate_customer_id');
        const friendId = request.friendCustomerId;
        if (friendId !== '' && !(await readBalance(client, merchantId, friendId)))
          throw notFound('friend_customer_id');
        const { rows, nextCursor } = await listReferrals(client, merchantId, {
          status: request.status,
          advocateId,
          friendId,
          pageSize: request.page?.pageSize ?? 50,
          cursor: request.page?.cursor ?? '',
        });
        return {
          referrals: rows.map((row) => toReferralMessage(encryption, merchantId, row)),
          page: { nextCursor, total: -1 },
          held: await countHeld(client, merchantId),
        };
      }),

    getReferral: (request, context) =>
      asTenant(pool, context, (client, merchantId) =>
        readWhole(client, deps, merchantId, request.referralId),
      ),

    decideReferral: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        await decide(client, deps, merchantId, context.caller.actor, request);
        const { referral } = await readWhole(client, deps, merchantId, request.referralId);
        return { referral };
      }),

    getReferralFunnel: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const { currency } = await readReferralConfig(client, merchantId);
        const since = new Date(clock().getTime() - request.days * dayMs);
        const channels = await readFunnel(client, merchantId, since);
        return {
          channels: channels.map((row) => toFunnelStep(row, currency)),
          total: toFunnelStep(totalOf(channels), currency),
          advocates: await countAdvocates(client, merchantId),
        };
      }),

    expireReferrals: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const now = clock();
        const friends = await friendsOverdue(client, merchantId, now, request.limit);
        await lockMembers(client, merchantId, friends);
        await reviewReferrals({ ...deps, client, merchantId, now, customerIds: friends });
        return { expired: friends.length, more: friends.length === request.limit };
      }),
  };
}

async function decide(
  client: PoolClient,
  deps: CoreDependencies,
  merchantId: string,
  actor: string,
  { referralId, decision }: DecideReferralRequest,
): Promise<void> {
  const found = await findReferral(client, merchantId, { referralId });
  if (found === undefined) throw notFound('referral_id');
  const friendId = found.friend_customer_id;
  await lockMembers(client, merchantId, [friendId]);
  // What was decided before this one had its turn is not decided again.
  const current = await findReferral(client, merchantId, { referralId });
  if (current?.decision === decision) return;
  requireOpen(current?.status ?? '', decision);
  const now = deps.clock();
  await writeDecision(client, merchantId, referralId, {
    decision: decision === 'approved' ? 'approved' : 'denied',
    by: actor,
    at: now,
  });
  await reviewReferral({ ...deps, client, merchantId, now }, friendId, referralId);
  await writeAudit(client, merchantId, {
    actor,
    action: decision === 'approved' ? 'referral_approved' : 'referral_denied',
    targetTable: 'referrals',
    targetId: referralId,
  });
}

/** @throws DomainError when there is nothing to decide any more */
function requireOpen(status: string, decision: string): void {
  if (status === 'held' || (status === 'refused' && decision === 'approved')) return;
  throw new DomainError('edit_conflict', {
    field: 'referral_id',
    message: `a referral that is ${status} waits for no decision`,
  });
}

async function updateConfig(
  client: PoolClient,
  merchantId: string,
  actor: string,
  request: UpdateReferralConfigRequest,
) {
  if (request.config === undefined) throw invalidInput('config', 'is missing');
  await lockTenant(client, merchantId);
  const { config: before } = await readReferralConfig(client, merchantId);
  const wanted = configFromMessage(request.config, before.version);
  const step = stepOfEdit({
    opened: String(request.config.version),
    current: String(before.version),
    // The same rules saved again are found as they are.
    wanted:
      JSON.stringify(referralConfigJson(wanted)) === JSON.stringify(referralConfigJson(before))
        ? String(before.version)
        : undefined,
  });
  if (step === 'saved') return toConfigMessage(before);
  const saved = { ...wanted, version: before.version + 1 };
  await saveReferralConfig(client, merchantId, saved);
  await writeAudit(client, merchantId, {
    actor,
    action: 'referral_config_updated',
    targetTable: 'program_settings',
    targetId: merchantId,
    metadata: { version: saved.version, active: saved.isActive },
  });
  return toConfigMessage(saved);
}

async function readWhole(
  client: PoolClient,
  { encryption }: Pick<CoreDependencies, 'encryption'>,
  merchantId: string,
  referralId: string,
): Promise<GetReferralResponse> {
  const row = await findListed(client, merchantId, referralId);
  if (row === undefined) throw notFound('referral_id');
  const shared = await readShared(client, merchantId, row, shownShared);
  const terms = referralConfigFrom(row.terms);
  const completed = await countCompleted(client, merchantId, row.advocate_customer_id);
  const nth = row.status === 'completed' ? row.tier_level : completed + 1;
  const advocate = toSideMessage(terms.advocate);
  return {
    referral: toReferralMessage(encryption, merchantId, row),
    shared: shared.map((one) => {
      const person = decryptMember(encryption, merchantId, one.customer_id, one);
      return {
        kind: one.kind,
        role: one.role,
        seenAt: one.seen_at.toISOString(),
        person: { customerId: one.customer_id, name: wholeName(person), email: person.email },
      };
    }),
    advocate:
      terms.advocate.kind === 'points'
        ? { ...advocate, points: pointsAtLevel(terms, nth) }
        : advocate,
    friend: toSideMessage(terms.friend),
  };
}

const toFunnelStep = (
  row: Omit<FunnelRow, 'channel'> & { channel: string },
  currency: string,
): FunnelStep => ({
  channel: row.channel,
  clicked: row.clicked,
  claimed: row.claimed,
  reached: row.reached,
  completed: row.completed,
  held: row.held,
  reversed: row.reversed,
  revenue: { amount: formatAmount(parseAmount(row.revenue) ?? 0n), currency },
});

function totalOf(rows: readonly FunnelRow[]) {
  const sum = (of: (row: FunnelRow) => number) => rows.reduce((all, row) => all + of(row), 0);
  return {
    channel: '',
    clicked: sum((row) => row.clicked),
    claimed: sum((row) => row.claimed),
    reached: sum((row) => row.reached),
    completed: sum((row) => row.completed),
    held: sum((row) => row.held),
    reversed: sum((row) => row.reversed),
    revenue: formatAmount(rows.reduce((all, row) => all + (parseAmount(row.revenue) ?? 0n), 0n)),
  };
}
