import { LRUCache } from 'lru-cache';

/**
 * What is known of a shopper's first view since it was last read: enough to answer their polling. Kept under
 * `points:{customer_id}`, beside `content:{merchant_id}`, the time since when views of a shop are out of date.
 */
export interface FirstView {
  /** Of the balance: the number of its entries. */
  readonly version: number;
  readonly balance: number;
  /** Changes with everything of the member's that is shown. */
  readonly tag: string;
  /** Changes with everything of the shop's that is shown. */
  readonly contentVersion: string;
  /** When time alone changes the view next; ISO 8601, or empty. */
  readonly nextChangeAt: string;
  /** Of the answer, in the language that was asked for. */
  readonly etag: string;
  readonly locale: string;
  /** By the clock of the cache, before it was read. */
  readonly asOf: number;
}

export interface Member {
  readonly merchantId: string;
  readonly customerId: string;
}

/** Everything of a shop that shoppers see changed, or of one of its members. */
export interface Change {
  readonly merchantId: string;
  readonly customerId?: string;
}

export interface FirstViews {
  /** Whether all processes see one, so that what is there has been kept up to date by others. */
  readonly isShared: boolean;
  /** What is kept and not out of date, and the time to date the next reading by. */
  look(member: Member): Promise<{ readonly now: number; readonly view: FirstView | undefined }>;
  /** The time to date a reading by, where nothing can be kept yet. */
  now(): Promise<number>;
  /** Keeps what is newer than what is there. Answers whether it was. */
  keep(member: Member, view: FirstView): Promise<boolean>;
  /** What was read before now is no longer true. */
  outdate(changes: readonly Change[]): Promise<void>;
}

/** For a process without Redis, which hears of nobody else's changes: whoever looks here asks core as well. */
export function createMemoryViews(capacity = 10_000): FirstViews {
  const views = new LRUCache<string, FirstView>({ max: capacity });
  return {
    isShared: false,
    look: ({ customerId }) => Promise.resolve({ now: Date.now(), view: views.get(customerId) }),
    now: () => Promise.resolve(Date.now()),
    keep({ customerId }, view) {
      const known = views.peek(customerId);
      if (known !== undefined && known.version > view.version) return Promise.resolve(false);
      views.set(customerId, view);
      return Promise.resolve(true);
    },
    outdate(changes) {
      for (const { customerId } of changes) if (customerId !== undefined) views.delete(customerId);
      return Promise.resolve();
    },
  };
}
