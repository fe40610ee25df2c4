import type { PublicEvent } from '#vocabulary/public-events.ts';

type InOne<Name extends string> = Name extends `${infer First}.${infer Second}`
  ? `${First}${Capitalize<Second>}`
  : Name;

/** The key of an event's name in the catalog, whose keys have no dots of their own. */
export const eventWord = <Event extends PublicEvent>(event: Event): InOne<Event> =>
  event.replace(/\.(\w)/, (_dot, letter: string) => letter.toUpperCase()) as InOne<Event>;
