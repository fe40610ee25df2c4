import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/**
 * What is known of a shopper's first view since the last read: enough to answer polling. Stored under
 * `points:{customer_id}`, beside `content:{merchant_id}`, the time since when views of a shop are out of date.
 */
export interface FirstView {
  /** Of the balance: the number of its entries. */
  readonly version: number;
  readonly balance: number;
  /** Changes with any displayed data of the member. */
  readonly tag: string;
  /** Changes with any displayed data of the shop. */
  readonly contentVersion: string;
  /** When the view next changes by time alone; ISO 8601, or empty. */
  readonly nextChangeAt: string;
  /** The ETag of the response, in the requested language. */
  readonly etag: string;
  readonly locale: string;
  /** By the clock of the cache, before it was read. */
  readonly asOf: number;
}

/** As Shopify identifies one. */
export interface Shopper {
  readonly merchantId: string;
  readonly shopifyCustomerId: string;
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
  /** Whether all processes share it, so that others keep it up to date. */
  readonly isShared: boolean;
  /** The stored view if it is current, and the time to date the next read by. */
  look(member: Member): Promise<{ readonly now: number; readonly view: FirstView | undefined }>;
  /** Our id of a shopper whose view was kept, by whichever process. */
  memberOf(shopper: Shopper): Promise<string | undefined>;
  /** Remembers it. */
  name(shopper: Shopper, customerId: string): Promise<void>;
  /** The time to date a read by when nothing is stored yet. */
  now(): Promise<number>;
  /** Stores a newer view. Returns whether it was newer. */
  keep(member: Member, view: FirstView): Promise<boolean>;
  /** Invalidates everything read before now. */
  outdate(changes: readonly Change[]): Promise<void>;
}

/** For a process without Redis, which does not see changes by others: its callers ask core as well. */
export function createMemoryViews(capacity = 10_000): FirstViews {
  const views = new LRUCache<string, FirstView>({ max: capacity });
  const members = new LRUCache<string, string>({ max: capacity });
  return {
    isShared: false,
    memberOf: (shopper) => Promise.resolve(members.get(hashOf(shopper))),
    name(shopper, customerId) {
      members.set(hashOf(shopper), customerId);
      return Promise.resolve();
    },
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

/** Shopify's id names a person to others, and is stored nowhere as it is. */
export function hashOf({ merchantId, shopifyCustomerId }: Shopper): string {
  return createHash('sha256')
    .update(`${merchantId}/${shopifyCustomerId}`)
    .digest('hex')
    .slice(0, 32);
}
