import { createHash } from 'node:crypto';

/** A name for what an editor has in front of them: two states with one name are the same. */
export function revisionOf(state: unknown): string {
  return createHash('sha256').update(canonical(state)).digest('base64url').slice(0, 22);
}

/** JSON whose keys are sorted, so that neither storage nor the order of writing changes the name. */
function canonical(state: unknown): string {
  return JSON.stringify(state, (_key, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
