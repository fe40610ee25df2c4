import { basicDiscount, freeShipping } from '#app/features/redemptions/discount-input.ts';
import { expiryOf, codeOf, earlier, type Price } from '#core/rewards/redemption.rules.ts';
import {
  configOf,
  shortAmount,
  toRewardMessage,
  type Reward,
} from '#core/rewards/rewards.rules.ts';
import { formatAmount } from '#core/shared/money.rules.ts';
import { buildDiscount } from '#e2e/shopify/admin-graphql/resolvers/discount-input.ts';
import { gid } from '#e2e/shopify/state.ts';
import type { GiftKind } from '#vocabulary/rewards.ts';
import { DAY, MINUTE } from './calendar.ts';
import { Dice, idOf, timedIdOf } from './dice.ts';
import { markForReview } from './record-orders.ts';
import type { Life, Member, RedemptionState } from './state.ts';

/** As core holds points for a redemption. */
const HOLD_MS = DAY - MINUTE;
const unused = { createdAt: null, updatedAt: null, redeemed: 0, used: 0, pointsSpent: 0 };

interface Promise {
  readonly key: string;
  readonly reward: Reward;
  readonly value: bigint | null;
  readonly points: number;
  readonly gift?: GiftKind;
  readonly campaignId?: string;
  readonly tierId?: string;
  /** Good no longer than this, whatever the reward says. */
  readonly endsAt?: Date | null;
}

/** A member's points for a code, from the hold to the discount at Shopify. */
export function redeem(
  life: Life,
  member: Member,
  reward: Reward,
  price: Price,
  at: number,
): RedemptionState {
  const nth = member.redemptions.length + 1;
  const key = `${member.customerId}/${idOf(`${life.seed} attempt ${member.person.n} ${nth}`)}`;
  const made = promise(life, member, { key, reward, value: price.value, points: price.points }, at);
  markForReview(life, member, made.completed_at);
  return made;
}

/** Like a redemption, but free. */
export const giveGift = (life: Life, member: Member, gift: Omit<Promise, 'points'>, at: number) =>
  promise(life, member, { ...gift, points: 0 }, at);

function promise(life: Life, member: Member, promised: Promise, at: number): RedemptionState {
  const { reward, points, value } = promised;
  const redemptionId = idOf(`${life.seed} redemption ${promised.key}`);
  const dice = new Dice(redemptionId);
  const completedAt = at + dice.whole(900, 3_200);
  const code = codeOf(
    reward.kind,
    reward.codePrefix,
    life.blindIndex.codeSeed(life.rules.merchantId, redemptionId),
  );
  const expiresAt =
    promised.gift === undefined
      ? expiryOf(reward, new Date(at))
      : earlier(expiryOf(reward, new Date(at)), promised.endsAt ?? null);
  const holdId = points === 0 ? null : timedIdOf(at, `${redemptionId} hold`);
  const discountId = makeDiscount(life, member, promised, {
    redemptionId,
    code,
    at,
    completedAt,
    expiresAt,
  });
  const redemption: RedemptionState = {
    redemption_id: redemptionId,
    customer_id: member.customerId,
    reward_id: reward.rewardId === '' ? null : reward.rewardId,
    campaign_id: promised.campaignId ?? null,
    tier_id: promised.tierId ?? null,
    gift: promised.gift ?? null,
    hold_id: holdId,
    points_spent: points,
    code,
    currency: reward.discount === 'amount' && value !== null ? reward.currency : null,
    value: value === null ? null : formatAmount(value),
    expires_at: expiresAt?.getTime() ?? null,
    idempotency_key: promised.key,
    terms: termsOf(reward),
    created_at: at,
    completed_at: completedAt,
    transaction_id:
      holdId === null ? null : spend(life, member, redemptionId, holdId, promised, at, completedAt),
    discountId,
    status: 'completed',
    used_order_id: null,
    used_at: null,
    returned_at: null,
  };
  member.redemptions.push(redemption);
  return redemption;
}

