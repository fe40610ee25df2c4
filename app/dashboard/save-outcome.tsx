import { EditConflict } from './edit-conflict.tsx';
import { OutcomeBanner } from './outcome-banner.tsx';
import type { Refusal } from './refusal.ts';
import type { Conflict } from './saved-form.ts';

interface SaveOutcomeProps {
  result: { readonly ok: true } | Refusal | undefined;
  /** Shown after a save; undefined where the page navigates away. */
  saved: string | undefined;
  /** Shown when fields are refused; each error is beside its field. */
  notSaved: string;
  conflict: Conflict | undefined;
  onSave: (revision?: string) => void;
}

/** The result of a save: saved, refused beside its fields, in conflict with another save, or retryable. */
export function SaveOutcome({ result, saved, notSaved, conflict, onSave }: SaveOutcomeProps) {
  const refusal = result?.ok === false ? result : undefined;
  const hasFields = Object.keys(refusal?.fields ?? {}).length > 0;
  return (
    <>
      <OutcomeBanner
        answer={conflict === undefined ? result : undefined}
        success={result?.ok === true ? saved : undefined}
        problem={refusal?.problem}
        problemText={hasFields ? notSaved : undefined}
        onRetry={() => onSave()}
      />
      {conflict && <EditConflict conflict={conflict} onOverwrite={onSave} />}
    </>
  );
}
