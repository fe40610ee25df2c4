import type { RecordedEntry } from '#core/orders/settlement-facts.rules.ts';
import type { StoredRefund } from '#core/orders/orders.store.ts';
import type { Campaign, CampaignRow } from '#core/program/campaign-conditions.rules.ts';
import type { Program } from '#core/program/program.rules.ts';
import type { AovState } from '#core/rfm/aov.rules.ts';
import type { RfmConfig } from '#core/rfm/rfm-config.rules.ts';
import type { Reward } from '#core/rewards/rewards.rules.ts';
import type { StoredProgress } from '#core/tiers/tiers.store.ts';
import type { StoredTierSet } from '#core/tiers/tier-set.rules.ts';
import type { Grant } from '#core/campaigns/campaign-grants.rules.ts';
import type { BlindIndex } from '#core/shared/blind-index.ts';
import type { QuietWorld } from '#e2e/shopify/quiet-world.ts';
import type { Customer } from '#e2e/shopify/state.ts';
import type { LifecycleStage } from '#vocabulary/segments.ts';
import type { ShopCalendar } from './calendar.ts';
import type { MemberLedger } from './member-ledger.ts';
import type { Person } from './people.ts';

/** What the shop's year is lived by. */
export interface ShopRules {
  readonly merchantId: string;
  readonly currency: string;
  readonly joinedAt: Date;
  readonly program: Program;
  readonly programConfig: unknown;
  readonly rfm: RfmConfig;
  readonly rewards: readonly Reward[];
  readonly tierSet: StoredTierSet;
  /** In minor units: what delivery costs, and what is paid back to say sorry. */
  readonly shippingPrices: readonly number[];
  readonly goodwill: number;
  readonly campaigns: readonly { readonly row: CampaignRow; readonly campaign: Campaign }[];
}

/** An order as `orders` keeps it, with what settling it needs. */
export interface OrderState {
  readonly shopifyId: number;
  readonly orderId: string;
  readonly member: Member | null;
  row: OrderRow;
  /** When it was placed, in milliseconds, and what counts of it, in ten-thousandths. */
  readonly orderedAt: number;
  net: bigint;
  readonly recorded: RecordedEntry[];
}

/** A line of `orders` without its tenant; times in ISO 8601. */
export interface OrderRow {
  customer_id: string | null;
  shopify_order_id: string;
  name: string | null;
  subtotal: string;
  gross_subtotal: string;
  total: string;
  current_total: string | null;
  tax: string | null;
  taxes_included: boolean;
  refunded: string;
  currency: string;
  presentment_currency: string | null;
  financial_status: string | null;
  channel: string;
  ordered_at: string;
  paid_at: string | null;
  paid_told_at: string | null;
  cancelled_at: string | null;
  source_updated_at: string;
  observed_at: string | null;
  refunds: Readonly<Record<string, StoredRefund>>;
  line_items: readonly unknown[];
  country: string | null;
  edits: (readonly [string, string])[];
  counts: boolean;
  redemption_id: string | null;
  created_at: string;
  updated_at: string;
}

/** A line of `reward_redemptions` without its tenant; times in milliseconds. */
export interface RedemptionState {
  readonly redemption_id: string;
  readonly customer_id: string;
  readonly reward_id: string | null;
  readonly campaign_id: string | null;
  readonly tier_id: string | null;
  readonly gift: string | null;
  readonly hold_id: string | null;
  readonly points_spent: number;
  readonly code: string;
  readonly currency: string | null;
  readonly value: string | null;
  readonly expires_at: number | null;
  readonly idempotency_key: string;
  readonly terms: unknown;
  readonly created_at: number;
  readonly completed_at: number;
  readonly transaction_id: string | null;
  readonly discountId: number;
  status: 'completed' | 'returned';
  used_order_id: string | null;
  used_at: string | null;
  returned_at: number | null;
}

export interface HoldRow {
  readonly hold_id: string;
  readonly customer_id: string;
  readonly points: number;
  readonly idempotency_key: string;
  readonly transaction_id: string;
  readonly expires_at: number;
  readonly created_at: number;
  readonly settled_at: number;
}

