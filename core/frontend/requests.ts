import { z } from 'zod';
import type { FrontendServiceDefinition } from '#proto/frontend/v1/frontend.ts';
import { cursor, locale, pageSize } from '../server/validation.ts';
import type { RequestSchemas } from '../server/validation.ts';

export const frontendSchemas: RequestSchemas<typeof FrontendServiceDefinition> = {
  getWidget: z.object({ locale }),
  getHistory: z.object({ cursor, pageSize, orderId: z.string().regex(/^\d{0,20}$/) }),
  getTillMember: z.object({ shopifyCustomerId: z.string().regex(/^\d{1,20}$/), locale }),
};
