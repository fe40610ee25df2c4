/**
 * What the ledger promises, in a few lines of plain TypeScript: the model against which random histories of the real
 * one are compared. Lots move only in SQL; this is the second, independent account of how they should.
 */

const DAY = 86_400_000;

/** The last millisecond of a day, in UTC. */
export const dayEnd = (time: number): number => (Math.floor(time / DAY) + 1) * DAY - 1;

export interface ModelLot {
  readonly sequence: number;
  readonly points: number;
  expiresAt: number | null;
  readonly orderId: string | null;
  remaining: number;
}

export interface ModelEntry {
  readonly id: string;
  readonly points: number;
  readonly sequence: number;
  readonly consumed: readonly (readonly [sequence: number, points: number])[];
  readonly orderId: string | null;
  readonly reverses: string | null;
}

export class ModelMember {
  readonly entries: ModelEntry[] = [];
  readonly lots: ModelLot[] = [];
  readonly holds = new Map<string, number>();
  debt = 0;

  get balance(): number {
    return this.entries.reduce((sum, entry) => sum + entry.points, 0);
  }

  get held(): number {
    return [...this.holds.values()].reduce((sum, points) => sum + points, 0);
  }

  get available(): number {
    return this.balance - this.held;
  }

  credit(id: string, points: number, expiresAt: number | null, orderId: string | null): void {
    const sequence = this.#append(id, points, [], orderId, null);
    const repaid = Math.min(this.debt, points);
    this.debt -= repaid;
    this.lots.push({ sequence, points, remaining: points - repaid, expiresAt, orderId });
  }

  /** What is due must have expired before a debit that asks for what is available. @returns whether the debit was made */
  debit(
    id: string,
    wanted: number,
    whenShort: 'refuse' | 'debt' | 'clip',
    orderId: string | null,
  ): boolean {
    let points = wanted;
    if (this.available < points) {
      if (whenShort === 'refuse') return false;
      if (whenShort === 'clip') points = Math.min(points, Math.max(0, this.available));
      if (points === 0) return false;
    }
    this.#take(id, points, orderId, null, null);
    return true;
  }

  reverse(id: string, original: ModelEntry): boolean {
    const reversed = this.entries
      .filter((entry) => entry.reverses === original.id)
      .reduce((sum, entry) => sum + Math.abs(entry.points), 0);
    const points = Math.abs(original.points) - reversed;
    if (original.reverses !== null || points <= 0) return false;
    if (original.points > 0) {
      this.#take(id, points, original.orderId, original.sequence, original.id);
      return true;
    }
    const repaid = Math.min(this.debt, points);
    this.debt -= repaid;
    let rest = points - repaid;
    for (const [sequence, taken] of [...original.consumed].sort((a, b) => b[0] - a[0])) {
      const lot = this.lots.find((one) => one.sequence === sequence);
      const part = Math.min(rest, taken);
      if (lot) lot.remaining += part;
      rest -= part;
    }
    const sequence = this.#append(id, points, [], original.orderId, original.id);
    if (rest > 0)
      this.lots.push({ sequence, points: rest, remaining: rest, expiresAt: null, orderId: null });
    return true;
  }

  hold(id: string, points: number): boolean {
    if (this.available < points) return false;
    this.holds.set(id, points);
    return true;
  }

  confirm(holdId: string, entryId: string): void {
    const points = this.holds.get(holdId) ?? 0;
    this.holds.delete(holdId);
    this.#take(entryId, points, null, null, null);
  }

  /** Gives what would expire before a moment so many more days, to the end of the last. @returns the points that it moved */
  extend(before: number, days: number, now: number): number {
    let points = 0;
    for (const lot of this.lots) {
      if (lot.remaining === 0 || lot.expiresAt === null || lot.expiresAt >= before) continue;
      lot.expiresAt = dayEnd(Math.max(lot.expiresAt, now) + days * DAY);
      points += lot.remaining;
    }
    return points;
  }

  /** What is held is of the soonest to expire, so that many of the points that are due stay. */
  expire(id: string, now: number): boolean {
    const expired = this.lots.filter((lot) => lot.expiresAt !== null && lot.expiresAt <= now);
    const due = expired.reduce((sum, lot) => sum + lot.remaining, 0);
    const points = Math.max(0, Math.min(due, this.balance) - this.held);
    if (points === 0) return false;
    this.#take(id, points, null, null, null, expired);
    return true;
  }

  #take(
    id: string,
    points: number,
    orderId: string | null,
    firstSequence: number | null,
    reverses: string | null,
    from: readonly ModelLot[] = this.lots,
  ): void {
    const last = Number.MAX_SAFE_INTEGER;
    const queue = [...from].sort(
      (a, b) =>
        Number(b.sequence === firstSequence) - Number(a.sequence === firstSequence) ||
        Number(orderId !== null && b.orderId === orderId) -
          Number(orderId !== null && a.orderId === orderId) ||
        (a.expiresAt ?? last) - (b.expiresAt ?? last) ||
        (a.orderId?.length ?? 0) - (b.orderId?.length ?? 0) ||
        (a.orderId ?? '').localeCompare(b.orderId ?? '') ||
        a.sequence - b.sequence,
    );
    let rest = points;
    const consumed: [number, number][] = [];
    for (const lot of queue) {
      const part = Math.min(rest, lot.remaining);
      if (part === 0) continue;
      lot.remaining -= part;
      rest -= part;
      consumed.push([lot.sequence, part]);
    }
    this.debt += rest;
    this.#append(id, -points, consumed, orderId, reverses);
  }

  #append(
    id: string,
    points: number,
    consumed: [number, number][],
    orderId: string | null,
    reverses: string | null,
  ): number {
    const sequence = this.entries.length + 1;
    this.entries.push({ id, points, sequence, consumed, orderId, reverses });
    return sequence;
  }
}
