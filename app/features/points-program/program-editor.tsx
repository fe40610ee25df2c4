import { useFetcher } from '@remix-run/react';
import { BlockStack, Layout } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HelpTopic } from '../../dashboard/help.tsx';
import { EditorPage } from '../../dashboard/editor-page.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { useSavedForm } from '../../dashboard/saved-form.ts';
import type { EarningForm } from './earning-form.ts';
import { ProgramExample } from './program-example.tsx';
import { fieldsOf, formOf, isSameForm, type ProgramForm } from './program-form.ts';
import type { ProgramData } from './program.server.ts';

/** What every section of the form works with. */
export interface ProgramPart {
  readonly form: ProgramForm;
  /** What the form was opened with. */
  readonly saved: ProgramForm;
  readonly currency: string;
  readonly tiers: ProgramData['tiers'];
  readonly set: <Name extends keyof ProgramForm>(name: Name, value: ProgramForm[Name]) => void;
  readonly errorOf: (name: string) => string | undefined;
  /** @param name the field, as errors name it */
  readonly setEarning: (name: string, next: (earning: EarningForm) => EarningForm) => void;
}

interface ProgramEditorProps {
  data: ProgramData;
  title: string;
  help: HelpTopic;
  /** Above the form, over the whole width. */
  top?: (part: ProgramPart) => ReactNode;
  /** In place of the example of an order. */
  beside?: (part: ProgramPart) => ReactNode;
  children: (part: ProgramPart) => ReactNode;
}

/** A page with some of the program's rules: each page saves the form as a whole, over the version it was opened with. */
export function ProgramEditor({ data, title, help, top, beside, children }: ProgramEditorProps) {
  const { t } = useTranslation();
  const { program, currency, tiers } = data;
  const fetcher = useFetcher<{ ok: true; version: number } | Refusal>();
  const saved = formOf(program);
  const editing = useSavedForm(saved, isSameForm, fetcher, String(program.version));
  const { form, errorOf, change, revision, send } = editing;
  const save = (over = revision) =>
    send(() => fetcher.submit({ ...fieldsOf(form), currency, revision: over }, { method: 'post' }));
  const part: ProgramPart = {
    form,
    saved,
    currency,
    tiers,
    errorOf,
    set: (name, value) => change(name, (current) => ({ ...current, [name]: value })),
    setEarning: (name, next) =>
      change(name, (current) => ({ ...current, earning: next(current.earning) })),
  };
  return (
    <EditorPage
      title={title}
      backAction={{ content: t('nav.program'), url: '/app/program' }}
      help={help}
      editing={editing}
      onSave={save}
      saved={t('program.saved')}
      notSaved={t('program.notSaved')}
    >
      <Layout>
        {top !== undefined && <Layout.Section variant="fullWidth">{top(part)}</Layout.Section>}
        <Layout.Section>
          <BlockStack gap="400">{children(part)}</BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          {beside?.(part) ?? <ProgramExample form={form} currency={currency} />}
        </Layout.Section>
      </Layout>
    </EditorPage>
  );
}
