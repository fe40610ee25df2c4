import { z } from 'zod';
import type { AnalyticsServiceDefinition } from '#proto/analytics/v1/analytics.ts';
import { cursor, page, text, uuid } from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { LANGUAGES } from '#vocabulary/languages.ts';
import { RECENCY_DECAYS, RESCORE_TRIGGERS, UPDATE_CADENCES } from '#vocabulary/segments.ts';

const whole = z.number().int();
const bins = z.object({ five: whole, four: whole, three: whole, two: whole });
const decimal = text(24);
const monetaryBin = z.object({ aovMultiple: decimal, minSpend: decimal });

const thresholds = z
  .object({
    recency: bins.optional(),
    frequency: bins.optional(),
    monetary: z
      .object({ five: monetaryBin, four: monetaryBin, three: monetaryBin, two: monetaryBin })
      .optional(),
    recencyDecay: z
      .enum(['', ...RECENCY_DECAYS, 'default'])
      // An old name of the standard.
      .transform((decay) => (decay === 'default' ? ('standard' as const) : decay)),
    weights: z.object({ recency: decimal, frequency: decimal, monetary: decimal }).optional(),
    update: z.enum(['', ...UPDATE_CADENCES]),
  })
  .optional();

const range = z.object({ low: whole, high: whole });
const segments = z
  .array(
    z.object({
      segmentId: text(40, 1),
      recency: range.optional(),
      frequency: range.optional(),
      monetary: range.optional(),
      name: z
        .partialRecord(z.enum(LANGUAGES), text(60, 1))
        .transform((names) => Object.fromEntries(Object.entries(names))),
    }),
  )
  .max(20);

/** Bounds that depend on each other are judged by the rules (rfm-config.rules.ts), not here. */
export const rfmSchemas = {
  updateRFMConfig: z.object({
    thresholds,
    segments,
    industry: z.string().regex(/^[a-z0-9_]{0,40}$/, 'small letters, digits and _'),
  }),
  previewRFMSegments: z.object({ thresholds, segments }),
  getRFMScore: z.object({ customerId: uuid }),
  calculateRFMScore: z.object({ customerId: uuid }),
  getScoreHistory: z.object({ customerId: uuid, page }),
  rescoreMembers: z.object({
    cursor: z.union([z.literal(''), cursor.pipe(uuid)]),
    limit: whole.min(1).max(5_000),
    trigger: z.enum(RESCORE_TRIGGERS),
    onlyIfDue: z.boolean(),
  }),
} satisfies RequestSchemas<typeof AnalyticsServiceDefinition>;
