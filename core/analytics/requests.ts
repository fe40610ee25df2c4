import { z } from 'zod';
import type { AnalyticsServiceDefinition } from '#proto/analytics/v1/analytics.ts';
import type { RequestSchemas } from '../server/validation.ts';
import { rfmSchemas } from './rfm-requests.ts';

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
