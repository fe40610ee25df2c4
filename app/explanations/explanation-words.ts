import type { MultiplierSource } from '#vocabulary/earning.ts';
import type { ReasonCode } from '#vocabulary/ledger.ts';

/**
 * Sentences that explain an entry's points, for shoppers and merchants alike. {placeholders} arrive
 * formatted; a text in [brackets] is left out when one of its placeholders is empty.
 */
export interface ExplanationWords {
  readonly reasons: Readonly<Record<ReasonCode, string>>;
  /** Of an order whose points do not count yet; the day on which they do follows. */
  readonly pending: string;
  /** Beside a balance. */
  readonly pendingPoints: string;
  readonly multiplier: string;
  /** Between two sources that multiply each other. */
  readonly and: string;
  /** Between the points of a rate and the money that they are for: 10 points per ¥150. */
  readonly per: string;
  readonly multiplierSources: Readonly<Record<MultiplierSource, string>>;
  readonly debtRepaid: string;
  readonly debtIncurred: string;
}
