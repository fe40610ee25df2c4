import { z } from 'zod';

export const MOST_TAGS = 20;
export const LONGEST_TAG = 255;

const tags = z.array(z.string().trim().min(1).max(LONGEST_TAG)).max(MOST_TAGS);

export interface ParticipantsForm {
  readonly excludedTags: string[];
  readonly excludesCompanies: boolean;
}

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

/** What is added to the list by typing: several are separated by commas, and one that is there already is dropped. */
export function withTyped(chosen: readonly string[], typed: string): string[] {
  const known = new Set(chosen.map((tag) => tag.toLowerCase()));
  const added = typed
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => {
      const key = tag.toLowerCase();
      if (key === '' || known.has(key)) return false;
      known.add(key);
      return true;
    });
  return [...chosen, ...added];
}
