import { z } from 'zod';
import type { PointsProgram, PointsServiceDefinition } from '#proto/points/v1/points.ts';
import type { RequestSchemas } from '../call/validation.ts';

export const simulatorSchemas = {
  simulateProgram: z.object({
    program: z.custom<PointsProgram>((value) => typeof value === 'object').optional(),
    months: z.number().int().min(0).max(24),
    includeHistory: z.boolean(),
  }),
} satisfies RequestSchemas<typeof PointsServiceDefinition>;
