import { campaignFromRow } from '../program/campaign-conditions.rules.ts';
import { jsonObject, textsOf } from '../shared/stored-json.rules.ts';
import { decimalOf } from '../program/earning.rules.ts';
import { NO_CONTEXT, type EarningContext } from '../program/multipliers.rules.ts';
import type { Program } from '../program/program.rules.ts';
import type { OrderFacts } from '../orders/settlement-facts.rules.ts';
import { settle } from '../orders/settlement.rules.ts';

/**
 * Simulates other rules on past orders: they are settled again, by the same rules as when they came, for the member
 * as they were then. Rules that have not changed give, order by order, what the ledger has.
 */

/** An order of the past, all that is known of it, and what the ledger made of it. */
export interface PastOrder {
  readonly facts: OrderFacts;
  readonly customerId: string | null;
  /** The sum of the order's entries. */
  readonly recorded: number;
  /** What its award stored; null when it has none. */
  readonly terms: unknown;
  readonly hasAccount: boolean;
  /** Whether it was the member's first within 24 hours, as far as that is known without its award. */
  readonly isFirst: boolean;
}

/** What the order would have given by these rules. */
export function replay(order: PastOrder, draft: Program, current: Program): number {
  const settlement = settle(order.facts, [], draft, contextThen(order, current));
  return settlement.kind === 'post'
    ? settlement.entries.reduce((sum, { points }) => sum + points, 0)
    : 0;
}

/** Who the member was when the order was awarded, from the award's own line. */
export function contextThen(
  { terms, hasAccount, isFirst }: PastOrder,
  { earning }: Program,
): EarningContext {
  // Where only accounts earn, what earned nothing had none.
  const isMember = earning.participants === 'accounts' ? terms !== null : hasAccount;
  if (terms === null) return { ...NO_CONTEXT, hasAccount: isMember, isFirstPurchase: isFirst };
  const line = jsonObject(terms);
  const [campaignId] = textsOf(line['campaign_ids']);
  const tierId = line['tier_id'];
  return {
    hasAccount: isMember,
    segments: textsOf(line['segments']),
    tierId: typeof tierId === 'string' ? tierId : null,
    tierFactor: decimalOf(line['tier_multiplier']) ?? null,
    // While the rule is on, the awards say; before that, the orders do.
    isFirstPurchase: earning.firstPurchase.isEnabled ? line['first_purchase'] === true : isFirst,
    campaigns: campaignId === undefined ? [] : [campaignThen(campaignId, line)],
  };
}

/** The campaigns that applied, as one: only the largest counts, and that it applied was decided then. */
const campaignThen = (campaignId: string, line: Readonly<Record<string, unknown>>) =>
  campaignFromRow({
    campaign_id: campaignId,
    name: '',
    type: 'double_points',
    status: 'ended',
    start_date: null,
    end_date: null,
    multiplier: String(line['campaign_multiplier']),
    conditions: {},
    reward: {},
  });

/** Points in money, in ten-thousandths: `amount` for every `cost` points, rounded down. */
export function worthOf(points: number, cost: number, amount: bigint): bigint {
  return cost <= 0 ? 0n : (BigInt(points) * amount) / BigInt(cost);
}

export interface MemberSums {
  readonly customerId: string;
  recorded: number;
  simulated: number;
}

/** Sums as orders come. */
export class SimulationSums {
  readonly months = new Map<string, { orders: number; recorded: number; simulated: number }>();
  readonly members = new Map<string, MemberSums>();
  orders = 0;
  recorded = 0;
  simulated = 0;

  add(month: string, { customerId, recorded }: PastOrder, simulated: number): void {
    this.orders += 1;
    this.recorded += recorded;
    this.simulated += simulated;
    const sums = this.months.get(month) ?? { orders: 0, recorded: 0, simulated: 0 };
    sums.orders += 1;
    sums.recorded += recorded;
    sums.simulated += simulated;
    this.months.set(month, sums);
    if (customerId === null) return;
    const member = this.members.get(customerId) ?? { customerId, recorded: 0, simulated: 0 };
    member.recorded += recorded;
    member.simulated += simulated;
    this.members.set(customerId, member);
  }

  /** Those for whom it makes the largest difference, and how many there are. */
  moved(direction: 1 | -1, atMost: number): { count: number; top: MemberSums[] } {
    const difference = (member: MemberSums) => direction * (member.simulated - member.recorded);
    const all = [...this.members.values()].filter((member) => difference(member) > 0);
    const top = all
      .sort((a, b) => difference(b) - difference(a) || (a.customerId < b.customerId ? -1 : 1))
      .slice(0, atMost);
    return { count: all.length, top };
  }
}
