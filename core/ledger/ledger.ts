import type { Pool } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { newEntryId } from './entry-id.ts';
import { GroupCommit } from './group-commit.ts';
import { MAX_ENTRY_POINTS } from './limits.rules.ts';
import type { EntryMetadata } from './entry-metadata.rules.ts';
import type { AwardType, EntryType } from '#vocabulary/ledger.ts';

/** Entry types that credit. */
export type CreditType = AwardType | Extract<EntryType, 'adjust' | 'reversal'>;

/**
 * When a credit expires, as the ledger works it out under the shop's clock: `program`, as its program says of what is
 * earned then; `day`, at the end of that day. So an award needs no reading of the program before it.
 */
export interface ExpiryRule {
  readonly by: 'program' | 'day';
  readonly at: Date;
}

/** A credit to be made. Points are whole and positive; `key` is the business key, unique per tenant, permanently. */
export interface AwardItem {
  readonly merchantId: string;
  readonly customerId: string;
  readonly points: number;
  readonly key: string;
  readonly type?: CreditType;
  readonly source?: string;
  readonly reason?: string | null;
  readonly orderId?: string | null;
  readonly currency?: string | null;
  /** The moment itself, or what rule it follows; absent or null: never. */
  readonly expiresAt?: Date | ExpiryRule | null;
  readonly occurredAt?: Date | null;
  readonly actor?: string;
  readonly metadata?: EntryMetadata;
}

export interface Posted {
  readonly transactionId: string;
  readonly sequence: number;
  readonly balanceAfter: number;
}

/** `duplicate`: the key was used before for the same content, and the first answer is given again. */
export type AwardOutcome =
  | ({ readonly status: 'awarded' | 'duplicate'; readonly expiresAt: Date | null } & Posted)
  | { readonly status: 'conflict' | 'unknown_customer' };

/** What a debit does when the member has fewer points available than it takes. */
export type WhenShort = 'refuse' | 'debt' | 'clip';

export interface DebitItem {
  readonly merchantId: string;
  readonly customerId: string;
  /** Positive; the entry is negative. */
  readonly points: number;
  readonly key: string;
  readonly type: Extract<EntryType, 'redeem' | 'adjust' | 'reversal' | 'writeoff'>;
  readonly source: string;
  /** `refuse` asks for what is available: what is due by then (occurredAt, or now) expires before. */
  readonly whenShort: WhenShort;
  readonly reason?: string | null;
  /** Its lots are taken first. */
  readonly orderId?: string | null;
  readonly currency?: string | null;
  readonly occurredAt?: Date;
  readonly actor?: string;
  readonly metadata?: EntryMetadata;
}

export type DebitOutcome =
  | ({ readonly status: 'posted' | 'duplicate'; readonly points: number } & Posted)
  | { readonly status: 'conflict' | 'insufficient' | 'nothing' | 'unknown_customer' };

export interface ReverseItem {
  readonly merchantId: string;
  readonly transactionId: string;
  readonly key: string;
  readonly source: string;
  readonly whenShort: WhenShort;
  /** Points of a credit to deduct; all that is left of it when absent. */
  readonly points?: number;
  readonly reason?: string | null;
  readonly actor?: string;
  readonly metadata?: EntryMetadata;
}

export type ReverseOutcome =
  | ({ readonly status: 'posted' | 'duplicate'; readonly points: number } & Posted)
  | {
      readonly status:
        | 'insufficient'
        | 'nothing'
        | 'unknown_entry'
        | 'not_reversible'
        | 'conflict'
        | 'unknown_customer';
    };

export interface LedgerOptions {
  readonly pool: Pool;
  readonly maxBatch?: number;
  readonly inFlight?: number;
  readonly maxQueue?: number;
  readonly onBatch?: (size: number, milliseconds: number) => void;
}

export interface Ledger {
  /** One credit; concurrent calls share a commit. @throws QueueFullError when too many wait. */
  awardOne(item: AwardItem): Promise<AwardOutcome>;
  /** Many credits in one statement, durable together; results in the order of the items. */
  award(items: readonly AwardItem[], on?: Queryable): Promise<AwardOutcome[]>;
  debit(item: DebitItem, on?: Queryable): Promise<DebitOutcome>;
  reverse(item: ReverseItem, on?: Queryable): Promise<ReverseOutcome>;
  /** Answers all accepted items, then accepts none. */
  close(): Promise<void>;
}

/** Up to this many credits go one by one: opening every partition for the set-based statement costs more. */
const FEW = 3;

