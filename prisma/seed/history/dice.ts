import { createHash } from 'node:crypto';

/** Numbers that are the same for the same name. Each decision has dice of its own, so that a new one moves no other. */
export class Dice {
  #state: number;

  constructor(name: string) {
    this.#state = createHash('md5').update(name).digest().readUInt32LE(0);
  }

  /** From 0 up to, but not including, 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    return this.weighted(items, () => 1);
  }

  /** One of the items, more often the higher its weight. @throws Error without items */
  weighted<T>(items: readonly T[], weightOf: (item: T) => number): T {
    let left = this.next() * items.reduce((sum, item) => sum + weightOf(item), 0);
    for (const item of items) {
      left -= weightOf(item);
      if (left < 0) return item;
    }
    const last = items.at(-1);
    if (last === undefined) throw new Error('there is nothing to choose from');
    return last;
  }
}

/** The same text gives the same id, in the shape of a random one. */
export function idOf(text: string): string {
  return createHash('md5')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5');
}

/** The same in the shape of the ledger's ids, which begin with their time. */
export function timedIdOf(at: number, text: string): string {
  const time = at.toString(16).padStart(12, '0');
  return idOf(text).replace(/^.{8}-.{4}-4/, `${time.slice(0, 8)}-${time.slice(8)}-7`);
}
