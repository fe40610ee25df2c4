export const MOST_TAGS = 20;
export const LONGEST_TAG = 255;

export interface ParticipantsForm {
  readonly excludedTags: string[];
  readonly excludesCompanies: boolean;
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
