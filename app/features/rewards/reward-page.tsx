import { useFetcher, useNavigate } from '@remix-run/react';
import { BlockStack, Checkbox, ChoiceList, Layout, TextField } from '@shopify/polaris';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EditorPage } from '../../dashboard/editor-page.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { useSavedForm } from '../../dashboard/saved-form.ts';
import { useFormat } from '../../dashboard/shop.ts';
import { MissingScopes } from '../../dashboard/missing-scopes.tsx';
import { isPercent, isSameForm, shapeOf } from './reward-form.ts';
import type { RewardForm } from './reward-form.ts';
import { RewardLimits } from './reward-limits.tsx';
import { RewardPreview } from './reward-preview.tsx';
import { FormSection } from '../../dashboard/form-section.tsx';
import { RewardTarget } from './reward-target.tsx';
import type { RewardData } from './rewards.server.ts';

const words = ['En', 'Es', 'Fr'] as const;

export function RewardPage({
  rewardId,
  revision: opened,
  form: saved,
  currency,
  tiers,
  missingScopes,
  wasCreated,
}: RewardData) {
  const { t } = useTranslation();
  const { languageName } = useFormat();
  const navigate = useNavigate();
  const fetcher = useFetcher<{ ok: true; rewardId: string } | Refusal>();
  const { form, isDirty, isSaving, result, errorOf, change, revision, conflict, send, discard } =
    useSavedForm(saved, isSameForm, fetcher, opened);
  /** One opened form makes one reward, however often it is sent. */
  const [key] = useState(() => crypto.randomUUID());
  const isNew = rewardId === '';
  const created = useMemo(() => (wasCreated ? { ok: true as const } : undefined), [wasCreated]);
  const made = fetcher.state === 'idle' && fetcher.data?.ok === true ? fetcher.data.rewardId : '';
  useEffect(() => {
    // What was made has an address of its own.
    if (isNew && made !== '') void navigate(`/app/rewards/${made}?created`, { replace: true });
  }, [isNew, made, navigate]);

  const set = <Name extends keyof RewardForm>(name: Name, value: RewardForm[Name]) =>
    change(name, (current) => ({ ...current, [name]: value }));
  const fields = Object.fromEntries(
    Object.entries(form).map(([name, value]) => [name, String(value)]),
  );
  const save = (over = revision) =>
    send(() => fetcher.submit({ ...fields, currency, revision: over, key }, { method: 'post' }));
  const shape = shapeOf(form);
  const hasValue = shape.hasAmount || isPercent(form);

  return (
    <EditorPage
      title={t(isNew ? 'rewards.newTitle' : 'rewards.editTitle', {
        kind: t(`rewards.kind.${form.kind}`),
      })}
      backAction={{ content: t('rewards.title'), url: '/app/rewards' }}
      isDirty={isDirty || (isNew && made === '')}
      isSaving={isSaving}
      onSave={save}
      onDiscard={isNew ? () => void navigate('/app/rewards') : discard}
      result={isNew && result?.ok === true ? undefined : (result ?? created)}
      conflict={conflict}
      saved={t(result === undefined ? 'rewards.created' : 'rewards.saved')}
      notSaved={t('rewards.notSaved')}
    >
      {missingScopes.length > 0 && <MissingScopes scopes={missingScopes} />}
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <FormSection title={t('rewards.section.what')}>
              <Checkbox
                label={t('rewards.field.active')}
                helpText={t('rewards.field.activeHelp')}
                checked={form.active}
                onChange={(value) => set('active', value)}
              />
              {form.kind === 'coupon' && (
                <ChoiceList
                  title={t('rewards.field.discount')}
                  choices={[
                    { value: 'amount', label: t('rewards.field.amount') },
                    { value: 'percent', label: t('rewards.field.percent') },
                  ]}
                  selected={[form.discount]}
                  onChange={([value]) =>
                    set('discount', value === 'percent' ? 'percent' : 'amount')
                  }
                />
              )}
              {shape.mayBeIncremental && (
                <ChoiceList
                  title={t('rewards.field.mode')}
                  choices={[
                    { value: 'fixed', label: t('rewards.field.fixed') },
                    {
                      value: 'incremental',
                      label: t('rewards.field.incremental'),
                      helpText: t('rewards.field.incrementalHelp'),
                    },
                  ]}
                  selected={[form.mode]}
                  onChange={([value]) =>
                    set('mode', value === 'incremental' ? 'incremental' : 'fixed')
                  }
                />
              )}
              <TextField
                label={t(
                  form.mode === 'incremental' ? 'rewards.field.stepCost' : 'rewards.field.cost',
                )}
                value={form.pointsCost}
                onChange={(value) => set('pointsCost', value)}
                error={errorOf('pointsCost')}
                inputMode="numeric"
                autoComplete="off"
              />
              {hasValue && (
                <TextField
                  label={t(
                    form.mode === 'incremental' ? 'rewards.field.stepValue' : 'rewards.field.value',
                  )}
                  value={form.value}
                  onChange={(value) => set('value', value)}
                  error={errorOf('value')}
                  suffix={isPercent(form) ? '%' : currency}
                  inputMode="decimal"
                  autoComplete="off"
                />
              )}
              {form.mode === 'incremental' &&
                (['minPoints', 'maxPoints'] as const).map((name) => (
                  <TextField
                    key={name}
                    label={t(`rewards.field.${name}`)}
                    value={form[name]}
                    onChange={(value) => set(name, value)}
                    error={errorOf(name)}
                    inputMode="numeric"
                    autoComplete="off"
                  />
                ))}
              {form.kind === 'free_shipping' && (
                <TextField
                  label={t('rewards.field.maxShipping')}
                  helpText={t('rewards.field.maxShippingHelp')}
                  value={form.maxShipping}
                  onChange={(value) => set('maxShipping', value)}
                  error={errorOf('maxShipping')}
                  suffix={currency}
                  inputMode="decimal"
                  autoComplete="off"
                />
              )}
              <RewardTarget form={form} change={change} errorOf={errorOf} />
            </FormSection>
            <FormSection title={t('rewards.section.words')}>
              {words.map((language) => (
                <TextField
                  key={language}
                  label={t('rewards.field.title', {
                    language: languageName(languageOf(language)),
                  })}
                  value={form[`title${language}`]}
                  onChange={(value) => set(`title${language}`, value)}
                  error={errorOf(`title${language}`)}
                  requiredIndicator={language === 'En'}
                  maxLength={120}
                  autoComplete="off"
                />
              ))}
              {words.map((language) => (
                <TextField
                  key={language}
                  label={t('rewards.field.description', {
                    language: languageName(languageOf(language)),
                  })}
                  value={form[`description${language}`]}
                  onChange={(value) => set(`description${language}`, value)}
                  error={errorOf(`description${language}`)}
                  maxLength={300}
                  autoComplete="off"
                />
              ))}
              <TextField
                label={t('rewards.field.icon')}
                helpText={t('rewards.field.iconHelp')}
                value={form.iconUrl}
                onChange={(value) => set('iconUrl', value)}
                error={errorOf('iconUrl')}
                autoComplete="off"
              />
            </FormSection>
            <RewardLimits
              form={form}
              set={set}
              errorOf={errorOf}
              currency={currency}
              tiers={tiers}
            />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <RewardPreview form={form} currency={currency} />
        </Layout.Section>
      </Layout>
    </EditorPage>
  );
}

const languageOf = (suffix: (typeof words)[number]) =>
  suffix === 'En' ? 'en' : suffix === 'Es' ? 'es' : 'fr';
