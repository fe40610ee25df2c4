import { BlockStack } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { DashboardPage } from './dashboard-page.tsx';
import type { HelpTopic } from './help.tsx';
import type { Refusal } from './refusal.ts';
import { SaveOutcome } from './save-outcome.tsx';
import type { Conflict } from './saved-form.ts';
import { UnsavedChanges } from './unsaved-changes.tsx';

/** What `useSavedForm` knows of the page's form. */
export interface Editing {
  readonly isDirty: boolean;
  readonly isSaving: boolean;
  readonly discard: () => void;
  readonly result: { readonly ok: true } | Refusal | undefined;
  readonly conflict: Conflict | undefined;
}

interface EditorPageProps {
  title: string;
  /** The list that the page belongs to. */
  backAction?: { readonly content: string; readonly url: string };
  help?: HelpTopic;
  editing: Editing;
  /** @param revision what to save over, by choice; absent: what the form was opened with */
  onSave: (revision?: string) => void;
  /** Shown after a save. */
  saved: string;
  /** Shown when fields are refused; each error is beside its field. */
  notSaved: string;
  children: ReactNode;
}

/** A page whose one form is saved as a whole, by Shopify's save bar. */
export function EditorPage({
  title,
  backAction,
  help,
  editing: { isDirty, isSaving, discard, result, conflict },
  onSave,
  saved,
  notSaved,
  children,
}: EditorPageProps) {
  return (
    <DashboardPage title={title} {...(backAction && { backAction })} {...(help && { help })}>
      <UnsavedChanges
        isDirty={isDirty}
        isSaving={isSaving}
        onSave={() => onSave()}
        onDiscard={discard}
      />
      <BlockStack gap="400">
        <SaveOutcome
          result={result}
          saved={saved}
          notSaved={notSaved}
          conflict={conflict}
          onSave={onSave}
        />
        {children}
      </BlockStack>
    </DashboardPage>
  );
}
