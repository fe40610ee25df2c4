import { useRevalidator } from '@remix-run/react';
import { useEffect, useRef, useState, type SetStateAction } from 'react';
import { useFirstInvalid } from './first-invalid.ts';
import { useFieldError } from './problem-text.ts';
import type { Refusal } from './refusal.ts';

/** What of a fetcher a form follows. */
interface Saving<Done extends { readonly ok: true }> {
  readonly state: 'idle' | 'loading' | 'submitting';
  readonly data: Done | Refusal | undefined;
}

/** Another user saved what this form has open. What was typed stays until its author decides. */
export interface Conflict {
  /** What the other one saved is being loaded. */
  readonly isLoading: boolean;
  /** Loads what was saved and discards what was typed. */
  readonly takeTheirs: () => void;
  /** The revision to overwrite, for an author who chooses to. */
  readonly newest: string;
}

/**
 * A form over saved data: it knows whether it differs, adopts core's normalized values (`1,50` comes
 * back as `1.5`), and forgets the error of a field that has been typed in since. It remembers which revision it was
 * opened with: another user's save replaces nothing that was typed, and is not overwritten unseen.
 */
export function useSavedForm<Form, Done extends { readonly ok: true }>(
  saved: Form,
  isSame: (a: Form, b: Form) => boolean,
  saving: Saving<Done>,
  /** The saved revision from the loader; empty for a new item. */
  revision: string,
) {
  const [opened, setOpened] = useState({ saved, revision });
  const [form, setForm] = useState(saved);
  const [corrected, setCorrected] = useState<ReadonlySet<string>>(new Set());
  const [decided, setDecided] = useState<Refusal>();
  const isSaving = saving.state !== 'idle';
  const result = isSaving ? undefined : saving.data;
  const refusal = result?.ok === false && result !== decided ? result : undefined;
  useFirstInvalid(refusal);
  const fieldError = useFieldError(refusal?.fields ?? {});
  const isDirty = !isSame(form, opened.saved);
  const take = () => {
    setOpened({ saved, revision });
    setForm(saved);
  };

  // The response may be rendered before the reloaded data: the later one counts.
  const [seen, setSeen] = useState(result);
  if (result !== seen) setSeen(result);
  const isChanged = revision !== opened.revision || !isSame(saved, opened.saved);
  if ((result !== seen && result?.ok === true) || (isChanged && !isDirty)) take();

  const isConflict = refusal?.problem.code === 'edit_conflict';
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (isConflict) void revalidate();
  }, [isConflict, revalidate]);

  const isSent = useRef(false);
  useEffect(() => {
    isSent.current = isSaving;
  }, [isSaving]);

  return {
    form,
    isDirty,
    isSaving,
    result: result === decided ? undefined : result,
    refusal,
    /** To be sent with a save. */
    revision: opened.revision,
    conflict: isConflict
      ? ({
          isLoading: state !== 'idle',
          takeTheirs: () => {
            setDecided(refusal);
            take();
          },
          newest: revision,
        } satisfies Conflict)
      : undefined,
    errorOf: (name: string) => (corrected.has(name) ? undefined : fieldError(name)),
    change: (name: string, next: SetStateAction<Form>) => {
      setForm(next);
      setCorrected((names) => new Set(names).add(name));
    },
    /** Sends a save, and no second one before the first response, which validates every field again. */
    send: (submit: () => void) => {
      if (isSent.current) return;
      isSent.current = true;
      setCorrected(new Set());
      submit();
    },
    discard: () => {
      take();
      setCorrected(new Set(Object.keys(refusal?.fields ?? {})));
    },
  };
}
