import { z } from 'zod';
import { readTypedWhole } from '../../i18n/typed-number.ts';

const month = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'choice');

/** Invalid values in the URL count as absent. */
const query = z.object({
  month: month.or(z.literal('')).catch(''),
  cursor: z.string().max(500).catch(''),
});
export type ExpiryQuery = z.output<typeof query>;

export function parseExpiryQuery(search: URLSearchParams): ExpiryQuery {
  return query.parse({ month: search.get('month') ?? '', cursor: search.get('cursor') ?? '' });
}

const extendForm = z.object({
  intent: z.literal('extend'),
  month,
  days: z
    .string()
    .transform((text) => readTypedWhole(text) ?? Number.NaN)
    .refine((days) => days >= 1 && days <= 3_650, 'extension_days'),
  /** Made when the form was opened: sending it twice extends once. */
  key: z.uuid('invalid'),
});
const undoForm = z.object({ intent: z.literal('undo'), extensionId: z.guid('invalid') });
const expiryForm = z.discriminatedUnion('intent', [extendForm, undoForm]);

type Parsed = { form: z.output<typeof expiryForm> } | { fields: Record<string, string> };

export function parseExpiryForm(form: FormData): Parsed {
  const parsed = expiryForm.safeParse(Object.fromEntries(form));
  if (parsed.success) return { form: parsed.data };
  return {
    fields: Object.fromEntries(
      parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message]),
    ),
  };
}
