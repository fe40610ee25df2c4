import { permissionsMissing } from '../../proto/shared/permissions.rules.ts';
import { MAX_ENTRY_POINTS } from '../ledger/limits.rules.ts';
import type { Reward as RewardMessage } from '#proto/points/v1/rewards.ts';
import { revisionOf } from '../shared/revision.rules.ts';
import { countOf, jsonObject, textOf, textsOf } from '../shared/stored-json.rules.ts';
import type { Json } from '../shared/stored-json.rules.ts';
import { dollarIn } from '../shared/currency-size.rules.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import {
  REWARD_KINDS,
  type RewardChannel,
  type RewardDiscount,
  type RewardKind,
  type RewardMode,
  type RewardStatus,
  type RewardTarget,
} from '#vocabulary/rewards.ts';

export interface Reward {
  readonly rewardId: string;
  readonly kind: RewardKind;
  readonly channel: RewardChannel;
  readonly status: RewardStatus;
  readonly title: Readonly<Record<string, string>>;
  readonly description: Readonly<Record<string, string>>;
  readonly pointsCost: number;
  /** Ten-thousandths of the shop's currency, or of a per cent; of one step when incremental. Null: no value. */
  readonly value: bigint | null;
  readonly currency: string;
  readonly discount: RewardDiscount;
  readonly mode: RewardMode;
  readonly minPoints: number;
  readonly maxPoints: number;
  readonly appliesTo: RewardTarget;
  readonly collectionId: string;
  readonly productId: string;
  readonly variantId: string;
  readonly targetTitle: string;
  readonly maxShipping: bigint | null;
  readonly minPurchase: bigint | null;
  readonly codePrefix: string;
  readonly combinesWith: {
    readonly order: boolean;
    readonly product: boolean;
    readonly shipping: boolean;
  };
  readonly expiresAfterDays: number;
  readonly tierIds: readonly string[];
  readonly segments: readonly string[];
  readonly iconUrl: string;
  readonly position: number;
}

/** What each kind may and must have. */
interface KindRule {
  /** What its value is; null: it has none. */
  readonly value: RewardDiscount | 'either' | null;
  readonly mayBeIncremental: boolean;
  /** A code for the checkout, which can be limited, combined and returned. */
  readonly isCode: boolean;
  readonly mayBePos: boolean;
}

export const kindRules: Readonly<Record<RewardKind, KindRule>> = {
  amount_off: { value: 'amount', mayBeIncremental: true, isCode: true, mayBePos: true },
  percent_off: { value: 'percent', mayBeIncremental: false, isCode: true, mayBePos: true },
  free_shipping: { value: null, mayBeIncremental: false, isCode: true, mayBePos: false },
  free_product: { value: null, mayBeIncremental: false, isCode: true, mayBePos: false },
  coupon: { value: 'either', mayBeIncremental: false, isCode: true, mayBePos: false },
  cashback: { value: 'amount', mayBeIncremental: false, isCode: false, mayBePos: false },
  store_credit: { value: 'amount', mayBeIncremental: true, isCode: false, mayBePos: false },
  gift_card: { value: 'amount', mayBeIncremental: true, isCode: false, mayBePos: false },
};

export const isKind = (text: string): text is RewardKind =>
  (REWARD_KINDS as readonly string[]).includes(text);

/**
 * The permissions that a shop lacks for a kind of reward.
 * @param granted as the shop's session has them, separated by commas; null: unknown, so nothing is held back
 */
export const missingPermissions = (kind: RewardKind, granted: string | null): readonly string[] =>
  granted === null
    ? []
    : permissionsMissing(kind, new Set(granted.split(',').map((scope) => scope.trim())));

/** Bounds beyond which a typing mistake is more likely than a wish. */
export const REWARD_LIMITS = {
  maxPointsCost: MAX_ENTRY_POINTS,
  maxPercent: 100n * 10_000n,
  maxExpiryDays: 3_650,
  maxRewards: 100,
} as const;

/** The most that an amount of a reward can be: about a million dollars' worth, and a million at least. */
export function maxAmount(currency: string): bigint {
  const dollar = dollarIn(currency);
  return 1_000_000n * (dollar > 10_000n ? dollar : 10_000n);
}

