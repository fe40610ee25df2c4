import { z } from 'zod';
import type { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import type { RequestSchemas } from '../call/validation.ts';

export const programSchemas = {
  restoreProgram: z.object({
    version: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
    currentVersion: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  }),
} satisfies RequestSchemas<typeof PointsServiceDefinition>;
