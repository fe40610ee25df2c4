import type { SharedTrace } from '#proto/referrals/v1/referrals.ts';

/** What is shared, as a drawing: the friend in the middle, and around them everyone who shares something. */

export interface GraphNode {
  readonly customerId: string;
  readonly role: 'friend' | SharedRole;
  readonly x: number;
  readonly y: number;
  /** What they share with the friend; of the friend nothing. */
  readonly kinds: readonly string[];
}
export type SharedRole = 'advocate' | 'friend_of_advocate' | 'other';

/** Of the drawing, in its own units. */
export const GRAPH = { width: 400, height: 260, radius: 100 } as const;
/** More would be a cloud; the table has all of them. */
const mostDrawn = 11;

const roles: readonly SharedRole[] = ['advocate', 'friend_of_advocate', 'other'];
const roleOf = (text: string): SharedRole => roles.find((role) => role === text) ?? 'other';

/** @returns the friend first, then the advocate, who is drawn whether or not anything is shared */
export function sharedGraph(
  friendId: string,
  advocateId: string,
  shared: readonly Pick<SharedTrace, 'kind' | 'person' | 'role'>[],
): GraphNode[] {
  const others = new Map<string, { role: SharedRole; kinds: string[] }>([
    [advocateId, { role: 'advocate', kinds: [] }],
  ]);
  for (const { kind, person, role } of shared) {
    if (person === undefined) continue;
    const known = others.get(person.customerId);
    if (known === undefined) others.set(person.customerId, { role: roleOf(role), kinds: [kind] });
    else if (!known.kinds.includes(kind)) known.kinds.push(kind);
  }
  const drawn = [...others].slice(0, mostDrawn);
  const middle = { x: GRAPH.width / 2, y: GRAPH.height / 2 };
  return [
    { customerId: friendId, role: 'friend', ...middle, kinds: [] },
    ...drawn.map(([customerId, { role, kinds }], at) => {
      // From the top, clockwise; wider than high, as the page is.
      const angle = (2 * Math.PI * at) / drawn.length - Math.PI / 2;
      return {
        customerId,
        role,
        kinds,
        x: Math.round(middle.x + 1.5 * GRAPH.radius * Math.cos(angle)),
        y: Math.round(middle.y + GRAPH.radius * Math.sin(angle)),
      };
    }),
  ];
}
