export { GroupCommit, refusedBySql } from './group-commit.ts';
export { createLedger, creditMany, creditOne } from './ledger.ts';
export type { AwardItem, AwardOutcome, ExpiryRule, Ledger, Posted } from './ledger.ts';
export { newEntryId } from './entry-id.ts';
export { holdPoints, settleHold } from './holds.ts';
export {
  ENTRY_COLUMNS,
  keysWritten,
  listEntries,
  memberOfEntry,
  readBalance,
  toBalanceMessage,
  toEntryMessage,
} from './read.ts';
export type { BalanceRow, EntryRow, PendingRow } from './read.ts';