const CREDIT_MANY = `SELECT status, transaction_id, sequence, balance_after, expires_at
FROM ledger_credit_many($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`;
const CREDIT_ONE = `SELECT status, transaction_id, sequence, balance_after, expires_at
FROM ledger_credit_one($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`;
const CREDIT_COLUMNS = 15;

type CreditRow = [AwardOutcome['status'], string, number, number, Date | null];

const toOutcome = ([
  status,
  transactionId,
  sequence,
  balanceAfter,
  expiresAt,
]: CreditRow): AwardOutcome =>
  status === 'awarded' || status === 'duplicate'
    ? { status, transactionId, sequence, balanceAfter, expiresAt }
    : { status };

const momentOf = (expiry: AwardItem['expiresAt']): Date | null | undefined =>
  expiry && 'by' in expiry ? expiry.at : expiry;
const ruleOf = (expiry: AwardItem['expiresAt']): string | null =>
  expiry && 'by' in expiry ? expiry.by : null;

const columnsOf = (item: AwardItem, id: string) => [
  id,
  item.merchantId,
  item.customerId,
  item.points,
  item.key,
  item.type ?? 'earn',
  item.source ?? null,
  item.reason ?? null,
  item.orderId ?? null,
  item.currency ?? null,
  momentOf(item.expiresAt)?.toISOString() ?? null,
  item.occurredAt?.toISOString() ?? null,
  item.actor ?? 'system',
  item.metadata ? JSON.stringify(item.metadata) : null,
  ruleOf(item.expiresAt),
];

/** Callers refuse larger amounts with their own messages; this guards against all others. */
function requireBounds(points: number): void {
  if (!Number.isSafeInteger(points) || points < 1 || points > MAX_ENTRY_POINTS)
    throw new RangeError(`an entry has 1 to ${MAX_ENTRY_POINTS} points, not ${points}`);
}

/** One credit in a transaction of its own, unless `on` is inside one. */
export async function creditOne(on: Queryable, item: AwardItem): Promise<AwardOutcome> {
  const { rows } = await on.query<CreditRow>({
    text: CREDIT_ONE,
    rowMode: 'array',
    values: columnsOf(item, newEntryId()),
  });
  const row = rows[0];
  if (!row) throw new Error('the ledger gave no answer');
  return toOutcome(row);
}

/** One set-based statement for all items, whatever their tenants; durable together. */
export async function creditMany(
  on: Queryable,
  items: readonly AwardItem[],
): Promise<AwardOutcome[]> {
  const now = Date.now();
  const rows = items.map((item) => columnsOf(item, newEntryId(now)));
  const values = Array.from({ length: CREDIT_COLUMNS }, (_, column) =>
    rows.map((row) => row[column]),
  );
  const result = await on.query<CreditRow>({ text: CREDIT_MANY, rowMode: 'array', values });
  return result.rows.map(toOutcome);
}

/** Few credits inside the caller's transaction, in the order in which their balances are to be locked. */
async function creditInTurn(on: Queryable, items: readonly AwardItem[]): Promise<AwardOutcome[]> {
  const outcomes = new Array<AwardOutcome>(items.length);
  const inOrder = [...items.entries()].sort(([, a], [, b]) =>
    lockOrder(a) < lockOrder(b) ? -1 : Number(lockOrder(a) > lockOrder(b)),
  );
  for (const [index, item] of inOrder) outcomes[index] = await creditOne(on, item);
  return outcomes;
}

const lockOrder = (item: AwardItem): string => `${item.merchantId}/${item.customerId}`;

/** Few concurrent credits on connections of their own, many in one statement. */
async function credit(pool: Pool, items: readonly AwardItem[]): Promise<readonly AwardOutcome[]> {
  return items.length <= FEW
    ? Promise.all(items.map((item) => creditOne(pool, item)))
    : creditMany(pool, items);
}

async function debitOne(on: Queryable, item: DebitItem): Promise<DebitOutcome> {
  const { rows } = await on.query<PostedRow>(
    `SELECT * FROM ledger_debit($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12, p_currency => $13, p_occurred => $14)`,
    [
      newEntryId(),
      item.merchantId,
      item.customerId,
      item.points,
      item.key,
      item.type,
      item.source,
      item.reason ?? null,
      item.orderId ?? null,
      item.actor ?? 'system',
      JSON.stringify(item.metadata ?? {}),
      item.whenShort,
      item.currency ?? null,
      item.occurredAt ?? null,
    ],
  );
  return posted(rows[0]) as DebitOutcome;
}

