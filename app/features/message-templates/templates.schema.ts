import { z } from 'zod';
import { MESSAGE_CHANNELS } from '#vocabulary/messages.ts';
import { LANGUAGES } from '../../i18n/languages.ts';
import { SENT_TYPES } from './template-form.ts';

/** Bounds alone: what a message may say is checked as core checks it (proto/shared/messages/check.ts). */
const words = {
  subject: z.string().max(600),
  blocks: z.string().max(60_000),
  text: z.string().max(2_000),
};
const language = z.enum(LANGUAGES);

export const templateType = z.enum(SENT_TYPES);

export const templateForm = z.object({
  enabled: z.boolean(),
  fallbackLanguage: language,
  contents: z.array(z.object({ language, ...words })).max(LANGUAGES.length),
});

export const previewForm = z.object({
  type: templateType,
  channel: z.enum(MESSAGE_CHANNELS),
  language,
  content: z.object(words),
  /** A member whose values are shown; empty for a sample's. */
  customerId: z.union([z.literal(''), z.guid()]),
});

/** A text message goes to a number as Twilio has it; spaces and brackets are how people write one. */
const phone = z
  .string()
  .max(40)
  .transform((typed) => typed.replace(/[\s().-]/g, ''))
  .pipe(z.string().regex(/^\+[1-9]\d{6,14}$/));

/** Where a test goes to, by channel. */
export const testAddress = {
  email: z.string().trim().max(254).pipe(z.email()),
  sms: phone,
} as const;

/** @returns undefined for what is no JSON, or not of that shape */
export function parseJson<Shape extends z.ZodType>(
  shape: Shape,
  json: FormDataEntryValue | null,
): z.output<Shape> | undefined {
  if (typeof json !== 'string') return undefined;
  try {
    return shape.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
