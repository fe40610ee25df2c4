import type { PoolClient } from 'pg';
import type { PreviewVipTiersResponse, VipTierSet, VipTierMove } from '#proto/points/v1/tiers.ts';
import { keysWritten } from '../ledger/index.ts';
import { wholeName } from '../members/customer-encryption.ts';
import { readNames } from '../members/customers.store.ts';
import type { Encryption } from '../shared/encryption.ts';
import { decodeCursor, encodeCursor, integerPattern } from '../shared/cursor.rules.ts';
import { invalidInput } from '../shared/errors.ts';
import { formatAmount } from '../shared/money.rules.ts';
import { requireKnownRewards, requireKnownTiers } from './publish-tiers.ts';
import { decideMembers, entryKeyOf, type DecidedMember } from './review-tiers.ts';
import { NOTHING_GIVEN } from '../rewards/gifts.rules.ts';
import { isEntryRewardDue } from './tier-gifts.rules.ts';
import { entryOf, readTierGifts } from '../rewards/gifts.store.ts';
import {
  tierSetProblem,
  thresholdOf,
  tiersFromMessage,
  type StoredTier,
} from './tier-set.rules.ts';
import type { TierSet } from './tiers.rules.ts';
import {
  readTierContext,
  readTiers,
  tierMembersAfter,
  type TierContext,
  type TierRow,
} from './tiers.store.ts';

const MEMBERS_PER_STEP = 2_000;

interface Move {
  readonly customerId: string;
  readonly fromTierId: string | null;
  readonly toTier: StoredTier | undefined;
  readonly spend: bigint;
  readonly points: number;
  readonly keepsUntil: number | null;
}

export interface PreviewQuestion {
  readonly tierSet: VipTierSet;
  readonly direction: string;
  readonly pageSize: number;
  readonly cursor: string;
}

/** What publishing a tier set would do to every member. Reads all members, and changes nothing. */
export async function previewTiers(
  client: PoolClient,
  encryption: Encryption,
  merchantId: string,
  question: PreviewQuestion,
  now: Date,
): Promise<PreviewVipTiersResponse> {
  const { tierSet: message, direction } = question;
  const problem = tierSetProblem(message);
  if (problem) throw invalidInput(problem.field, problem.message);
  await requireKnownTiers(client, merchantId, message);
  await requireKnownRewards(client, merchantId, message);
  const tried = triedTierSet(message);
  const context = await readTierContext(client, merchantId, now);
  const tiers = await readTiers(client, merchantId);
  const outcome = await tryOnEverybody(client, merchantId, tried, context, tiers, now);
  const { rises, falls } = outcome;
  const isActive = context.program.isActive;
  const entry = isActive
    ? await entryPointsOf(client, merchantId, rises)
    : { points: 0, members: 0 };
  const entryRewardMembers = isActive
    ? await entryRewardsOf(client, merchantId, rises, tried.tierSet, context, now)
    : 0;
  const asked = direction === 'fall' ? falls : rises;
  const page = pageOf(asked, question);
  const customerIds = page.moves.map(({ customerId }) => customerId);
  const names = await readNames(client, encryption, merchantId, customerIds);
  return {
    rises: rises.length,
    falls: falls.length,
    unchanged: outcome.unchanged,
    tiers: tried.stored.map((_, index) => ({
      membersNow: outcome.heldNow[index] ?? 0,
      membersThen: outcome.reached[index] ?? 0,
    })),
    membersWithoutTier: outcome.withoutTier,
    entryPoints: entry.points,
    entryPointsMembers: entry.members,
    entryRewardMembers,
    freeShippingMembers: isActive ? outcome.withFreeShipping : 0,
    moves: page.moves.map((move) => toMoveMessage(move, tried.tierSet.basis, names, tiers)),
    page: { nextCursor: page.nextCursor, total: asked.length },
  };
}

/** A tier set that is tried, and the tiers it would put in force. */
interface TriedTierSet {
  readonly tierSet: TierSet;
  readonly stored: readonly StoredTier[];
}

function triedTierSet(message: VipTierSet): TriedTierSet {
  // New tiers have no id yet; their position identifies them as well.
  const stored = tiersFromMessage(
    message,
    (tier) => tier.tierId || `new/${message.tiers.indexOf(tier)}`,
  );
  const tierSet: TierSet = {
    basis: message.basis as TierSet['basis'],
    period: message.period as TierSet['period'],
    graceDays: message.graceDays,
    tiers: stored.map(thresholdOf),
  };
  return { tierSet, stored };
}

interface TrialOutcome {
  readonly rises: Move[];
  readonly falls: Move[];
  /** Members of each tier, as they are and as they would be. */
  readonly heldNow: number[];
  readonly reached: number[];
  unchanged: number;
  withoutTier: number;
  withFreeShipping: number;
}