interface PostedRow {
  status: DebitOutcome['status'] | ReverseOutcome['status'];
  transaction_id: string;
  sequence: number;
  balance_after: number;
  points: number;
}

function posted(row: PostedRow | undefined): DebitOutcome | ReverseOutcome {
  if (!row) throw new Error('the ledger gave no answer');
  const { status, points } = row;
  return status === 'posted' || status === 'duplicate'
    ? {
        status,
        transactionId: row.transaction_id,
        sequence: row.sequence,
        balanceAfter: row.balance_after,
        points,
      }
    : { status };
}

/** Merged again while it was being looked up, and once more: no member is merged more often. */
const HOPS = 3;

/**
 * What the ledger does not know may be a member who was merged into another, in this moment or long ago: it is asked
 * again for the member who has their points now. An erased person stays unknown.
 */
async function followMerges<
  Item extends { readonly merchantId: string; readonly customerId: string },
  Outcome extends { readonly status: string },
>(
  on: Queryable,
  items: readonly Item[],
  first: readonly Outcome[],
  again: (items: readonly Item[]) => Promise<readonly Outcome[]>,
): Promise<Outcome[]> {
  const outcomes = [...first];
  const current = [...items];
  for (let hop = 0; hop < HOPS; hop++) {
    const lost = outcomes.flatMap(({ status }, index) =>
      status === 'unknown_customer' ? [index] : [],
    );
    if (lost.length === 0) return outcomes;
    const { rows } = await on.query<{ ord: number; customer_id: string }>(
      'SELECT ord, customer_id FROM members_heirs($1, $2)',
      [
        lost.map((index) => current[index]?.merchantId),
        lost.map((index) => current[index]?.customerId),
      ],
    );
    if (rows.length === 0) return outcomes;
    const found: { index: number; item: Item }[] = [];
    for (const row of rows) {
      const index = lost[Number(row.ord) - 1] ?? -1;
      const item = current[index];
      if (item !== undefined)
        found.push({ index, item: (current[index] = { ...item, customerId: row.customer_id }) });
    }
    const answers = await again(found.map(({ item }) => item));
    for (const [nth, { index }] of found.entries()) {
      const answer = answers[nth];
      if (answer !== undefined) outcomes[index] = answer;
    }
  }
  return outcomes;
}

export function createLedger(options: LedgerOptions): Ledger {
  const { pool } = options;
  const awards = new GroupCommit<AwardItem, AwardOutcome>({
    execute: (items) => credit(pool, items),
    tenantOf: (item) => item.merchantId,
    // One huge batch would make core and all its callers wait for a single commit: smaller batches take turns, until so
    // many wait that every turn has a large one.
    minBatch: 96,
    ...(options.maxBatch !== undefined && { maxBatch: options.maxBatch }),
    inFlight: options.inFlight ?? 4,
    ...(options.maxQueue !== undefined && { maxQueue: options.maxQueue }),
    ...(options.onBatch && { onBatch: options.onBatch }),
  });

  const award = (items: readonly AwardItem[], on: Queryable) =>
    on !== pool && items.length <= FEW ? creditInTurn(on, items) : creditMany(on, items);

  return {
    async awardOne(item) {
      requireBounds(item.points);
      const outcome = await awards.submit(item);
      if (outcome.status !== 'unknown_customer') return outcome;
      const [followed] = await followMerges(pool, [item], [outcome], ([heir]) =>
        Promise.all(heir === undefined ? [] : [awards.submit(heir)]),
      );
      return followed ?? outcome;
    },
    async award(items, on = pool) {
      for (const { points } of items) requireBounds(points);
      return followMerges(on, items, await award(items, on), (heirs) => award(heirs, on));
    },
    async debit(item, on = pool) {
      const outcome = await debitOne(on, item);
      if (outcome.status !== 'unknown_customer') return outcome;
      const [followed] = await followMerges(on, [item], [outcome], ([heir]) =>
        Promise.all(heir === undefined ? [] : [debitOne(on, heir)]),
      );
      return followed ?? outcome;
    },
    async reverse(item, on = pool) {
      const { rows } = await on.query<PostedRow>(
        `SELECT * FROM ledger_reverse($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
        [
          newEntryId(),
          item.merchantId,
          item.transactionId,
          item.points ?? null,
          item.key,
          'reversal',
          item.source,
          item.reason ?? null,
          item.actor ?? 'system',
          JSON.stringify(item.metadata ?? {}),
          item.whenShort,
        ],
      );
      return posted(rows[0]);
    },
    close: () => awards.close(),
  };
}
