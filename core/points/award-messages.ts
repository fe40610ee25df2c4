import type { Award, AwardResult } from '#proto/points/v1/points.ts';
import type { AwardItem, AwardOutcome, ExpiryRule } from '../ledger/index.ts';
import { NEVER } from './requests.ts';
import type { ErrorCode } from '#vocabulary/errors.ts';
import type { AwardType } from '#vocabulary/ledger.ts';

/** An award as the ledger takes it; it has passed `awardProblem`. */
export function awardItem(merchantId: string, actor: string, award: Award, now: Date): AwardItem {
  return {
    merchantId,
    actor,
    customerId: award.customerId,
    points: award.points,
    key: award.idempotencyKey,
    type: (award.type || 'earn') as AwardType,
    source: award.source || 'api',
    reason: award.reason || null,
    orderId: award.orderId || null,
    expiresAt: expiryAsked(award.expiresAt, now),
    occurredAt: award.occurredAt ? new Date(award.occurredAt) : null,
  };
}

/** By the program's rule, unless the caller says otherwise: a day, at whose end the points expire, or never. */
export function expiryAsked(expiresAt: string, now: Date): ExpiryRule | null {
  if (expiresAt === NEVER) return null;
  return expiresAt === '' ? { by: 'program', at: now } : { by: 'day', at: new Date(expiresAt) };
}

export function refusedAward(code: ErrorCode, field: string, message: string): AwardResult {
  return {
    status: 'refused',
    transactionId: '',
    sequence: 0,
    balanceAfter: 0,
    problem: { code, field, message },
  };
}

export function awardResult(outcome: AwardOutcome): AwardResult {
  switch (outcome.status) {
    case 'awarded':
    case 'duplicate':
      return { ...outcome, problem: undefined };
    case 'conflict':
      return refusedAward(
        'idempotency_conflict',
        'idempotency_key',
        'was used before for something else',
      );
    case 'unknown_customer':
      return refusedAward('not_found', 'customer_id', 'is not known');
  }
}
