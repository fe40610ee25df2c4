import { jsonObject, textOf } from '../shared/stored-json.rules.ts';

/** What is known of one tag: removed ones stay for a while, so that an older "added" that arrives later finds them. */
interface KnownTag {
  readonly name: string;
  readonly isSet: boolean;
  readonly at: string;
}

/** By the tag in lower case: Shopify takes VIP and vip for one tag. */
export type KnownTags = Readonly<Record<string, KnownTag>>;

export interface ToldTags {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** `added` is the whole list, and what is not in it is gone. */
  readonly isWhole: boolean;
}

/** Shopify allows 250 tags a customer; as many removed ones are remembered. */
const keptTags = 500;

/** What is known of a member's tags after another update, in whatever order updates arrive. */
export function tagsAfter(known: KnownTags, told: ToldTags): KnownTags {
  const tags = new Map(Object.entries(known));
  const tell = (name: string, isSet: boolean) => {
    const key = name.toLowerCase();
    const before = tags.get(key);
    // Of two at the same time the removal holds: there the order cannot be known.
    const isNewer =
      before === undefined || told.at > before.at || (told.at === before.at && before.isSet);
    if (isNewer) tags.set(key, { name, isSet, at: told.at });
  };
  for (const name of told.added) tell(name, true);
  for (const name of told.removed) tell(name, false);
  if (told.isWhole) {
    const whole = new Set(told.added.map((name) => name.toLowerCase()));
    for (const [key, { name }] of tags) if (!whole.has(key)) tell(name, false);
  }
  const kept = [...tags].sort(
    ([, a], [, b]) => Number(b.isSet) - Number(a.isSet) || b.at.localeCompare(a.at),
  );
  return Object.fromEntries(kept.slice(0, keptTags));
}

/** Of what is stored; whatever is malformed reads as nothing. */
export function tagsOf(stored: unknown): KnownTags {
  return Object.fromEntries(
    Object.entries(jsonObject(stored)).map(([key, value]) => {
      const tag = jsonObject(value);
      return [
        key,
        { name: textOf(tag['name']), isSet: tag['isSet'] === true, at: textOf(tag['at']) },
      ];
    }),
  );
}

export function namesOf(tags: KnownTags): string[] {
  return Object.values(tags)
    .filter(({ isSet, name }) => isSet && name !== '')
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b));
}
