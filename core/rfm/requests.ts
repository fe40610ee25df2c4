import { z } from 'zod';
import type { AnalyticsServiceDefinition } from '#proto/analytics/v1/analytics.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { rfmSchemas } from './config-request.ts';

export const analyticsSchemas: RequestSchemas<typeof AnalyticsServiceDefinition> = {
  ...rfmSchemas,
  getAnalytics: z.object({
    days: z
      .number()
      .int()
      .min(0)
      .max(365)
      .transform((days) => (days === 0 ? 30 : days)),
  }),
};
