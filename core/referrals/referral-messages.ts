import type {
  Person,
  Referral,
  ReferralConfig as ConfigMessage,
  SideReward as SideMessage,
} from '#proto/referrals/v1/referrals.ts';
import { decryptMember, wholeName } from '../members/customer-encryption.ts';
import type { Encryption } from '../shared/encryption.ts';
import { invalidInput } from '../shared/errors.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import { MAX_LEVELS, type ReferralConfig, type SideReward } from './referral-config.rules.ts';
import type { ListedReferral } from './referral-lists.store.ts';
import {
  REFERRAL_CHANNELS,
  REFERRAL_GOALS,
  REFERRAL_SIDES,
  type ReferralSide,
} from '#vocabulary/referrals.ts';

/** Referrals between how they are kept and how they travel. */

export function toSideMessage(side: SideReward): SideMessage {
  const none = { points: 0, discount: '', value: '', minPurchase: '', expiresAfterDays: 0 };
  return side.kind === 'points'
    ? { ...none, kind: side.kind, points: side.points }
    : {
        ...none,
        kind: side.kind,
        discount: side.discount,
        value: formatAmount(side.value),
        minPurchase: side.minPurchase === null ? '' : formatAmount(side.minPurchase),
        expiresAfterDays: side.expiresAfterDays,
      };
}

export function toConfigMessage(config: ReferralConfig): ConfigMessage {
  return {
    version: config.version,
    active: config.isActive,
    completeOn: config.goal,
    minOrder: config.minOrder === null ? '' : formatAmount(config.minOrder),
    advocate: toSideMessage(config.advocate),
    friend: toSideMessage(config.friend),
    tiers: config.levels.map(({ from, points }) => ({ level: from, points })),
    expiresAfterDays: config.expiresAfterDays,
    refundWindowDays: config.refundWindowDays,
    monthlyLimit: config.monthlyLimit,
    channels: [...config.channels],
    holdFrom: config.review.holdFrom,
    refuseFrom: config.review.refuseFrom,
  };
}

/** @throws DomainError invalid_input naming the field */
export function configFromMessage(message: ConfigMessage, version: number): ReferralConfig {
  const goal = REFERRAL_GOALS.find((one) => one === message.completeOn);
  if (goal === undefined) throw invalidInput('config.complete_on', 'must be signup or first_order');
  if (message.refuseFrom <= message.holdFrom)
    throw invalidInput('config.refuse_from', 'must be above the score from which a person decides');
  const sides = Object.fromEntries(
    REFERRAL_SIDES.map((side) => [side, sideFromMessage(side, message[side])]),
  ) as Record<ReferralSide, SideReward>;
  return {
    version,
    isActive: message.active,
    goal,
    minOrder: moneyOf('config.min_order', message.minOrder),
    ...sides,
    levels: levelsFromMessage(message, sides.advocate),
    expiresAfterDays: message.expiresAfterDays,
    refundWindowDays: message.refundWindowDays,
    monthlyLimit: message.monthlyLimit,
    channels: REFERRAL_CHANNELS.filter((channel) => message.channels.includes(channel)),
    review: { holdFrom: message.holdFrom, refuseFrom: message.refuseFrom },
  };
}

function sideFromMessage(side: ReferralSide, message: SideMessage | undefined): SideReward {
  if (message === undefined) throw invalidInput(`config.${side}`, 'is missing');
  if (message.kind === 'points') {
    if (message.points < 1) throw invalidInput(`config.${side}.points`, 'must be at least 1');
    return { kind: 'points', points: message.points };
  }
  const value = moneyOf(`config.${side}.value`, message.value);
  if (value === null) throw invalidInput(`config.${side}.value`, 'must be above zero');
  if (message.discount === 'percent' && value > 1_000_000n)
    throw invalidInput(`config.${side}.value`, 'must be at most 100 percent');
  return {
    kind: 'discount',
    discount: message.discount === 'percent' ? 'percent' : 'amount',
    value,
    minPurchase: moneyOf(`config.${side}.min_purchase`, message.minPurchase),
    expiresAfterDays: message.expiresAfterDays,
  };
}

function levelsFromMessage(message: ConfigMessage, advocate: SideReward): ReferralConfig['levels'] {
  if (message.tiers.length === 0) return [];
  if (advocate.kind !== 'points')
    throw invalidInput('config.tiers', 'need an advocate who gets points');
  if (message.tiers.length > MAX_LEVELS)
    throw invalidInput('config.tiers', `must be at most ${MAX_LEVELS}`);
  let before = { from: 1, points: advocate.points };
  return message.tiers.map(({ level, points }, index) => {
    if (level <= before.from)
      throw invalidInput(`config.tiers[${index}].level`, 'must be above the one before');
    if (points <= before.points)
      throw invalidInput(`config.tiers[${index}].points`, 'must be above the one before');
    before = { from: level, points };
    return before;
  });
}

function moneyOf(field: string, text: string): bigint | null {
  if (text === '') return null;
  const amount = parseAmount(text);
  if (amount === undefined || amount <= 0n)
    throw invalidInput(field, 'must be an amount above zero');
  return amount;
}

export function toReferralMessage(
  encryption: Encryption,
  merchantId: string,
  row: ListedReferral,
): Referral {
  return {
    referralId: row.referral_id,
    status: row.status,
    channel: row.type,
    advocate: personOf(encryption, merchantId, row, 'advocate'),
    friend: personOf(encryption, merchantId, row, 'friend'),
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    completedAt: row.completed_at?.toISOString() ?? '',
    reversedAt: row.reversed_at?.toISOString() ?? '',
    refusal: row.refusal ?? '',
    score: row.score,
    signals: [...(row.spoof_detection.reasons ?? [])],
    orderId: row.goal_order_id ?? '',
    orderName: row.order_name ?? '',
    decidedBy: row.decided_by ?? '',
    decidedAt: row.decided_at?.toISOString() ?? '',
    decision: row.decision ?? '',
    advocatePoints: row.advocate_points,
    friendPoints: row.friend_points,
    orderRisk: row.order_risk ?? '',
    goalAt: row.goal_at?.toISOString() ?? '',
    clickedAt: row.clicked_at?.toISOString() ?? '',
    undoneAt: row.undone_at?.toISOString() ?? '',
  };
}

function personOf(
  encryption: Encryption,
  merchantId: string,
  row: ListedReferral,
  side: ReferralSide,
): Person {
  const customerId = row[`${side}_customer_id`];
  const known = decryptMember(encryption, merchantId, customerId, {
    first_name: row[`${side}_first_name`],
    last_name: row[`${side}_last_name`],
    email: row[`${side}_email`],
  });
  return {
    customerId,
    name: wholeName(known),
    email: known.email,
  };
}
