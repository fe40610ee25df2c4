import { z } from 'zod';
import { LONGEST_TAG, MOST_TAGS, type ParticipantsForm } from './typed-tags.rules.ts';

const tags = z.array(z.string().trim().min(1).max(LONGEST_TAG)).max(MOST_TAGS);

/** @returns the form, or the field that is refused with the key of its message */
export function parseParticipants(
  tagTexts: readonly unknown[],
  companies: unknown,
): ParticipantsForm | { readonly fields: Readonly<Record<string, string>> } {
  const parsed = tags.safeParse(tagTexts);
  return parsed.success
    ? { excludedTags: parsed.data, excludesCompanies: companies === 'true' }
    : { fields: { tag: tagTexts.length > MOST_TAGS ? 'too_many' : 'too_long' } };
}
