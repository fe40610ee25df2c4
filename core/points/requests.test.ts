import { describe, expect, it } from 'vitest';
import { Award } from '#proto/points/v1/points.ts';
import { awardProblem } from './requests.ts';

const fine = Award.fromPartial({
  customerId: '0190a3f2-7c1e-4b9a-8d4f-2a6c1b3e5f70',
  points: 5,
  idempotencyKey: 'k',
});
const fieldOf = (changes: Partial<Award>) => awardProblem({ ...fine, ...changes })?.field;

describe('one award of many', () => {
  it('is judged by itself, so that a bad one spoils no other', () => {
    expect(awardProblem(fine)).toBeUndefined();
    expect(awardProblem(undefined)).toEqual({ field: 'award', message: 'is missing' });
  });

  it.each<[string, keyof Award, readonly unknown[], readonly unknown[]]>([
    ['customer_id', 'customerId', [fine.customerId.toUpperCase()], ['', `${fine.customerId}0`]],
    ['points', 'points', [1, 1_000_000_000_000], [0, -1, 0.5, 1_000_000_000_001, Number.NaN]],
    ['idempotency_key', 'idempotencyKey', ['k', 'k'.repeat(200)], ['', 'k'.repeat(201)]],
    ['type', 'type', ['', 'earn', 'referral', 'campaign', 'import'], ['redeem', 'refund']],
    ['source', 'source', ['', 's'.repeat(64)], ['s'.repeat(65)]],
    ['reason', 'reason', ['', 'r'.repeat(500)], ['r'.repeat(501), 'half \ud83d', 'nul\0']],
    ['order_id', 'orderId', ['', '1', '1'.repeat(20)], ['1'.repeat(21), 'gid://1', '1x']],
    ['expires_at', 'expiresAt', ['', 'never', '2026-11-30T00:00:00Z'], ['tomorrow', '2026']],
    ['occurred_at', 'occurredAt', ['', '2026-11-30T00:00:00+01:00'], ['never', 'yesterday']],
  ])('is refused for its %s, and only for what is wrong with it', (field, name, taken, refused) => {
    for (const value of taken) expect(fieldOf({ [name]: value }), String(value)).toBeUndefined();
    for (const value of refused) {
      const problem = awardProblem({ ...fine, [name]: value });
      expect(problem?.field, String(value)).toBe(field);
      expect(problem?.message).toMatch(/\w/);
    }
  });
});
