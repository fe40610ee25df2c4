import { jsonObject, textsOf } from '../shared/stored-json.rules.ts';
import { ABSENCES, type Absence } from '#vocabulary/customers.ts';

/** Whom the merchant excludes from the program. */
export interface Participation {
  /** In lower case, sorted, each once: Shopify takes VIP and vip for one tag. */
  readonly excludedTags: readonly string[];
  readonly excludesCompanies: boolean;
}

export const MAX_EXCLUDED_TAGS = 20;
export const MAX_TAG_LENGTH = 255;

/** @returns the tags as they are compared; blanks around them and repetitions are dropped */
export const tagKeys = (tags: readonly string[]): string[] =>
  [...new Set(tags.map((tag) => tag.trim().toLowerCase()))].filter((tag) => tag !== '').sort();

/** Of what is stored; whatever is malformed excludes no one. */
export function participationFrom(stored: unknown): Participation {
  const { tags, companies } = jsonObject(stored);
  return { excludedTags: tagKeys(textsOf(tags)), excludesCompanies: companies === true };
}

/** What `member_absence` reads in the database. */
export const participationJson = ({ excludedTags, excludesCompanies }: Participation) => ({
  ...(excludedTags.length > 0 && { tags: excludedTags }),
  ...(excludesCompanies && { companies: true }),
});

export const absenceOf = (stored: string | null | undefined): Absence | null =>
  ABSENCES.find((absence) => absence === stored) ?? null;

/**
 * Why an order earns nothing, judged when it becomes known: by what its customer is then, and by whether it is placed
 * for a company.
 */
export function absenceOfOrder(
  member: Absence | null,
  isCompany: boolean,
  { excludesCompanies }: Pick<Participation, 'excludesCompanies'>,
): Absence | null {
  if (member !== null) return member;
  return isCompany && excludesCompanies ? 'company' : null;
}
