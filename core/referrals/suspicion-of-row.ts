import { parseAmount } from '../shared/money.rules.ts';
import type { ReviewedReferral, SharedKind } from './referrals.store.ts';
import { heaviestFirst, scoreOf, suspicionOf, type Suspicion } from './suspicion.rules.ts';
import type { OrderRisk, ReferralSignal, TraceKind } from '#vocabulary/referrals.ts';

/** What is stored of a referral and its friend, as what speaks against it. */
export function suspicionIn(
  row: ReviewedReferral,
  shared: readonly SharedKind[],
  hasOrder: boolean,
): Suspicion {
  const net = row.order_net === null ? undefined : parseAmount(row.order_net);
  const average = row.average_order === null ? undefined : parseAmount(row.average_order);
  const others: Partial<Record<TraceKind, number>> = {};
  for (const { kind, others: number } of shared) others[kind] = number;
  return suspicionOf({
    inCommon: new Set(shared.flatMap(({ kind, with_advocate: both }) => (both ? [kind] : []))),
    others,
    isEmailDisposable: row.is_email_disposable,
    claimsThatDay: row.claims_that_day,
    secondsToAccount:
      row.clicked_at === null || !row.has_account
        ? null
        : Math.max(0, (row.friend_since.getTime() - row.clicked_at.getTime()) / 1_000),
    orderRisk: row.order_risk,
    order: hasOrder && net !== undefined && average !== undefined ? { net, average } : null,
  });
}

const riskSignals: Readonly<Record<OrderRisk, ReferralSignal | null>> = {
  low: null,
  medium: 'order_risk_medium',
  high: 'order_risk_high',
};
const ofRisk: ReadonlySet<ReferralSignal> = new Set(['order_risk_medium', 'order_risk_high']);

/**
 * Shopify may rate an order after its referral was judged. @returns what it was judged by with the order's rating as it
 * is now; undefined where that is the same
 */
export function withLateRisk(
  row: Pick<ReviewedReferral, 'status' | 'order_risk' | 'spoof_detection'>,
): Suspicion | undefined {
  if (row.status !== 'held' && row.status !== 'completed') return undefined;
  const judged = row.spoof_detection.reasons ?? [];
  const risk = row.order_risk === null ? null : riskSignals[row.order_risk];
  const now = judged.filter((signal) => !ofRisk.has(signal) || signal === risk);
  const signals = risk === null || now.includes(risk) ? now : [risk, ...now];
  if (signals.length === judged.length && now.length === judged.length) return undefined;
  return { score: scoreOf(signals), signals: heaviestFirst(signals) };
}
