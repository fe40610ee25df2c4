import type { EarningContext } from '../program/multipliers.rules.ts';
import type { Program } from '../program/program.rules.ts';
import {
  PLAIN_ORDER,
  type IdleReason,
  type LineFact,
  type PlannedEntry,
} from './settlement-facts.rules.ts';
import type { Absence } from '#vocabulary/customers.ts';
import { settle } from './settlement.rules.ts';

export interface Quote {
  readonly points: number;
  readonly metadata: PlannedEntry['metadata'] | undefined;
  /** Empty, or why nothing would be earned. */
  readonly reason: IdleReason | '';
}

/** What goods would earn if they were bought and paid now: settled as the order would be, so that both agree. */
export function quotePoints(
  lines: readonly LineFact[],
  program: Program,
  context: EarningContext,
  purchase: {
    readonly at: Date;
    readonly currency: string;
    readonly country: string;
    readonly absence?: Absence | null;
  },
): Quote {
  const settlement = settle(
    {
      ...PLAIN_ORDER,
      orderId: 'quote',
      gross: lines.reduce((sum, { worth }) => sum + worth, 0n),
      lines,
      currency: purchase.currency,
      orderedAt: purchase.at.toISOString(),
      country: purchase.country,
      absence: purchase.absence ?? null,
    },
    [],
    // Whenever they count.
    { ...program, pendingDays: 0 },
    context,
  );
  if (settlement.kind === 'post') {
    const [award] = settlement.entries;
    return { points: award.points, metadata: award.metadata, reason: '' };
  }
  return {
    points: 0,
    metadata: undefined,
    reason: settlement.reason,
  };
}
