import { BlockStack } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { DashboardPage } from './dashboard-page.tsx';
import { OutcomeBanner } from './outcome-banner.tsx';
import type { Refusal } from './refusal.ts';
import { UnsavedChanges } from './unsaved-changes.tsx';

interface EditorPageProps {
  title: string;
  /** The list that the page belongs to. */
  backAction?: { readonly content: string; readonly url: string };
  isDirty: boolean;
  isSaving: boolean;
  onSave: () => void;
  onDiscard: () => void;
  result: { readonly ok: true } | Refusal | undefined;
  /** Said after a save. */
  saved: string;
  /** Said when fields are refused; each error stands beside its field. */
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
  saved,
  notSaved,
  children,
}: EditorPageProps) {
  const refusal = result?.ok === false ? result : undefined;
  const hasFields = Object.keys(refusal?.fields ?? {}).length > 0;
  return (
    <DashboardPage title={title} {...(backAction && { backAction })}>
      <UnsavedChanges isDirty={isDirty} isSaving={isSaving} onSave={onSave} onDiscard={onDiscard} />
      <BlockStack gap="400">
        <OutcomeBanner
          answer={result}
          success={result?.ok === true ? saved : undefined}
          problem={refusal?.problem}
          problemText={hasFields ? notSaved : undefined}
        />
        {children}
      </BlockStack>
    </DashboardPage>
  );
}
