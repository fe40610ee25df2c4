import { z } from 'zod';
import type { AnalyticsServiceDefinition } from '#proto/analytics/v1/analytics.ts';
import type { RequestSchemas } from '../call/validation.ts';

export const reportSchemas = {
  getAnalytics: z.object({
    days: z
      .number()
      .int()
      .min(0)
      .max(365)
      .transform((days) => (days === 0 ? 30 : days)),
  }),
} satisfies RequestSchemas<typeof AnalyticsServiceDefinition>;
