import { useFetcher } from '@remix-run/react';
import {
  BlockStack,
  ChoiceList,
  Checkbox,
  FormLayout,
  Layout,
  Link,
  TextField,
} from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { EarlierVersions } from '../../dashboard/earlier-versions.tsx';
import { EditorPage } from '../../dashboard/editor-page.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { useSavedForm } from '../../dashboard/saved-form.ts';
import { ProgramExample } from './program-example.tsx';
import { ActionSection } from './action-section.tsx';
import { actionNames, type EarningForm } from './earning-form.ts';
import { IconSelect } from './icon-select.tsx';
import { fieldsOf, formOf, isSameForm, type ProgramForm } from './program-form.ts';
import { GoodsAndTests } from './goods-and-tests.tsx';
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
  const set = <Name extends keyof ProgramForm>(name: Name, value: ProgramForm[Name]) =>
    change(name, (current) => ({ ...current, [name]: value }));
  const save = (over = revision) =>
    send(() => fetcher.submit({ ...fieldsOf(form), currency, revision: over }, { method: 'post' }));
  const { earning } = form;
  const details = {
    earning,
    errorOf,
    onChange: (name: string, next: EarningForm) =>
      change(name, (current) => ({ ...current, earning: next })),
  };

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
            <FormSection title={t('program.purchase.title')}>
              <Checkbox
                label={t('program.purchase.enabled')}
                checked={form.purchaseEnabled}
                onChange={(value) => {
                  set('purchaseEnabled', value);
                  // A field that cannot be reached must not hold an error.
                  if (value) return;
                  set('ratePoints', saved.ratePoints);
                  set('ratePer', saved.ratePer);
                }}
              />
              <FormLayout>
                <FormLayout.Group condensed>
                  <TextField
                    label={t('program.purchase.ratePoints')}
                    helpText={t('program.purchase.rateHelp')}
                    value={form.ratePoints}
                    onChange={(value) => set('ratePoints', value)}
                    error={errorOf('ratePoints')}
                    disabled={!form.purchaseEnabled}
                    inputMode="numeric"
                    autoComplete="off"
                  />
                  <TextField
                    label={t('program.purchase.ratePer', { currency })}
                    value={form.ratePer}
                    onChange={(value) => set('ratePer', value)}
                    error={errorOf('ratePer')}
                    disabled={!form.purchaseEnabled}
                    inputMode="numeric"
                    autoComplete="off"
                  />
                </FormLayout.Group>
              </FormLayout>
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
              <IconSelect
                value={earning.purchaseIcon}
                disabled={!form.purchaseEnabled}
                onChange={(purchaseIcon) =>
                  details.onChange('purchaseIcon', { ...earning, purchaseIcon })
                }
              />
            </FormSection>
            <Participants {...details} />
            <GoodsAndTests form={form} set={set} />
            <Multipliers {...details} />
            <FormSection title={t('program.signup.title')}>
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
              <IconSelect
                value={earning.signupIcon}
                disabled={!form.signupEnabled}
                onChange={(signupIcon) =>
                  details.onChange('signupIcon', { ...earning, signupIcon })
                }
              />
            </FormSection>
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
            <FormSection title={t('program.expiry.title')}>
              <TextField
                label={t('program.expiry.days')}
                helpText={t('program.expiry.help')}
                value={form.expiryDays}
                onChange={(value) => set('expiryDays', value)}
                error={errorOf('expiryDays')}
                inputMode="numeric"
                autoComplete="off"
              />
              {form.expiryDays.trim() !== '0' && (
                <ChoiceList
                  title={t('program.expiry.mode')}
                  choices={[
                    { value: 'fixed', label: t('program.expiry.fixed') },
                    {
                      value: 'activity',
                      label: t('program.expiry.activity'),
                      helpText: t('program.expiry.activityHelp'),
                    },
                  ]}
                  selected={[form.expiryMode]}
                  onChange={([value]) =>
                    set('expiryMode', value === 'activity' ? 'activity' : 'fixed')
                  }
                />
              )}
              <Link url="/app/expiry">{t('program.expiry.forecast')}</Link>
            </FormSection>
            <FormSection title={t('program.refund.title')}>
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
            </FormSection>
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