async function tryOnEverybody(
  client: PoolClient,
  merchantId: string,
  { tierSet, stored }: TriedTierSet,
  context: TierContext,
  tiers: ReadonlyMap<string, TierRow>,
  now: Date,
): Promise<TrialOutcome> {
  const outcome: TrialOutcome = {
    rises: [],
    falls: [],
    heldNow: stored.map(() => 0),
    reached: stored.map(() => 0),
    unchanged: 0,
    withoutTier: 0,
    withFreeShipping: 0,
  };
  for (let after = ''; ;) {
    const members = await tierMembersAfter(client, merchantId, after, MEMBERS_PER_STEP);
    const decided = await decideMembers(client, merchantId, members, tierSet, context, tiers, now);
    for (const one of decided) addTo(outcome, one, stored);
    if (members.length < MEMBERS_PER_STEP) return outcome;
    after = members.at(-1)?.customer_id ?? '';
  }
}

function addTo(
  outcome: TrialOutcome,
  { member, standing, decision }: DecidedMember,
  stored: readonly StoredTier[],
): void {
  const { heldNow, reached, rises, falls } = outcome;
  const held = stored.findIndex(({ tier_id }) => tier_id === member.vip_tier_id);
  if (held >= 0) heldNow[held] = (heldNow[held] ?? 0) + 1;
  const kept = stored.find(({ tier_id }) => tier_id === decision.tierId);
  if (kept?.benefits.free_shipping === true) outcome.withFreeShipping++;
  if (standing.rank < 0) outcome.withoutTier++;
  else reached[standing.rank] = (reached[standing.rank] ?? 0) + 1;
  const isFall = decision.change?.direction === 'down' || decision.graceUntil !== null;
  const list = decision.change?.direction === 'up' ? rises : isFall ? falls : undefined;
  if (list === undefined) outcome.unchanged++;
  list?.push({
    customerId: member.customer_id,
    fromTierId: member.vip_tier_id,
    toTier: stored[standing.rank],
    spend: standing.spend,
    points: standing.points,
    keepsUntil: decision.graceUntil,
  });
}

const noName = { firstName: '', lastName: '' };

const toMoveMessage = (
  move: Move,
  basis: TierSet['basis'],
  names: Awaited<ReturnType<typeof readNames>>,
  tiers: ReadonlyMap<string, TierRow>,
): VipTierMove => ({
  customerId: move.customerId,
  name: wholeName(names.get(move.customerId) ?? noName),
  fromNames: { ...(move.fromTierId === null ? {} : tiers.get(move.fromTierId)?.name) },
  toNames: { ...move.toTier?.name },
  spend: basis === 'points' ? '' : formatAmount(move.spend),
  points: basis === 'spend' ? -1 : move.points,
  keepsUntil: move.keepsUntil === null ? '' : new Date(move.keepsUntil).toISOString(),
});

/** Those with the most at stake first. */
function pageOf(moves: Move[], { pageSize, cursor }: PreviewQuestion) {
  const ordered = moves.sort(
    (a, b) =>
      (a.spend < b.spend ? 1 : a.spend > b.spend ? -1 : b.points - a.points) ||
      (a.customerId < b.customerId ? -1 : 1),
  );
  const start =
    cursor === '' ? 0 : Number(decodeCursor(cursor, integerPattern)?.[0] ?? ordered.length);
  const end = start + pageSize;
  return {
    moves: ordered.slice(start, end),
    nextCursor: end < ordered.length ? encodeCursor(String(end)) : '',
  };
}

/** What the rises would give for entering; a member who entered that tier before gets nothing. */
async function entryPointsOf(
  client: PoolClient,
  merchantId: string,
  rises: readonly Move[],
): Promise<{ points: number; members: number }> {
  const gifts = rises.flatMap(({ customerId, toTier }) => {
    const points = toTier?.benefits.entry_points ?? 0;
    return toTier === undefined || points === 0
      ? []
      : [{ key: entryKeyOf(toTier.tier_id, customerId), points }];
  });
  if (gifts.length === 0) return { points: 0, members: 0 };
  const given = await keysWritten(
    client,
    merchantId,
    gifts.map(({ key }) => key),
  );
  const due = gifts.filter(({ key }) => !given.has(key));
  return { points: due.reduce((sum, { points }) => sum + points, 0), members: due.length };
}

/** How many rises would give a reward: a member who had it in this qualifying period gets no other. */
async function entryRewardsOf(
  client: PoolClient,
  merchantId: string,
  rises: readonly Move[],
  tierSet: Pick<TierSet, 'period'>,
  context: TierContext,
  now: Date,
): Promise<number> {
  const entering = rises.filter(({ toTier }) => toTier?.benefits.entry_reward_id !== undefined);
  if (entering.length === 0) return 0;
  const ids = entering.map(({ customerId }) => customerId);
  const given = await readTierGifts(client, merchantId, ids, now);
  return entering.filter(({ customerId, toTier }) =>
    isEntryRewardDue(
      given.get(entryOf(customerId, toTier?.tier_id ?? '')) ?? NOTHING_GIVEN,
      true,
      tierSet.period,
      context.calendar,
      now,
    ),
  ).length;
}
