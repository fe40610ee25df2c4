export { GroupCommit, ClosedError, QueueFullError } from './group-commit.ts';
export { createLedger, creditMany, creditOne } from './ledger.ts';
export type {
  AwardItem,
  AwardOutcome,
  CreditType,
  DebitItem,
  DebitOutcome,
  Ledger,
  Posted,
  Queryable,
  ReverseItem,
  ReverseOutcome,
  WhenShort,
} from './ledger.ts';
export { newEntryId } from './entry-id.ts';
export {
  ENTRY_COLUMNS,
  listEntries,
  readBalance,
  toBalanceMessage,
  toEntryMessage,
} from './read.ts';
export type { BalanceRow, EntryRow } from './read.ts';
