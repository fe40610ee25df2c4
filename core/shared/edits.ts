import { DomainError } from './errors.ts';

export interface Edit {
  /** What the editor had in front of them; empty when the caller edits nothing it has read, a script for example. */
  readonly opened: string;
  readonly current: string;
  /** What the editor wants; undefined when it is refused for itself. */
  readonly wanted: string | undefined;
}

/**
 * Whether an edit is still to be saved. What holds already is `saved`: a save that is sent again, because its answer was
 * lost or the button was pressed twice, finds its own work and no conflict.
 * @throws DomainError edit_conflict when another user saved something else meanwhile
 */
export function stepOfEdit({ opened, current, wanted }: Edit): 'save' | 'saved' {
  if (opened === '' || opened === current) return 'save';
  if (wanted === current) return 'saved';
  throw new DomainError('edit_conflict', { field: 'revision', message: 'was saved meanwhile' });
}
