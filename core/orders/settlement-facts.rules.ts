import { MAX_ENTRY_POINTS } from '../ledger/limits.rules.ts';
import type { Factor } from '../program/multipliers.rules.ts';
import type { RefundFact } from './refunds.rules.ts';
import type { EntryMetadata } from '../ledger/entry-metadata.rules.ts';
import type { Reason } from '../shared/outcome-reason.rules.ts';
import type { Absence } from '#vocabulary/customers.ts';
import type { Stacking } from '#vocabulary/earning.ts';
import type { OrderReasonCode } from '#vocabulary/ledger.ts';

/** What settling an order reads, and what it answers. */

export interface OrderFacts {
  readonly orderId: string;
  /** Ten-thousandths, after discounts, before shipping, before refunds, as edited last. */
  readonly gross: bigint;
  /** As gross, as it was placed. */
  readonly placed: bigint;
  /** What it cost in all when placed, with shipping, taxes and tips; null when unknown. */
  readonly total: bigint | null;
  /** As total, less what was returned and removed since. */
  readonly currentTotal: bigint | null;
  /** Empty when they are not known (any more). */
  readonly lines: readonly LineFact[];
  readonly currency: string;
  readonly orderedAt: string;
  /** ISO 3166 alpha-2, or empty. */
  readonly country: string;
  readonly isPaid: boolean;
  readonly isCancelled: boolean;
  /** Shopify says that everything was refunded, or that its payment was voided. */
  readonly isGivenBack: boolean;
  /** Placed and paid before the shop joined: kept for history, earns nothing. */
  readonly isHistorical: boolean;
  readonly isTest: boolean;
  /** In a currency that the shop no longer has. */
  readonly isForeign: boolean;
  /** It was paid (or, where points are given at placing, placed) while the program was off. */
  readonly isFromPause: boolean;
  /** Why its customer took no part in the program when the order became known. */
  readonly absence: Absence | null;
  /** Ten-thousandths that edits added while the program was off. */
  readonly addedInPause: bigint;
  /** The first order of its customer, as far as orders are known. */
  readonly isFirst: boolean;
  /** Whose it is; null without a customer. */
  readonly owner: string | null;
  /** The owner was erased: nothing is ever written for them. */
  readonly isOwnerErased: boolean;
  readonly refunds: readonly RefundFact[];
  readonly taxesIncluded: boolean;
  /** False while only a refund is known. */
  readonly isKnown: boolean;
  /** What the order was found to be worth last; null: what its entries say. */
  readonly account: bigint | null;
  /** What was due and could not be taken (the merchant chose to stop at zero): it is settled. */
  readonly waived: bigint;
  /** When it was paid (or, where points are given at placing, placed); null: not yet. */
  readonly dueAt: string | null;
  /** When it is settled. */
  readonly now: string;
  /** What it is to be awarded once its points count; null: no award waits. */
  readonly pending: PendingAward | null;
}

/** An award that waits until the points of its order count. */
export interface PendingAward {
  /** What the entry will say: the terms by which the order was first settled. */
  readonly metadata: EntryMetadata;
  /** The same as the ledger would answer it. */
  readonly award: RecordedEntry;
  readonly countsAt: string;
}

export interface LineFact {
  readonly lineId: string;
  readonly productId: string;
  /** Ten-thousandths: its part of the order's gross. */
  readonly worth: bigint;
  readonly isGiftCard?: boolean;
}

/** An order of nothing that is known to be anything but plain. */
export const PLAIN_ORDER: OrderFacts = {
  orderId: '',
  gross: 0n,
  placed: 0n,
  total: null,
  currentTotal: null,
  lines: [],
  currency: '',
  orderedAt: '',
  country: '',
  isPaid: true,
  isCancelled: false,
  isGivenBack: false,
  isHistorical: false,
  isTest: false,
  isForeign: false,
  isFromPause: false,
  absence: null,
  addedInPause: 0n,
  isFirst: true,
  owner: 'member',
  isOwnerErased: false,
  refunds: [],
  taxesIncluded: false,
  isKnown: true,
  account: null,
  waived: 0n,
  dueAt: null,
  now: '',
  pending: null,
};

