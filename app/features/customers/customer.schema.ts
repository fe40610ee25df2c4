import { z } from 'zod';
import { readPoints } from './points-input.ts';

export const MAX_REASON_LENGTH = 500;

const points = z.string().transform((typed, context) => {
  const read = readPoints(typed);
  if (typeof read === 'number') return read;
  context.addIssue({ code: 'custom', message: read });
  return z.NEVER;
});

const adjustForm = z.object({
  intent: z.literal('adjust'),
  points,
  reason: z.string().trim().min(1, 'reason_required').max(MAX_REASON_LENGTH, 'reason_too_long'),
  /** Made when the form was opened: sending it twice adjusts once. */
  key: z.uuid('invalid'),
});
const undoForm = z.object({
  intent: z.literal('undo'),
  transactionId: z.uuid('invalid'),
  reason: z.string().trim().max(MAX_REASON_LENGTH).catch(''),
});
const pointsForm = z.discriminatedUnion('intent', [adjustForm, undoForm]);

export type PointsForm = z.output<typeof pointsForm>;
export type ParsedForm<Form> = { form: Form } | { fields: Record<string, string> };

export function parsePointsForm(form: FormData): ParsedForm<PointsForm> {
  const parsed = pointsForm.safeParse(Object.fromEntries(form));
  if (parsed.success) return { form: parsed.data };
  return {
    fields: Object.fromEntries(
      parsed.error.issues.reverse().map((issue) => [issue.path.join('.'), issue.message]),
    ),
  };
}