export const DEFAULT_PREFIX = 'LN';

const words = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(jsonObject(value)).filter(
      (entry): entry is [string, string] => textOf(entry[1]) !== '',
    ),
  );
const amountOrNull = (value: unknown): bigint | null => parseAmount(textOf(value)) ?? null;

/** What of a reward is stored in `rewards.config`. */
export function rewardFromStored(stored: {
  readonly reward_id: string;
  readonly type: string;
  readonly channel: string;
  readonly status: string;
  readonly title: unknown;
  readonly points_cost: number;
  readonly value: string | null;
  readonly currency: string | null;
  readonly config: unknown;
  readonly icon_url: string | null;
}): Reward {
  const config = jsonObject(stored.config);
  const combines = jsonObject(config['combines_with']);
  const kind = isKind(stored.type) ? stored.type : 'amount_off';
  return {
    rewardId: stored.reward_id,
    kind,
    channel: stored.channel === 'pos' ? 'pos' : 'online',
    status:
      stored.status === 'active' ? 'active' : stored.status === 'deleted' ? 'deleted' : 'disabled',
    title: words(stored.title),
    description: words(config['description']),
    pointsCost: stored.points_cost,
    value: stored.value === null ? null : (parseAmount(stored.value) ?? null),
    currency: stored.currency ?? '',
    discount: config['discount'] === 'percent' || kind === 'percent_off' ? 'percent' : 'amount',
    mode: config['mode'] === 'incremental' ? 'incremental' : 'fixed',
    minPoints: countOf(config['min_points']),
    maxPoints: countOf(config['max_points']),
    appliesTo: config['applies_to'] === 'collection' ? 'collection' : 'order',
    collectionId: textOf(config['collection_id']),
    productId: textOf(config['product_id']),
    variantId: textOf(config['variant_id']),
    targetTitle: textOf(config['target_title']),
    maxShipping: amountOrNull(config['max_shipping']),
    minPurchase: amountOrNull(config['min_purchase']),
    codePrefix: textOf(config['code_prefix']) || DEFAULT_PREFIX,
    combinesWith: {
      order: combines['order'] === true,
      product: combines['product'] === true,
      shipping: combines['shipping'] === true,
    },
    expiresAfterDays: countOf(config['expires_after_days']),
    tierIds: textsOf(config['tier_ids']),
    segments: textsOf(config['segments']),
    iconUrl: stored.icon_url ?? '',
    position: countOf(config['position']),
  };
}

/** The part of a reward that has no column of its own. */
export function configOf(reward: Reward): Json {
  return {
    mode: reward.mode,
    applies_to: reward.appliesTo,
    combines_with: reward.combinesWith,
    code_prefix: reward.codePrefix,
    expires_after_days: reward.expiresAfterDays,
    tier_ids: reward.tierIds,
    segments: reward.segments,
    position: reward.position,
    description: reward.description,
    ...(reward.kind === 'coupon' && { discount: reward.discount }),
    ...(reward.minPoints > 0 && { min_points: reward.minPoints }),
    ...(reward.maxPoints > 0 && { max_points: reward.maxPoints }),
    ...(reward.collectionId && { collection_id: reward.collectionId }),
    ...(reward.productId && { product_id: reward.productId }),
    ...(reward.variantId && { variant_id: reward.variantId }),
    ...(reward.targetTitle && { target_title: reward.targetTitle }),
    ...(reward.maxShipping !== null && { max_shipping: formatAmount(reward.maxShipping) }),
    ...(reward.minPurchase !== null && { min_purchase: formatAmount(reward.minPurchase) }),
  };
}

/** What an editor of the reward can change; its place in the list is changed elsewhere. */
export const rewardRevision = (reward: Reward): string => revisionOf({ ...reward, position: 0 });