/** An entry that the ledger already has for this order. */
export interface RecordedEntry {
  readonly transactionId: string;
  readonly key: string;
  readonly points: number;
  /** Who has it now, merges followed. */
  readonly member: string;
  /** That member was erased: their entries stay as they are. */
  readonly isErased: boolean;
  /** From the entry's metadata: ten-thousandths. */
  readonly base?: bigint;
  readonly rate?: bigint;
  /** The units that the rate is for; absent: one. */
  readonly per?: bigint;
  /** Absent: as is. */
  readonly multiplier?: bigint;
  /** What the multiplier is divided by; absent: 1. */
  readonly multiplierOver?: bigint;
  readonly multiplierSource?: string;
  /** Every multiplier that applied, and how several were to be combined: absent in older awards. */
  readonly factors?: readonly Factor[];
  readonly stacking?: Stacking;
  /** The lines that earned nothing, and what they were worth. */
  readonly excluded?: Readonly<Record<string, bigint>>;
  /** The refunds that an award has deducted already, as they were made before its points counted. */
  readonly refunds?: readonly string[];
}

/** Points of the order that expire together. */
export interface LotFact {
  /** Who has them now, merges followed. */
  readonly member: string;
  readonly points: bigint;
  /** What of them expired, or was written off. */
  readonly expired: bigint;
  readonly expiresAt: string | null;
}

export interface PlannedEntry {
  readonly member: string;
  readonly key: string;
  /** Signed. */
  readonly points: number;
  readonly reasonCode: OrderReasonCode;
  /** When the points expire; absent: by the program's rule. */
  readonly expiresAt?: string | null;
  readonly metadata: EntryMetadata;
}

export type IdleReason = Extract<
  Reason,
  | 'order_unknown'
  | 'no_customer'
  | 'redacted_customer'
  | 'no_account'
  | 'excluded_customer'
  | 'excluded_company'
  | 'not_paid'
  | 'historical'
  | 'program_inactive'
  | 'purchases_off'
  | 'cancelled'
  | 'order_refunded'
  | 'test_order'
  | 'foreign_currency'
  | 'too_large'
  | 'no_points'
  | 'points_pending'
  | 'nothing_new'
>;

/** What is to be kept of an order beside its entries. */
export interface Account {
  /** Null: its entries say it. */
  readonly points: bigint | null;
  readonly waived: bigint;
}

/** What waits until the order's points count: what would be awarded today, by which terms, and when. */
export interface Pending {
  readonly points: bigint;
  readonly countsAt: string;
  readonly metadata: EntryMetadata;
}

export type Settlement = {
  readonly account: Account;
  /** Null: nothing waits. */
  readonly pending: Pending | null;
  /** Ten-thousandths of all its goods that went back, for what a member spent. */
  readonly refunded: bigint;
} & (
  | { readonly kind: 'post'; readonly entries: readonly [PlannedEntry, ...PlannedEntry[]] }
  | { readonly kind: 'idle'; readonly reason: IdleReason }
);

/** No single entry is larger, an order's neither. */
export const MAX_POINTS_PER_ENTRY = BigInt(MAX_ENTRY_POINTS);

export const awardKey = (orderId: string): string => `order/${orderId}/paid`;
export const refundKey = (refundId: string): string => `refund/${refundId}`;
export const cancelKey = (orderId: string): string => `order/${orderId}/cancelled`;
/** Numbered: an order can be edited twice within what Shopify gives one time. */
export const editKey = (orderId: string, nth: number): string => `order/${orderId}/edited/${nth}`;
export const moveKey = (orderId: string, nth: number, part: string): string =>
  `order/${orderId}/moved/${nth}/${part}`;
