import type { ReasonCode } from '#vocabulary/ledger.ts';
import { timedIdOf } from './dice.ts';

/** A line of points_transactions, without its tenant; times in milliseconds. */
export interface EntryRow {
  readonly transaction_id: string;
  readonly customer_id: string;
  readonly type: string;
  readonly points: number;
  readonly sequence: number;
  readonly balance_after: number;
  readonly idempotency_key: string;
  readonly source: string;
  readonly reason: string | null;
  readonly order_id: string | null;
  readonly currency: string | null;
  readonly expiry_date: number | null;
  readonly actor: string;
  readonly consumed: readonly (readonly [sequence: number, points: number])[] | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly reverses_transaction_id: string | null;
  readonly created_at: number;
}

export interface LotRow {
  readonly customer_id: string;
  readonly sequence: number;
  readonly points: number;
  remaining: number;
  readonly expires_at: number | null;
  readonly order_id: string | null;
  readonly created_at: number;
}

interface Fact {
  readonly at: number;
  readonly points: number;
  readonly key: string;
  readonly type: string;
  readonly source: string;
  readonly reason?: string | null;
  readonly orderId?: string | null;
  readonly currency?: string | null;
  readonly actor?: string;
  readonly metadata?: Readonly<Record<string, unknown>> & { readonly reason_code?: ReasonCode };
}

interface Taking {
  /** Whose lots are taken first. */
  readonly firstOrder?: string | null;
  /** Lots that expire later are left. */
  readonly expiredBefore?: number;
}

/**
 * One member's entries and lots, as the ledger's functions write them (ledger_credit_many, ledger_debit,
 * ledger_expire_member, ledger_reverse): they know no other time than now, and this lives through a year.
 */
export class MemberLedger {
  readonly customerId: string;
  readonly entries: EntryRow[] = [];
  readonly lots: LotRow[] = [];
  balance = 0;
  debt = 0;
  earned = 0;
  spent = 0;

  constructor(customerId: string) {
    this.customerId = customerId;
  }

  /** Pays back the debt first; only the rest becomes a lot that can be spent. */
  credit(fact: Fact, expiresAt: number | null): EntryRow {
    const repaid = Math.min(this.debt, fact.points);
    this.debt -= repaid;
    this.earned += fact.points;
    const entry = this.#append(fact, fact.points, {
      expiry_date: expiresAt,
      metadata: { ...fact.metadata, ...(repaid > 0 && { debt_repaid: repaid }) },
    });
    this.lots.push({
      customer_id: this.customerId,
      sequence: entry.sequence,
      points: fact.points,
      remaining: fact.points - repaid,
      expires_at: expiresAt,
      order_id: fact.orderId ?? null,
      created_at: fact.at,
    });
    return entry;
  }

  /** What the lots cannot give is owed. */
  debit(fact: Fact, { firstOrder = null, expiredBefore }: Taking = {}): EntryRow {
    const consumed = this.#take(fact.points, firstOrder, expiredBefore);
    const short = fact.points - consumed.reduce((sum, [, points]) => sum + points, 0);
    this.debt += short;
    if (fact.type === 'redeem') this.spent += fact.points;
    return this.#append(fact, -fact.points, {
      consumed,
      metadata: { ...fact.metadata, ...(short > 0 && { debt_incurred: short }) },
    });
  }

  /** Writes off what is due, in one entry. @returns undefined when nothing is */
  expire(at: number): EntryRow | undefined {
    const due = this.lots.reduce(
      (sum, lot) => sum + (lot.expires_at !== null && lot.expires_at <= at ? lot.remaining : 0),
      0,
    );
    const points = Math.max(0, Math.min(due, this.balance));
    if (points === 0) return undefined;
    const key = `expiry/${this.customerId}/${this.entries.length + 1}`;
    return this.debit({ at, points, key, type: 'expire', source: 'expiry' }, { expiredBefore: at });
  }

  /** Returns the points of a debit to the lots that they were taken from. */
  reverse(original: EntryRow, fact: Omit<Fact, 'points' | 'type'>): EntryRow {
    const points = -original.points;
    const repaid = Math.min(this.debt, points);
    this.debt -= repaid;
    let rest = points - repaid;
    const restored: [number, number][] = [];
    for (const [sequence, taken] of [...(original.consumed ?? [])].sort((a, b) => b[0] - a[0])) {
      const part = Math.min(rest, taken);
      const lot = this.lots.find((one) => one.sequence === sequence);
      if (part <= 0 || lot === undefined) break;
      lot.remaining += part;
      rest -= part;
      restored.push([sequence, part]);
    }
    if (rest > 0) throw new Error('a code is returned after its points were owed');
    if (original.type === 'redeem') this.spent -= points;
    return this.#append({ ...fact, points, type: 'reversal' }, points, {
      metadata: {
        ...fact.metadata,
        restored,
        ...(repaid > 0 && { debt_repaid: repaid }),
      },
      reverses_transaction_id: original.transaction_id,
    });
  }

  /** What is due expires before it is asked how much is available. */
  get available(): number {
    return this.balance;
  }

  #take(wanted: number, firstOrder: string | null, expiredBefore?: number): [number, number][] {
    const never = Number.MAX_SAFE_INTEGER;
    const isFirst = ({ order_id }: LotRow): number =>
      Number(firstOrder !== null && order_id === firstOrder);
    const queue = this.lots
      .filter(
        ({ remaining, expires_at }) =>
          remaining > 0 && (expiredBefore === undefined || (expires_at ?? never) <= expiredBefore),
      )
      .sort(
        (a, b) =>
          isFirst(b) - isFirst(a) ||
          (a.expires_at ?? never) - (b.expires_at ?? never) ||
          (a.order_id?.length ?? 0) - (b.order_id?.length ?? 0) ||
          compare(a.order_id ?? '', b.order_id ?? '') ||
          a.sequence - b.sequence,
      );
    let rest = wanted;
    const consumed: [number, number][] = [];
    for (const lot of queue) {
      const part = Math.min(rest, lot.remaining);
      if (part === 0) break;
      lot.remaining -= part;
      rest -= part;
      consumed.push([lot.sequence, part]);
    }
    // In the order of the lots, as ledger_consume_lots() answers them.
    return consumed.sort((a, b) => a[0] - b[0]);
  }

  #append(fact: Fact, points: number, more: Partial<EntryRow>): EntryRow {
    this.balance += points;
    const entry: EntryRow = {
      transaction_id: timedIdOf(fact.at, `${this.customerId} ${fact.key}`),
      customer_id: this.customerId,
      type: fact.type,
      points,
      sequence: this.entries.length + 1,
      balance_after: this.balance,
      idempotency_key: fact.key,
      source: fact.source,
      reason: fact.reason ?? null,
      order_id: fact.orderId ?? null,
      currency: fact.currency ?? null,
      expiry_date: null,
      actor: fact.actor ?? 'system',
      consumed: null,
      metadata: fact.metadata ?? {},
      reverses_transaction_id: null,
      created_at: fact.at,
      ...more,
    };
    this.entries.push(entry);
    return entry;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
