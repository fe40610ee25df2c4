import { campaignSubject, type Campaign } from '../program/campaign-conditions.rules.ts';
import { factorText } from '../program/earning-config.rules.ts';
import { exactDecimal, floorPoints, formatAmount } from '../shared/money.rules.ts';
import {
  combine,
  multiply,
  ONE,
  type EarningContext,
  type Factor,
} from '../program/multipliers.rules.ts';
import { rateKept, type Program } from '../program/program.rules.ts';
import type { IdleReason, OrderFacts, RecordedEntry } from './settlement-facts.rules.ts';
import type { Absence } from '#vocabulary/customers.ts';
import type { Stacking } from '#vocabulary/earning.ts';
import type { OrderReasonCode } from '#vocabulary/ledger.ts';

/** The terms an order earns by, and what of them its lines in the ledger say. */

/** What an order earns by: today's rules until it is awarded, and the award's own from then on. */
export interface Terms {
  readonly rate: bigint;
  readonly per: bigint;
  readonly factor: bigint;
  readonly over: bigint;
  readonly source: string;
  readonly factors: readonly Factor[];
  readonly stacking: Stacking;
  /** The lines that earn nothing, and what they are worth. */
  readonly excluded: Readonly<Record<string, bigint>>;
  /** Ten-thousandths of the goods that can earn. */
  readonly goods: bigint;
  /** What of them earns: without what was added while the program was off. */
  readonly base: bigint;
  readonly campaigns: readonly Campaign[];
}

export function termsToday(facts: OrderFacts, program: Program, context: EarningContext): Terms {
  const { earning, rate, per } = program;
  const products = new Set(earning.excludedProducts.map(({ productId }) => productId));
  const excluded = Object.fromEntries(
    facts.lines
      .filter(
        ({ productId, isGiftCard }) =>
          products.has(productId) || (isGiftCard === true && !program.giftCardsEarn),
      )
      .map(({ lineId, worth }) => [lineId, worth]),
  );
  const goods = lessExcluded(facts.gross, excluded);
  const base = most(goods - facts.addedInPause, 0n);
  const { factors, campaigns } = multiply(earning, context, {
    orderedAt: facts.orderedAt,
    country: facts.country,
    base,
  });
  return {
    rate,
    per,
    ...combine(factors.filter(counts(facts)), earning.stacking),
    factors,
    stacking: earning.stacking,
    excluded,
    goods,
    base,
    campaigns,
  };
}

/** Whether an order is its customer's first is known for certain only with time: orders arrive in any order. */
const counts =
  ({ isFirst }: OrderFacts) =>
  ({ source }: Factor): boolean =>
    source !== 'first_purchase_24h' || isFirst;

/** Lines that an edit added are excluded with the product they are of. */
export function termsOf(facts: OrderFacts, award: RecordedEntry, program: Program): Terms {
  const recorded = award.excluded ?? {};
  const products = new Set(
    facts.lines.filter(({ lineId }) => lineId in recorded).map(({ productId }) => productId),
  );
  const excluded =
    facts.lines.length === 0
      ? recorded
      : Object.fromEntries(
          facts.lines
            .filter(({ lineId, productId }) => lineId in recorded || products.has(productId))
            .map(({ lineId, worth }) => [lineId, worth]),
        );
  const goods = lessExcluded(facts.gross, excluded);
  const { factors, stacking = 'highest' } = award;
  return {
    rate: award.rate ?? program.rate,
    per: award.rate === undefined ? program.per : (award.per ?? 1n),
    ...(factors === undefined
      ? {
          factor: award.multiplier ?? ONE,
          over: award.multiplierOver ?? 1n,
          source: award.multiplierSource ?? '',
        }
      : combine(factors.filter(counts(facts)), stacking)),
    factors: factors ?? [],
    stacking,
    excluded,
    goods,
    base: most(goods - facts.addedInPause, 0n),
    campaigns: [],
  };
}

export function lessExcluded(gross: bigint, excluded: Terms['excluded']): bigint {
  return most(
    Object.values(excluded).reduce((left, worth) => left - worth, gross),
    0n,
  );
}

/** As the order's own verdict, which outlives the tag. */
export const absenceReasons = {
  tag: 'excluded_customer',
  company: 'excluded_company',
} as const satisfies Record<Absence, IdleReason>;

export function whyNoAward(
  facts: OrderFacts,
  program: Program,
  context: EarningContext | null,
): IdleReason | undefined {
  // A refund can arrive before its order: nothing is known of a customer yet.
  if (context === null && !facts.isKnown) return 'order_unknown';
  if (facts.owner === null) return 'no_customer';
  if (facts.isOwnerErased) return 'redacted_customer';
  if (facts.absence !== null) return absenceReasons[facts.absence];
  if (facts.isTest && !program.testOrdersEarn) return 'test_order';
  if (facts.isHistorical) return 'historical';
  if (facts.isForeign) return 'foreign_currency';
  if (facts.isCancelled) return 'cancelled';
  if (facts.isGivenBack) return 'order_refunded';
  if (!program.isActive || facts.isFromPause) return 'program_inactive';
  if (!program.isPurchaseEnabled) return 'purchases_off';
  if (program.awardOn === 'paid' && !facts.isPaid) return 'not_paid';
  if (context === null) return 'nothing_new';
  if (program.earning.participants === 'accounts' && !context.hasAccount) return 'no_account';
  return undefined;
}

/** What an award or an edit stores, so that a refund or a question years later is answered from its line. */
export function earningTerms(
  reason: OrderReasonCode,
  { base, rate, per, factor, over, source, excluded }: Terms,
  version: number,
) {
  return {
    reason_code: reason,
    base: formatAmount(base),
    rate: rateKept({ rate, per }),
    multiplier: exactDecimal(factor, over),
    ...(source !== '' && { multiplier_source: source }),
    ...(Object.keys(excluded).length > 0 && {
      excluded: Object.fromEntries(
        Object.entries(excluded).map(([lineId, worth]) => [lineId, formatAmount(worth)]),
      ),
    }),
    rounding: 'floor',
    rule_version: version,
  };
}

/** Who the member was when the order was awarded: other rules can be tried on it later. */
export function contextTerms(
  { campaigns, factors, stacking }: Terms,
  context: EarningContext,
  isFirst: boolean,
) {
  const [largest] = campaigns;
  return {
    ...(context.segments.length > 0 && { segments: context.segments }),
    ...(context.tierId !== null && { tier_id: context.tierId }),
    ...(context.tierFactor !== null && { tier_multiplier: factorText(context.tierFactor) }),
    ...(largest !== undefined && {
      campaign_ids: campaigns.map(({ campaignId }) => campaignId),
      campaign_multiplier: factorText(largest.multiplier),
      subject: campaignSubject(largest),
    }),
    ...(factors.length > 0 && {
      factors: Object.fromEntries(
        factors.map(({ source, factor }) => [source, factorText(factor)]),
      ),
      stacking,
    }),
    ...(context.isFirstPurchase && isFirst && { first_purchase: true }),
  };
}

/** Points for an amount of goods, rounded down once. */
export const pointsFor = (amount: bigint, { rate, per, factor, over }: Terms): bigint =>
  floorPoints(amount, rate, factor, per * over);

const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
