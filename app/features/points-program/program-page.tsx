import { useFetcher } from '@remix-run/react';
import {
  BlockStack,
  Card,
  ChoiceList,
  Checkbox,
  FormLayout,
  Layout,
  Text,
  TextField,
} from '@shopify/polaris';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EditorPage } from '../../dashboard/editor-page.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { useSavedForm } from '../../dashboard/saved-form.ts';
import { useFormat } from '../../dashboard/shop.ts';
import { ProgramExample } from './program-example.tsx';
import { formOf, isSameForm, type ProgramForm } from './program-form.ts';
import type { ProgramData } from './program.server.ts';

export function ProgramPage({ program, currency }: ProgramData) {
  const { t } = useTranslation();
  const { money } = useFormat();
  const fetcher = useFetcher<{ ok: true; version: number } | Refusal>();
  const saved = formOf(program);
  const { form, isDirty, isSaving, result, errorOf, change, beginSave, discard } = useSavedForm(
    saved,
    isSameForm,
    fetcher,
  );
  const set = <Name extends keyof ProgramForm>(name: Name, value: ProgramForm[Name]) =>
    change(name, (current) => ({ ...current, [name]: value }));
  const save = () => {
    beginSave();
    const fields = Object.fromEntries(
      Object.entries(form).map(([name, value]) => [name, String(value)]),
    );
    fetcher.submit(fields, { method: 'post' });
  };

  return (
    <EditorPage
      title={t('program.title')}
      isDirty={isDirty}
      isSaving={isSaving}
      onSave={save}
      onDiscard={discard}
      result={result}
      saved={t('program.saved')}
      notSaved={t('program.notSaved')}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <Section title={t('program.status.title')}>
              <Checkbox
                label={t('program.status.label')}
                helpText={t('program.status.help')}
                checked={form.active}
                onChange={(value) => set('active', value)}
              />
            </Section>
            <Section title={t('program.purchase.title')}>
              <Checkbox
                label={t('program.purchase.enabled')}
                checked={form.purchaseEnabled}
                onChange={(value) => {
                  set('purchaseEnabled', value);
                  // A field that cannot be reached must not hold an error.
                  if (!value) set('pointsPerUnit', saved.pointsPerUnit);
                }}
              />
              <TextField
                label={t('program.purchase.rate', { unit: money({ amount: '1', currency }) })}
                helpText={t('program.purchase.rateHelp')}
                value={form.pointsPerUnit}
                onChange={(value) => set('pointsPerUnit', value)}
                error={errorOf('pointsPerUnit')}
                disabled={!form.purchaseEnabled}
                inputMode="decimal"
                autoComplete="off"
              />
              <ChoiceList
                title={t('program.purchase.awardOn')}
                choices={[
                  { value: 'paid', label: t('program.purchase.onPaid') },
                  {
                    value: 'created',
                    label: t('program.purchase.onCreated'),
                    helpText: t('program.purchase.onCreatedHelp'),
                  },
                ]}
                selected={[form.awardOn]}
                onChange={([value]) => set('awardOn', value === 'created' ? 'created' : 'paid')}
                disabled={!form.purchaseEnabled}
              />
            </Section>
            <Section title={t('program.signup.title')}>
              <Checkbox
                label={t('program.signup.enabled')}
                checked={form.signupEnabled}
                onChange={(value) => {
                  set('signupEnabled', value);
                  if (!value) set('signupPoints', saved.signupPoints);
                }}
              />
              <TextField
                label={t('program.signup.points')}
                value={form.signupPoints}
                onChange={(value) => set('signupPoints', value)}
                error={errorOf('signupPoints')}
                disabled={!form.signupEnabled}
                inputMode="numeric"
                autoComplete="off"
              />
            </Section>
            <Section title={t('program.expiry.title')}>
              <TextField
                label={t('program.expiry.days')}
                helpText={t('program.expiry.help')}
                value={form.expiryDays}
                onChange={(value) => set('expiryDays', value)}
                error={errorOf('expiryDays')}
                inputMode="numeric"
                autoComplete="off"
              />
            </Section>
            <Section title={t('program.refund.title')}>
              <ChoiceList
                title={t('program.refund.label')}
                choices={[
                  {
                    value: 'debt',
                    label: t('program.refund.debt'),
                    helpText: t('program.refund.debtHelp'),
                  },
                  {
                    value: 'clip',
                    label: t('program.refund.clip'),
                    helpText: t('program.refund.clipHelp'),
                  },
                ]}
                selected={[form.refundPolicy]}
                onChange={([value]) => set('refundPolicy', value === 'clip' ? 'clip' : 'debt')}
              />
            </Section>
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <ProgramExample form={form} currency={currency} />
        </Layout.Section>
      </Layout>
    </EditorPage>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        <FormLayout>{children}</FormLayout>
      </BlockStack>
    </Card>
  );
}