/** The hold and, once the code is there, its debit. @returns the debit's id */
function spend(
  life: Life,
  member: Member,
  redemptionId: string,
  holdId: string,
  { reward, points }: Promise,
  at: number,
  completedAt: number,
): string {
  const entry = member.ledger.debit({
    at: completedAt,
    points,
    key: `hold/${holdId}`,
    type: 'redeem',
    source: 'redemption',
    metadata: {
      reason_code: 'redeemed',
      redemption_id: redemptionId,
      subject: reward.title,
    },
  });
  life.holds.push({
    hold_id: holdId,
    customer_id: member.customerId,
    points,
    idempotency_key: `redemption/${redemptionId}`,
    transaction_id: entry.transaction_id,
    expires_at: at + HOLD_MS,
    created_at: at,
    settled_at: completedAt,
  });
  member.changedAt = completedAt;
  return entry.transaction_id;
}

/** What was promised, as it stood then. */
const termsOf = (reward: Reward) => ({
  kind: reward.kind,
  channel: reward.channel,
  title: reward.title,
  discount: reward.discount,
  ...(reward.discount === 'percent' &&
    reward.value !== null && { percent: shortAmount(reward.value, 'percent') }),
  config: configOf(reward),
});

/** The discount that the app asks Shopify for, made as Shopify makes it of that very input. */
function makeDiscount(
  { world }: Life,
  { customer }: Member,
  { reward, value, points }: Promise,
  made: {
    readonly redemptionId: string;
    readonly code: string;
    readonly at: number;
    readonly completedAt: number;
    readonly expiresAt: Date | null;
  },
): number {
  world.clock.at = made.completedAt;
  const promised = {
    terms: toRewardMessage({ ...reward, value, mode: 'fixed' }, unused),
    code: made.code,
    shopifyCustomerId: String(customer.id),
    startsAt: new Date(made.at).toISOString(),
    expiresAt: made.expiresAt?.toISOString() ?? '',
    redemptionId: made.redemptionId,
    points,
  };
  const isShipping = reward.kind === 'free_shipping';
  const discount = buildDiscount(
    world,
    isShipping ? 'freeShippingCodeDiscount' : 'basicCodeDiscount',
    isShipping ? 'DiscountCodeFreeShipping' : 'DiscountCodeBasic',
    isShipping ? freeShipping(promised) : basicDiscount(promised),
  );
  if (Array.isArray(discount)) throw new Error(`Shopify refuses ${made.code}`);
  world.data.discounts.set(discount.id, discount);
  return discount.id;
}

export const discountGid = ({ discountId }: RedemptionState): string =>
  gid('DiscountCodeNode', discountId);

/** An unused code goes back: it is switched off at Shopify, and its points return to the lots they came from. */
export function returnCode(life: Life, member: Member, redemption: RedemptionState, at: number) {
  const entry = member.ledger.entries.find(
    ({ transaction_id }) => transaction_id === redemption.transaction_id,
  );
  const discount = life.world.data.discounts.get(redemption.discountId);
  if (entry === undefined || discount === undefined) return;
  const reward = life.rules.rewards.find(({ rewardId }) => rewardId === redemption.reward_id);
  life.world.clock.at = at;
  discount.endsAt = life.world.clock.iso();
  discount.updatedAt = life.world.clock.iso();
  member.ledger.reverse(entry, {
    at,
    key: `reversal/${entry.transaction_id}`,
    source: 'redemption',
    metadata: {
      reason_code: 'redemption_returned',
      redemption_id: redemption.redemption_id,
      subject: reward?.title,
    },
  });
  redemption.status = 'returned';
  redemption.returned_at = at;
  member.changedAt = at;
}

/** Whether a code can be used now. */
export const isLive = (redemption: RedemptionState, at: number): boolean =>
  redemption.status === 'completed' &&
  redemption.used_order_id === null &&
  redemption.completed_at <= at &&
  (redemption.expires_at === null || redemption.expires_at > at);
