import { LRUCache } from 'lru-cache';

/** What a shop has asked for counts half after this, and is forgotten within a minute. */
const halfLifeMs = 5_000;
/** Beyond it all are alike; and within what BullMQ takes as a priority. */
const mostSteps = 1_000;

/**
 * How far back the next work of a shop stands in line, by how much it asked for lately: a shop's usual work stands in
 * front, and what a sale brings waits behind that of all other shops, with its own last. Counted by each process, which
 * sees an even part of every shop's.
 */
export class Turns {
  readonly #asked = new LRUCache<string, { readonly amount: number; readonly at: number }>({
    max: 10_000,
  });
  readonly #free: number;

  /** @param free how much a shop may ask for at once without standing back */
  constructor(free: number) {
    this.#free = free;
  }

  /** @returns steps behind the front of the line */
  take(shop: string, amount = 1, now = Date.now()): number {
    const known = this.#asked.get(shop);
    const before = known === undefined ? 0 : known.amount * 2 ** ((known.at - now) / halfLifeMs);
    this.#asked.set(shop, { amount: before + amount, at: now });
    return Math.min(mostSteps, Math.floor(before / this.#free));
  }
}
