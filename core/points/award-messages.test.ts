import { describe, expect, it } from 'vitest';
import { Award } from '#proto/points/v1/points.ts';
import { awardItem, awardResult, expiryAsked } from './award-messages.ts';

const now = new Date('2026-11-30T12:00:00Z');
const award = Award.fromPartial({ customerId: 'ada', points: 5, idempotencyKey: 'k' });

describe('an award', () => {
  it('is earned now, by the program’s rule, where the caller says no more', () => {
    expect(awardItem('shop', 'app', award, now)).toEqual({
      merchantId: 'shop',
      actor: 'app',
      customerId: 'ada',
      points: 5,
      key: 'k',
      type: 'earn',
      source: 'api',
      reason: null,
      orderId: null,
      expiresAt: { by: 'program', at: now },
      occurredAt: null,
    });
  });

  it('is what the caller says', () => {
    const said = {
      ...award,
      type: 'import',
      source: 'file',
      reason: 'Sorry',
      orderId: '7',
      expiresAt: '2026-12-24T00:00:00Z',
      occurredAt: '2026-11-01T00:00:00Z',
    };
    expect(awardItem('shop', 'app', said, now)).toMatchObject({
      type: 'import',
      source: 'file',
      reason: 'Sorry',
      orderId: '7',
      expiresAt: { by: 'day', at: new Date('2026-12-24T00:00:00Z') },
      occurredAt: new Date('2026-11-01T00:00:00Z'),
    });
  });

  it('never expires if that is asked', () => {
    expect(expiryAsked('never', now)).toBeNull();
  });
});

describe('what became of it', () => {
  const entry = { transactionId: 't', sequence: 2, balanceAfter: 9, expiresAt: null };

  it('is the entry, whether it is new or was there', () => {
    for (const status of ['awarded', 'duplicate'] as const)
      expect(awardResult({ status, ...entry })).toEqual({ status, ...entry, problem: undefined });
  });

  it('is a refusal that names its field', () => {
    const none = { status: 'refused', transactionId: '', sequence: 0, balanceAfter: 0 };
    expect(awardResult({ status: 'conflict' })).toEqual({
      ...none,
      problem: {
        code: 'idempotency_conflict',
        field: 'idempotency_key',
        message: 'was used before for something else',
      },
    });
    expect(awardResult({ status: 'unknown_customer' })).toEqual({
      ...none,
      problem: { code: 'not_found', field: 'customer_id', message: 'is not known' },
    });
  });
});
