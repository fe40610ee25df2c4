import type { CampaignRow } from '../program/campaign-conditions.rules.ts';
import type { Queryable } from '../database/queryable.ts';
import type { BalanceRow, EntryRow, PendingRow } from '../ledger/index.ts';

/** A discount campaign, for the shopper. */
export type OfferRow = CampaignRow & {
  /** They have its code already. */
  readonly taken: boolean;
  /** Where their latest order went to. */
  readonly country: string | null;
};

/** As `frontend_version` answers it. */
export interface VersionRow {
  view_customer_id: string | null;
  view_version: number;
  view_balance: number;
  view_tag: string;
  content_version: string;
  next_change_at: Date | null;
}

export interface WidgetRow extends VersionRow {
  currency: string;
  language: unknown;
  timezone: string;
  config: unknown;
  program_updated_at: Date | null;
  branding: unknown;
  sticky_bar: unknown;
  dynamic_multipliers: unknown;
  /** Null for guests and for shoppers who are no members. */
  customer_id: string | null;
  first_name: Buffer | null;
  has_account: boolean;
  /** Has bought nothing yet, and became a member within the last day. */
  is_new: boolean;
  total_spend: string | null;
  tier_id: string | null;
  tier_progress: unknown;
  /** Null where no tiers were published. */
  tier_basis: string | null;
  segments: unknown;
  birthday_md: string | null;
  done_actions: string[] | null;
  balance: StoredBalance | null;
  pending: PendingRow | null;
  recent: StoredEntry[] | null;
  expiries: { expires_at: string; points: number }[] | null;
  // Rows of their tables, money as text; null when there are none.
  rewards: unknown;
  redemptions: unknown;
  tiers: unknown;
  campaigns: CampaignRow[] | null;
  /** Why the shopper takes no part in the program. */
  absence: string | null;
  /** What the shop has allowed the app to do; null while unknown. */
  granted: string | null;
  /** Free gifts. */
  gifts: {
    readonly campaigns: OfferRow[] | null;
    /** What entering tiers gives, by the tier's id. */
    readonly tier_rewards: Readonly<Record<string, unknown>> | null;
  };
}

type WithTextTimes<Row, Times extends keyof Row> = Omit<Row, Times> & {
  [Time in Times]: string | null;
};
type StoredBalance = WithTextTimes<
  Omit<BalanceRow, 'expiring_points' | 'expiring_at' | 'pending'>,
  'updated_at'
>;
type StoredEntry = WithTextTimes<EntryRow, 'expiry_date' | 'occurred_at' | 'created_at'>;

/** All of the first view in one statement; the function sets the tenant for itself. */
export async function readWidget(
  on: Queryable,
  merchantId: string,
  shopifyCustomerId: string | null,
  entries: number,
): Promise<WidgetRow | undefined> {
  const { rows } = await on.query<WidgetRow>(
    // The version is read first, as the lateral sum makes sure: a view that is newer than its version is asked for once
    // more, one that is older would be kept.
    `SELECT v.*, w.*, shop_scopes($1) AS granted, frontend_gifts($1, w.customer_id) AS gifts,
       member_pending($1, w.customer_id) AS pending, member_absence($1, w.customer_id) AS absence
     FROM frontend_version($1, member_in_force($1, $2)) v,
       LATERAL frontend_widget($1, member_in_force($1, $2), $3 + 0 * length(v.content_version)) w`,
    [merchantId, shopifyCustomerId, entries],
  );
  return rows[0];
}

/** What the first view hangs on, as the function sets the tenant for itself too. */
export async function readWidgetVersion(
  on: Queryable,
  merchantId: string,
  shopifyCustomerId: string | null,
): Promise<VersionRow | undefined> {
  const { rows } = await on.query<VersionRow>(
    'SELECT * FROM frontend_version($1, member_in_force($1, $2))',
    [merchantId, shopifyCustomerId],
  );
  return rows[0];
}

/** JSON has no dates. */
export function entryRowOf(stored: StoredEntry): EntryRow {
  return {
    ...stored,
    expiry_date: dateOf(stored.expiry_date),
    occurred_at: dateOf(stored.occurred_at) ?? new Date(0),
    created_at: dateOf(stored.created_at) ?? new Date(0),
  };
}

export function balanceRowOf(
  stored: StoredBalance,
  next: { expires_at: string; points: number } | undefined,
): BalanceRow {
  return {
    ...stored,
    updated_at: dateOf(stored.updated_at),
    expiring_points: next?.points ?? null,
    expiring_at: dateOf(next?.expires_at ?? null),
  };
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

/** The member that a shopper is, or undefined. The tenant must be set. */
export async function findMemberId(
  on: Queryable,
  merchantId: string,
  shopifyCustomerId: string,
): Promise<string | undefined> {
  const { rows } = await on.query<{ customer_id: string }>(
    'SELECT customer_id FROM customers WHERE merchant_id = $1 AND shopify_customer_id = member_in_force($1, $2)',
    [merchantId, shopifyCustomerId],
  );
  return rows[0]?.customer_id;
}

/** Rewards for POS, as `readWidget` reads those of the online store. The tenant must be set. */
export async function readPosRewards(on: Queryable, merchantId: string): Promise<unknown> {
  const { rows } = await on.query<{ rewards: unknown }>(
    `SELECT jsonb_agg(to_jsonb(w) || jsonb_build_object('value', w.value::text) ORDER BY w.points_cost, w.reward_id) AS rewards
     FROM rewards w WHERE w.merchant_id = $1 AND w.status = 'active' AND w.channel = 'pos'`,
    [merchantId],
  );
  return rows[0]?.rewards ?? null;
}
