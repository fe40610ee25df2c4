import type { CacheKey } from './keys.ts';

/** A value with its version; a late writer cannot overwrite a newer one. */
export interface Cached {
  readonly version: number;
  /** JSON. */
  readonly value: string;
}

export interface Cache {
  get(key: CacheKey): Promise<Cached | undefined>;
  /** Stores unless a newer version is there. Answers whether it did. */
  setIfNewer(key: CacheKey, entry: Cached): Promise<boolean>;
  delete(key: CacheKey): Promise<void>;
  close(): Promise<void>;
}
