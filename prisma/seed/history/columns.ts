import type { EncryptionDeps } from '#core/shared/blind-index.ts';
import { encryptCustomer } from '#core/members/customer-encryption.ts';
import { encryptCode } from '#core/rewards/redemptions.store.ts';
import { formatAmount } from '#core/shared/money.rules.ts';
import { idOf } from './dice.ts';
import { discountGid } from './redeem.ts';
import { sumsOf } from './sums.ts';
import type { Life, Member } from './state.ts';

/** A table's rows as they are inserted; the tenant is added to each. */
export interface TableRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly object[];
}

export const at = (time: number | null): string | null =>
  time === null ? null : new Date(time).toISOString();

/** Binary values as the table reads them out of JSON. */
const binary = (base64: string | null): string | null =>
  base64 === null ? null : `\\x${Buffer.from(base64, 'base64').toString('hex')}`;

/** Members with what is known of them in the end. */
export function customerRows(deps: EncryptionDeps, life: Life): TableRows {
  return {
    table: 'customers',
    columns: [
      'customer_id',
      'shopify_customer_id',
      'email',
      'email_hash',
      'first_name',
      'last_name',
      'name_tokens',
      'locale',
      'state',
      'has_account',
      'rfm_score',
      'lifecycle_stage',
      'vip_tier_id',
      'vip_progress',
      'order_count',
      'total_spend',
      'last_order_at',
      'birthday_md',
      'birthday_set_at',
      'metadata',
      'metafield_version',
      'source_updated_at',
      'created_at',
      'updated_at',
    ],
    rows: life.members.map((member) => customerRow(deps, life, member)),
  };
}

const UNSCORED = { score: 1, recency: 1, monetary: 1, frequency: 1 };

function customerRow(deps: EncryptionDeps, { rules }: Life, member: Member) {
  const { person, customer, customerId, ledger } = member;
  const { merchant_id: _merchant, ...encrypted } = encryptCustomer(
    deps,
    rules.merchantId,
    customerId,
    String(customer.id),
    {
      email: person.email,
      firstName: person.first,
      lastName: person.last,
      locale: person.locale,
      state: customer.state,
      hasAccount: member.hasAccount,
      sourceUpdatedAt: null,
    },
  );
  const sums = sumsOf(member);
  return {
    ...encrypted,
    email: binary(encrypted.email),
    email_hash: binary(encrypted.email_hash),
    first_name: binary(encrypted.first_name),
    last_name: binary(encrypted.last_name),
    name_tokens: encrypted.name_tokens.map(binary),
    has_account: member.hasAccount,
    rfm_score: member.score ?? UNSCORED,
    lifecycle_stage: member.stage,
    vip_tier_id: member.tierId,
    vip_progress: member.progress,
    order_count: sums.orders,
    total_spend: formatAmount(sums.spend),
    last_order_at: sums.lastAt?.toISOString() ?? null,
    birthday_md: member.birthday?.monthDay ?? null,
    birthday_set_at: at(member.birthday?.at ?? null),
    metadata: Object.keys(member.tags).length > 0 ? { tags: member.tags } : {},
    metafield_version: ledger.entries.length,
    source_updated_at: customer.updatedAt,
    created_at: at(member.createdAt),
    updated_at: at(member.changedAt),
  };
}

export const orderRows = ({ orders }: Life): TableRows => ({
  table: 'orders',
  columns: [
    'order_row_id',
    'customer_id',
    'shopify_order_id',
    'name',
    'subtotal',
    'gross_subtotal',
    'total',
    'current_total',
    'tax',
    'taxes_included',
    'refunded',
    'currency',
    'presentment_currency',
    'financial_status',
    'channel',
    'ordered_at',
    'paid_at',
    'paid_told_at',
    'cancelled_at',
    'source_updated_at',
    'observed_at',
    'customer_updated_at',
    'customer_observed_at',
    'refunds',
    'line_items',
    'country',
    'edits',
    'counts',
    'redemption_id',
    'created_at',
    'updated_at',
  ],
  rows: orders.map(({ row }) => ({
    ...row,
    order_row_id: idOf(`order row ${row.shopify_order_id} ${row.created_at}`),
    customer_updated_at: row.source_updated_at,
    customer_observed_at: row.observed_at,
  })),
});