export function toRewardMessage(
  reward: Reward,
  stored: {
    readonly createdAt: Date | null;
    readonly updatedAt: Date | null;
    readonly redeemed: number;
    readonly used: number;
    readonly pointsSpent: number;
  },
): RewardMessage {
  return {
    revision: rewardRevision(reward),
    rewardId: reward.rewardId,
    kind: reward.kind,
    channel: reward.channel,
    status: reward.status,
    title: { ...reward.title },
    description: { ...reward.description },
    pointsCost: reward.pointsCost,
    value: reward.value === null ? '' : shortAmount(reward.value, reward.discount),
    currency: reward.currency,
    discount: reward.discount,
    mode: reward.mode,
    minPoints: reward.minPoints,
    maxPoints: reward.maxPoints,
    appliesTo: reward.appliesTo,
    collectionId: reward.collectionId,
    productId: reward.productId,
    variantId: reward.variantId,
    targetTitle: reward.targetTitle,
    maxShipping: reward.maxShipping === null ? '' : formatAmount(reward.maxShipping),
    minPurchase: reward.minPurchase === null ? '' : formatAmount(reward.minPurchase),
    codePrefix: reward.codePrefix,
    combinesWith: { ...reward.combinesWith },
    expiresAfterDays: reward.expiresAfterDays,
    tierIds: [...reward.tierIds],
    segments: [...reward.segments],
    iconUrl: reward.iconUrl,
    position: reward.position,
    createdAt: stored.createdAt?.toISOString() ?? '',
    updatedAt: stored.updatedAt?.toISOString() ?? '',
    redeemed: stored.redeemed,
    used: stored.used,
    pointsSpent: stored.pointsSpent,
  };
}

/** `5.00` of money, `12.5` of per cent. */
export const shortAmount = (value: bigint, discount: RewardDiscount): string =>
  discount === 'percent' ? formatAmount(value).replace(/\.?0+$/, '') : formatAmount(value);

export interface RewardProblem {
  readonly field: string;
  readonly message: string;
}

const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits ?? 2;

/** Whether the currency has a coin for the amount; Shopify refuses what it has none for. */
export function fitsCurrency(value: bigint, currency: string): boolean {
  return value % 10n ** BigInt(4 - Math.min(4, decimalsOf(currency))) === 0n;
}

const wholeBetween = (value: number, low: number, high: number): boolean =>
  Number.isSafeInteger(value) && value >= low && value <= high;

/**
 * Reads a reward from a message, keeping of it what its kind has a use for.
 * @returns the problem with the first field that is out of bounds
 */
export function rewardFromMessage(
  message: RewardMessage,
  known: { readonly currency: string; readonly position: number; readonly rewardId: string },
): Reward | RewardProblem {
  const { kind } = message;
  if (!isKind(kind)) return problem('kind', 'is not a kind of reward');
  const rule = kindRules[kind];
  if (message.channel === 'pos' && !rule.mayBePos)
    return problem('channel', 'this kind is for the online shop');
  if (!message.title['en']?.trim()) return problem('title', 'needs words in English');
  if (!wholeBetween(message.pointsCost, 1, REWARD_LIMITS.maxPointsCost))
    return problem('points_cost', `a whole number from 1 to ${MAX_ENTRY_POINTS}`);
  const discount =
    rule.value === 'either'
      ? message.discount === 'percent'
        ? 'percent'
        : 'amount'
      : (rule.value ?? 'amount');
  const value = valueOf(message, rule, discount, known.currency);
  if (typeof value === 'object' && value !== null) return value;
  const mode = rule.mayBeIncremental && message.mode === 'incremental' ? 'incremental' : 'fixed';
  const bounds = mode === 'incremental' ? stepProblem(message) : undefined;
  if (bounds) return bounds;
  const limits = limitsOf(message, kind, rule, known.currency);
  if ('field' in limits) return limits;
  const combines = message.combinesWith;
  return {
    ...limits,
    rewardId: known.rewardId,
    kind,
    channel: message.channel === 'pos' ? 'pos' : 'online',
    status: message.status === 'disabled' ? 'disabled' : 'active',
    title: trimmed(message.title),
    description: trimmed(message.description),
    pointsCost: message.pointsCost,
    value,
    currency: known.currency,
    discount,
    mode,
    minPoints: mode === 'incremental' ? message.minPoints : 0,
    maxPoints: mode === 'incremental' ? message.maxPoints : 0,
    combinesWith: {
      order: rule.isCode && combines?.order === true,
      product: rule.isCode && combines?.product === true,
      // Shopify has no two shipping discounts in one cart.
      shipping: rule.isCode && kind !== 'free_shipping' && combines?.shipping === true,
    },
    tierIds: message.tierIds,
    segments: message.segments,
    iconUrl: message.iconUrl,
    position: known.position,
  };
}

