import { useState, type SetStateAction } from 'react';
import { useFieldError } from './problem-text.ts';
import type { Refusal } from './refusal.ts';

/** What of a fetcher a form follows. */
interface Saving {
  readonly state: 'idle' | 'loading' | 'submitting';
  readonly data: { readonly ok: true } | Refusal | undefined;
}

/**
 * A form over what is saved: it knows whether it differs, takes over what core made of what was saved (`1,50` comes
 * back as `1.5`), and forgets the error of a field that has been typed in since.
 */
export function useSavedForm<Form>(
  saved: Form,
  isSame: (a: Form, b: Form) => boolean,
  saving: Saving,
) {
  const [form, setForm] = useState(saved);
  const [corrected, setCorrected] = useState<ReadonlySet<string>>(new Set());
  const isSaving = saving.state !== 'idle';
  const result = isSaving ? undefined : saving.data;
  const refusal = result?.ok === false ? result : undefined;
  const fieldError = useFieldError(refusal?.fields ?? {});

  // The answer may be rendered before what is loaded behind it: whichever comes last counts.
  const [seen, setSeen] = useState({ result, saved });
  if (result !== seen.result || !isSame(saved, seen.saved)) {
    setSeen({ result, saved });
    if (result?.ok === true || !isSame(saved, seen.saved)) setForm(saved);
  }

  return {
    form,
    isDirty: !isSame(form, saved),
    isSaving,
    result,
    refusal,
    errorOf: (name: string) => (corrected.has(name) ? undefined : fieldError(name)),
    change: (name: string, next: SetStateAction<Form>) => {
      setForm(next);
      setCorrected((names) => new Set(names).add(name));
    },
    /** To be called when a save is sent: its answer judges every field anew. */
    beginSave: () => {
      setCorrected(new Set());
    },
    discard: () => {
      setForm(saved);
      setCorrected(new Set(Object.keys(refusal?.fields ?? {})));
    },
  };
}