export function redemptionRows(deps: EncryptionDeps, { members, rules }: Life): TableRows {
  const { merchantId } = rules;
  return {
    table: 'reward_redemptions',
    columns: [
      'redemption_id',
      'customer_id',
      'reward_id',
      'campaign_id',
      'tier_id',
      'gift',
      'hold_id',
      'points_spent',
      'discount_code',
      'discount_code_hash',
      'shopify_discount_id',
      'status',
      'currency',
      'value',
      'expires_at',
      'used_order_id',
      'used_at',
      'idempotency_key',
      'terms',
      'transaction_id',
      'created_at',
      'claimed_at',
      'completed_at',
      'returned_at',
    ],
    rows: members
      .flatMap(({ redemptions }) => redemptions)
      .map((one) => ({
        ...one,
        discount_code: binary(
          encryptCode(deps, merchantId, one.redemption_id, one.code).toString('base64'),
        ),
        discount_code_hash: binary(
          deps.blindIndex.discountCode(merchantId, one.code).toString('base64'),
        ),
        shopify_discount_id: discountGid(one),
        expires_at: at(one.expires_at),
        created_at: at(one.created_at),
        claimed_at: at(one.created_at + 300),
        completed_at: at(one.completed_at),
        returned_at: at(one.returned_at),
      })),
  };
}

export function segmentRows({ members, scores, deltas }: Life): TableRows[] {
  const moved = new Map<string, number>();
  const began = new Map<string, number>();
  for (const { customer_id: id, created_at: time } of deltas) {
    moved.set(id, time);
    if (!began.has(id)) began.set(id, time);
  }
  return [
    {
      table: 'customer_segments',
      columns: ['customer_id', 'segment_id', 'segment_ids', 'created_at', 'updated_at'],
      rows: members.flatMap(({ customerId, segments }) =>
        segments === null
          ? []
          : [
              {
                customer_id: customerId,
                segment_id: segments[0],
                segment_ids: segments,
                created_at: at(began.get(customerId) ?? null),
                updated_at: at(moved.get(customerId) ?? null),
              },
            ],
      ),
    },
    {
      table: 'rfm_score_history',
      columns: [
        'customer_id',
        'rfm_score',
        'segment_ids',
        'lifecycle_stage',
        'trigger',
        'metadata',
        'created_at',
      ],
      rows: scores.map((line) => ({ ...line, created_at: at(line.created_at) })),
    },
    {
      table: 'rfm_segment_deltas',
      columns: [
        'customer_id',
        'segment_change',
        'rfm_score',
        'operation',
        'created_at',
        'updated_at',
      ],
      rows: deltas.map((line) => ({
        ...line,
        created_at: at(line.created_at),
        updated_at: at(line.created_at),
      })),
    },
  ];
}

export const tierRows = ({ tierChanges }: Life): TableRows => ({
  table: 'vip_tier_changes',
  columns: [
    'customer_id',
    'from_tier_id',
    'to_tier_id',
    'direction',
    'reason',
    'tier_set_version',
    'spend',
    'points',
    'created_at',
  ],
  rows: tierChanges.map((line) => ({ ...line, created_at: at(line.created_at) })),
});

export const grantRows = ({ members, multiplied, seed }: Life): TableRows => ({
  table: 'campaign_grants',
  columns: [
    'grant_id',
    'campaign_id',
    'customer_id',
    'kind',
    'order_id',
    'occurrence',
    'points',
    'orders',
    'spend',
    'transaction_id',
    'granted_at',
    'taken_back_at',
  ],
  rows: [
    ...members
      .flatMap(({ grants }) => grants)
      .map((grant) => ({
        grant_id: grant.grantId,
        campaign_id: grant.campaignId,
        customer_id: grant.customerId,
        kind: grant.kind,
        order_id: grant.orderId,
        occurrence: grant.occurrence,
        points: grant.points,
        orders: grant.orders,
        spend: formatAmount(grant.spend),
        transaction_id: grant.transactionId,
        granted_at: grant.grantedAt.toISOString(),
        taken_back_at: at(grant.takenBackAt),
      })),
    ...multiplied.map((row) => ({
      grant_id: idOf(`${seed} multiplied ${row.orderId}`),
      campaign_id: row.campaignId,
      customer_id: row.customerId,
      kind: 'multiplied',
      order_id: row.orderId,
      occurrence: 1,
      points: row.points,
      orders: 1,
      spend: formatAmount(row.spend),
      transaction_id: null,
      granted_at: at(row.grantedAt),
      taken_back_at: at(row.takenBackAt),
    })),
  ],
});

export const noticeRows = ({ notices }: Life): TableRows => ({
  table: 'expiry_notices',
  columns: ['customer_id', 'sequence', 'expires_at', 'points', 'created_at'],
  rows: notices.map((line) => ({
    ...line,
    expires_at: at(line.expires_at),
    created_at: at(line.created_at),
  })),
});

export const consentRows = ({ members }: Life): TableRows => ({
  table: 'consents',
  columns: ['customer_id', 'type', 'status', 'created_at', 'told_at'],
  rows: members
    .filter(({ consentAt }) => consentAt !== null)
    .map(({ customerId, consentAt }) => ({
      customer_id: customerId,
      type: 'newsletter',
      status: 'granted',
      created_at: at(consentAt),
      told_at: at(consentAt),
    })),
});
