import { at, type TableRows } from './columns.ts';
import type { Life } from './state.ts';

/** Balances first: entries, lots and holds belong to them. */
export const ledgerRows = (life: Life): TableRows[] => [
  balanceRows(life),
  entryRows(life),
  lotRows(life),
  holdRows(life),
];

const balanceRows = (life: Life): TableRows => ({
  table: 'points_balances',
  columns: [
    'customer_id',
    'balance',
    'debt',
    'earned_total',
    'spent_total',
    'version',
    'updated_at',
  ],
  rows: life.members
    .filter(({ ledger }) => ledger.entries.length > 0)
    .map(({ customerId, ledger }) => ({
      customer_id: customerId,
      balance: ledger.balance,
      debt: ledger.debt,
      earned_total: ledger.earned,
      spent_total: ledger.spent,
      version: ledger.entries.length,
      updated_at: at(ledger.entries.at(-1)?.created_at ?? null),
    })),
});

const entryRows = (life: Life): TableRows => ({
  table: 'points_transactions',
  columns: [
    'transaction_id',
    'customer_id',
    'type',
    'points',
    'sequence',
    'balance_after',
    'idempotency_key',
    'source',
    'reason',
    'order_id',
    'reverses_transaction_id',
    'currency',
    'expiry_date',
    'actor',
    'consumed',
    'metadata',
    'occurred_at',
    'created_at',
  ],
  rows: life.members
    .flatMap(({ ledger }) => ledger.entries)
    .sort((a, b) => a.created_at - b.created_at)
    .map((entry) => ({
      ...entry,
      expiry_date: at(entry.expiry_date),
      occurred_at: at(entry.created_at),
      created_at: at(entry.created_at),
    })),
});

const lotRows = (life: Life): TableRows => ({
  table: 'point_lots',
  columns: [
    'customer_id',
    'sequence',
    'points',
    'remaining',
    'expires_at',
    'order_id',
    'created_at',
  ],
  rows: life.members
    .flatMap(({ ledger }) => ledger.lots)
    .map((lot) => ({ ...lot, expires_at: at(lot.expires_at), created_at: at(lot.created_at) })),
});

const holdRows = (life: Life): TableRows => ({
  table: 'point_holds',
  columns: [
    'hold_id',
    'customer_id',
    'points',
    'status',
    'purpose',
    'idempotency_key',
    'transaction_id',
    'expires_at',
    'created_at',
    'settled_at',
  ],
  rows: life.holds.map((hold) => ({
    ...hold,
    status: 'confirmed',
    purpose: 'redemption',
    expires_at: at(hold.expires_at),
    created_at: at(hold.created_at),
    settled_at: at(hold.settled_at),
  })),
});
