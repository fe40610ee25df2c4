import type { ReasonCode } from '#vocabulary/ledger.ts';

/** What is stored with an entry, and read again to explain it. */
export interface EntryMetadata {
  readonly reason_code?: ReasonCode;
  readonly [name: string]: unknown;
}
