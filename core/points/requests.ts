import { z } from 'zod';
import type { Award, PointsServiceDefinition } from '#proto/points/v1/points.ts';
import {
  fieldPath,
  instant,
  page,
  text,
  unstorablePath,
  uuid,
  uuidOrEmpty,
} from '../call/validation.ts';
import { MAX_ENTRY_POINTS } from '../ledger/limits.rules.ts';
import type { RequestSchemas } from '../call/validation.ts';
import type { DomainErrorDetails } from '../shared/errors.ts';
import { AWARD_TYPES } from '#vocabulary/ledger.ts';

/** Awards in one AwardMany or ImportPoints call. */
export const MAX_AWARDS = 500;
/** Points of one entry; the same bound as an order's award. */
export const MAX_POINTS = MAX_ENTRY_POINTS;
/** Says of an award that it does not expire, whatever the program's rule. */
export const NEVER = 'never';

const key = text(200, 1);
const instantOrEmpty = z.union([z.literal(''), instant]);
const expiryAsked = z.union([instantOrEmpty, z.literal(NEVER)]);
const month = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11');

/**
 * What each request must look like. The hot calls (EarnPoints, AwardMany, AwardStream) are checked by `awardProblem`
 * instead, item by item, because one bad award must not fail the other 499.
 */
export const pointsSchemas = {
  getPointsBalance: z.object({ customerId: uuid }),
  listEntries: z.object({ customerId: uuidOrEmpty, page, types: z.array(text(32)).max(16) }),
  explainBalance: z.object({ customerId: uuid }),
  adjustPoints: z.object({
    customerId: uuid,
    points: z
      .number()
      .int()
      .min(-MAX_POINTS)
      .max(MAX_POINTS)
      .refine((value) => value !== 0, 'must not be zero'),
    reason: z.string().trim().min(1).max(500),
    idempotencyKey: key,
    expiresAt: expiryAsked,
  }),
  reverseEntry: z.object({ transactionId: uuid, reason: text(500), customerId: uuidOrEmpty }),
  holdPoints: z.object({
    customerId: uuid,
    points: z.number().int().min(1).max(MAX_POINTS),
    idempotencyKey: key,
    purpose: text(100),
    expiresAt: instant,
  }),
  confirmHold: z.object({ holdId: uuid }),
  releaseHold: z.object({ holdId: uuid }),
  expirePoints: z.object({ limit: z.number().int().min(0).max(1000) }),
  getExpirySchedule: z.object({ customerId: uuid }),
  listExpiringMembers: z.object({ month, page }),
  extendExpiry: z.object({
    customerId: uuidOrEmpty,
    month,
    days: z.number().int().min(1).max(3_650),
    idempotencyKey: text(200, 1),
  }),
  undoExpiryExtension: z.object({ extensionId: uuid }),
  notifyExpiring: z.object({ limit: z.number().int().min(0).max(5_000) }),
} satisfies RequestSchemas<typeof PointsServiceDefinition>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const CREDIT_TYPES: ReadonlySet<string> = new Set(['', ...AWARD_TYPES]);

/** @returns what is wrong with an award, naming its field, or undefined. */
export function awardProblem(
  award: Award | undefined,
): Required<Pick<DomainErrorDetails, 'field' | 'message'>> | undefined {
  if (!award) return { field: 'award', message: 'is missing' };
  const unstorable = unstorablePath(award);
  if (unstorable !== undefined)
    return {
      field: fieldPath(unstorable),
      message: 'contains a character that no text can hold',
    };
  if (!UUID.test(award.customerId)) return { field: 'customer_id', message: 'must be a UUID' };
  if (!Number.isSafeInteger(award.points) || award.points < 1 || award.points > MAX_POINTS) {
    return { field: 'points', message: `must be a whole number from 1 to ${MAX_POINTS}` };
  }
  const { length } = award.idempotencyKey;
  if (length < 1 || length > 200)
    return { field: 'idempotency_key', message: 'must have 1 to 200 characters' };
  if (!CREDIT_TYPES.has(award.type))
    return { field: 'type', message: 'must be earn, referral, campaign or import' };
  if (award.source.length > 64)
    return { field: 'source', message: 'must have at most 64 characters' };
  if (award.reason.length > 500)
    return { field: 'reason', message: 'must have at most 500 characters' };
  if (award.orderId !== '' && !/^\d{1,20}$/.test(award.orderId))
    return { field: 'order_id', message: 'must be a numeric Shopify id' };
  if (!expiryAsked.safeParse(award.expiresAt).success)
    return { field: 'expires_at', message: 'must be ISO 8601 or never' };
  if (award.occurredAt !== '' && !instant.safeParse(award.occurredAt).success)
    return { field: 'occurred_at', message: 'must be ISO 8601' };
  return undefined;
}
