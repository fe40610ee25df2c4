import { useFetcher } from '@remix-run/react';
import { BlockStack, Checkbox, Layout } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { EarlierVersions } from '../../dashboard/earlier-versions.tsx';
import { EditorPage } from '../../dashboard/editor-page.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { useSavedForm } from '../../dashboard/saved-form.ts';
import { ProgramExample } from './program-example.tsx';
import { ActionSection } from './action-section.tsx';
import { actionNames, type EarningForm } from './earning-form.ts';
import { fieldsOf, formOf, isSameForm, type ProgramForm } from './program-form.ts';
import { GoodsAndTests } from './goods-and-tests.tsx';
import { Expiry, Purchases, Refunds, SignUp } from './program-sections.tsx';
import type { ProgramPart } from './program-sections.tsx';
import { Multipliers, Participants } from './purchase-details.tsx';
import { Simulator } from './simulator.tsx';
import { FormSection } from '../../dashboard/form-section.tsx';
import type { ProgramData } from './program.server.ts';

export function ProgramPage({ program, currency, versions, tiers }: ProgramData) {
  const { t } = useTranslation();
  const fetcher = useFetcher<{ ok: true; version: number } | Refusal>();
  const saved = formOf(program);
  const { form, isDirty, isSaving, result, errorOf, change, revision, conflict, send, discard } =
    useSavedForm(saved, isSameForm, fetcher, String(program.version));
  const set: ProgramPart['set'] = (name, value) =>
    change(name, (current) => ({ ...current, [name]: value }));
  const save = (over = revision) =>
    send(() => fetcher.submit({ ...fieldsOf(form), currency, revision: over }, { method: 'post' }));
  const { earning } = form;
  const part: ProgramPart = {
    form,
    saved,
    currency,
    set,
    errorOf,
    onChange: (name, next) => change(name, (current) => ({ ...current, earning: next })),
  };
  const details = { earning, errorOf, onChange: part.onChange };

  return (
    <EditorPage
      title={t('program.title')}
      isDirty={isDirty}
      isSaving={isSaving}
      onSave={save}
      onDiscard={discard}
      result={result}
      conflict={conflict}
      saved={t('program.saved')}
      notSaved={t('program.notSaved')}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <FormSection title={t('program.status.title')}>
              <Checkbox
                label={t('program.status.label')}
                helpText={t('program.status.help')}
                checked={form.active}
                onChange={(value) => set('active', value)}
              />
            </FormSection>
            <Purchases part={part} />
            <Participants {...details} />
            <GoodsAndTests form={form} set={set} />
            <Multipliers {...details} />
            <SignUp part={part} />
            <Actions {...{ earning, tiers, currency, errorOf, change }} />
            <Expiry part={part} />
            <Refunds part={part} />
            <Simulator form={form} currency={currency} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <ProgramExample form={form} currency={currency} />
            <EarlierVersions
              of="program"
              versions={versions}
              fields={{ currentVersion: String(program.version) }}
              isDirty={isDirty}
            />
          </BlockStack>
        </Layout.Section>
      </Layout>
    </EditorPage>
  );
}

interface ActionsProps {
  earning: EarningForm;
  tiers: ProgramData['tiers'];
  currency: string;
  errorOf: ProgramPart['errorOf'];
  change: (name: string, next: (current: ProgramForm) => ProgramForm) => void;
}

/** The ways to earn beside buying. */
function Actions({ earning, tiers, currency, errorOf, change }: ActionsProps) {
  return (
    <>
      {actionNames.map((name) => (
        <ActionSection
          key={name}
          name={name}
          rule={earning.actions[name]}
          tiers={tiers}
          currency={currency}
          errorOf={errorOf}
          onChange={(field, rule) =>
            change(field, (current) => ({
              ...current,
              earning: {
                ...current.earning,
                actions: { ...current.earning.actions, [name]: rule },
              },
            }))
          }
        />
      ))}
    </>
  );
}