function problem(field: string, message: string): RewardProblem {
  return { field: `reward.${field}`, message };
}

const trimmed = (map: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(map)
      .map(([language, value]) => [language, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );

function valueOf(
  message: RewardMessage,
  rule: KindRule,
  discount: RewardDiscount,
  currency: string,
): bigint | null | RewardProblem {
  if (rule.value === null) return null;
  const value = parseAmount(message.value);
  if (value === undefined || value <= 0n) return problem('value', 'a number above 0');
  if (discount === 'percent') {
    if (value > REWARD_LIMITS.maxPercent || value % 100n !== 0n)
      return problem('value', 'at most 100, with at most two decimals');
    return value;
  }
  if (value > maxAmount(currency) || !fitsCurrency(value, currency))
    return problem('value', `an amount of ${currency} of at most ${maxAmount(currency) / 10_000n}`);
  return value;
}

function stepProblem(message: RewardMessage): RewardProblem | undefined {
  const { pointsCost, minPoints, maxPoints } = message;
  for (const [field, points] of [
    ['min_points', minPoints],
    ['max_points', maxPoints],
  ] as const) {
    if (!wholeBetween(points, 0, REWARD_LIMITS.maxPointsCost) || points % pointsCost !== 0)
      return problem(field, 'a multiple of the cost of one step');
  }
  if (maxPoints > 0 && maxPoints < Math.max(minPoints, pointsCost))
    return problem('max_points', 'not less than the least');
  return undefined;
}

type Limits = Pick<
  Reward,
  | 'appliesTo'
  | 'collectionId'
  | 'productId'
  | 'variantId'
  | 'targetTitle'
  | 'maxShipping'
  | 'minPurchase'
  | 'codePrefix'
  | 'expiresAfterDays'
>;

function limitsOf(
  message: RewardMessage,
  kind: RewardKind,
  rule: KindRule,
  currency: string,
): Limits | RewardProblem {
  const mayBeLimited = rule.isCode && kind !== 'free_shipping';
  const appliesTo = mayBeLimited && message.appliesTo === 'collection' ? 'collection' : 'order';
  if (appliesTo === 'collection' && !message.collectionId)
    return problem('collection_id', 'a collection is needed');
  if (kind === 'free_product' && !message.variantId)
    return problem('variant_id', 'a product is needed');
  const money = (field: string, given: string): bigint | null | RewardProblem => {
    if (given === '') return null;
    const value = parseAmount(given);
    if (
      value === undefined ||
      value <= 0n ||
      value > maxAmount(currency) ||
      !fitsCurrency(value, currency)
    )
      return problem(field, `an amount of ${currency} above 0`);
    return value;
  };
  const maxShipping = kind === 'free_shipping' ? money('max_shipping', message.maxShipping) : null;
  if (typeof maxShipping === 'object' && maxShipping !== null) return maxShipping;
  const minPurchase = rule.isCode ? money('min_purchase', message.minPurchase) : null;
  if (typeof minPurchase === 'object' && minPurchase !== null) return minPurchase;
  const codePrefix = message.codePrefix.trim().toUpperCase() || DEFAULT_PREFIX;
  if (!/^[A-Z0-9]{1,10}$/.test(codePrefix))
    return problem('code_prefix', 'one to ten letters and digits');
  if (!wholeBetween(message.expiresAfterDays, 0, REWARD_LIMITS.maxExpiryDays))
    return problem('expires_after_days', 'a whole number of days from 0 to 3650');
  const hasTarget = appliesTo === 'collection' || kind === 'free_product';
  return {
    appliesTo,
    collectionId: appliesTo === 'collection' ? message.collectionId : '',
    productId: kind === 'free_product' ? message.productId : '',
    variantId: kind === 'free_product' ? message.variantId : '',
    targetTitle: hasTarget ? message.targetTitle : '',
    maxShipping,
    minPurchase,
    codePrefix,
    expiresAfterDays: message.expiresAfterDays,
  };
}
