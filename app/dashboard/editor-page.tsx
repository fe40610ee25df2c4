import { BlockStack } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { DashboardPage } from './dashboard-page.tsx';
import type { Refusal } from './refusal.ts';
import { SaveOutcome } from './save-outcome.tsx';
import type { Conflict } from './saved-form.ts';
import { UnsavedChanges } from './unsaved-changes.tsx';

interface EditorPageProps {
  title: string;
  /** The list that the page belongs to. */
  backAction?: { readonly content: string; readonly url: string };
  isDirty: boolean;
  isSaving: boolean;
  /** @param revision what to save over, by choice; absent: what the form was opened with */
  onSave: (revision?: string) => void;
  onDiscard: () => void;
  result: { readonly ok: true } | Refusal | undefined;
  conflict: Conflict | undefined;
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
  isDirty,
  isSaving,
  onSave,
  onDiscard,
  result,
  conflict,
  saved,
  notSaved,
  children,
}: EditorPageProps) {
  return (
    <DashboardPage title={title} {...(backAction && { backAction })}>
      <UnsavedChanges
        isDirty={isDirty}
        isSaving={isSaving}
        onSave={() => onSave()}
        onDiscard={onDiscard}
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