export interface GrantState extends Grant {
  orders: number;
  spend: bigint;
  points: number;
  isTakenBack: boolean;
  takenBackAt: number | null;
}

/** A multiplied order, as campaign_grants counts it. */
export interface MultipliedRow {
  readonly campaignId: string;
  readonly customerId: string;
  readonly orderId: string;
  readonly grantedAt: number;
  points: number;
  spend: bigint;
  takenBackAt: number | null;
}

export interface Member {
  readonly person: Person;
  readonly customerId: string;
  readonly customer: Customer;
  readonly ledger: MemberLedger;
  readonly createdAt: number;
  readonly orders: OrderState[];
  readonly redemptions: RedemptionState[];
  readonly grants: GrantState[];
  hasAccount: boolean;
  consentAt: number | null;
  birthday: { readonly monthDay: string; readonly at: number } | null;
  tags: Record<string, { name: string; isSet: boolean; at: string }>;
  score: ScoreJson | null;
  segments: readonly string[] | null;
  stage: LifecycleStage | null;
  tierId: string | null;
  progress: Partial<StoredProgress>;
  isReviewDue: boolean;
  changedAt: number;
  /** What the orders come to, until one of them changes. */
  sums: Sums | null;
  /** By which sums and which average order value the score was last worked out. */
  scoredBy: string;
  /** The shop's year of the last look at the tier. */
  tierYear: number;
}

/** What a member's orders come to. */
export interface Sums {
  readonly orders: number;
  /** Ten-thousandths, refunds taken off. */
  readonly spend: bigint;
  readonly lastAt: Date | null;
}

export interface ScoreJson {
  readonly recency: number;
  readonly frequency: number;
  readonly monetary: number;
  readonly score: number;
}

export interface ScoreLine {
  readonly customer_id: string;
  readonly rfm_score: ScoreJson;
  readonly segment_ids: readonly string[];
  readonly lifecycle_stage: LifecycleStage;
  readonly trigger: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly created_at: number;
}

export interface DeltaLine {
  readonly customer_id: string;
  readonly segment_change: unknown;
  readonly rfm_score: ScoreJson;
  readonly operation: 'insert' | 'update';
  readonly created_at: number;
}

export interface TierChangeLine {
  readonly customer_id: string;
  readonly from_tier_id: string | null;
  readonly to_tier_id: string | null;
  readonly direction: string;
  readonly reason: string;
  readonly tier_set_version: number;
  readonly spend: string | null;
  readonly points: number | null;
  readonly created_at: number;
}

export interface NoticeLine {
  readonly customer_id: string;
  readonly sequence: number;
  readonly expires_at: number;
  readonly points: number;
  readonly created_at: number;
}

export interface AuditLine {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly targetTable: string;
  readonly targetId: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A year of a shop while it is being lived, and all that there is of it in the end. */
export interface Life {
  readonly seed: string;
  /** The last moment of it, in milliseconds. */
  readonly now: number;
  readonly rules: ShopRules;
  readonly calendar: ShopCalendar;
  readonly world: QuietWorld;
  readonly blindIndex: BlindIndex;
  readonly members: Member[];
  readonly orders: OrderState[];
  readonly orderById: Map<number, OrderState>;
  readonly told: Set<string>;
  readonly holds: HoldRow[];
  readonly multiplied: MultipliedRow[];
  readonly scores: ScoreLine[];
  readonly deltas: DeltaLine[];
  readonly tierChanges: TierChangeLine[];
  readonly notices: NoticeLine[];
  readonly audits: AuditLine[];
  aov: AovState | undefined;
  fullPassAt: number | null;
  /** Looks at a member again after a change, as core's review does. */
  readonly review: (member: Member, at: number) => void;
  /** Does something at a later moment; what is later than the last moment never happens. */
  readonly later: (at: number, work: (at: number) => void) => void;
  /** What follows within seconds from something that has happened. */
  readonly soon: (at: number, work: (at: number) => void) => void;
}
