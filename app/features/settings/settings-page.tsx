import { useFetcher } from '@remix-run/react';
import {
  BlockStack,
  FormLayout,
  InlineGrid,
  Layout,
  Link,
  Select,
  Text,
  TextField,
} from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { SectionCard } from '../../dashboard/section-card.tsx';
import type { Merchant } from '#proto/admin/v1/admin.ts';
import { EditorPage } from '../../dashboard/editor-page.tsx';
import { MissingScopes } from '../../dashboard/missing-scopes.tsx';
import { PlanUsageCard } from '../../dashboard/plan-usage.tsx';
import { useSavedForm } from '../../dashboard/saved-form.ts';
import { hasSetAside, SetAsideList } from '../../dashboard/set-aside-list.tsx';
import { shopifyAdminUrl, useFormat } from '../../dashboard/shop.ts';
import { STATUS_PAGE } from '../../dashboard/status-page.ts';
import { isLanguage, LANGUAGE_NAMES, LANGUAGES } from '../../i18n/languages.ts';
import { LogsCard } from './logs-card.tsx';
import { PrivacyRequests } from './privacy-requests.tsx';
import type { SettingsAction } from './settings-action.ts';
import { isSameSettings, nameField, settingsFormOf, type SettingsForm } from './settings-form.ts';
import type { SettingsData } from './settings.server.ts';
import { PLANS, type PlanCode } from '#vocabulary/shops.ts';

const MAX_NAME_LENGTH = 30;

export function SettingsPage({
  settings,
  privacyRequests,
  nextCursor,
  plan,
  sync,
  mayReadMerges,
}: SettingsData) {
  const { t } = useTranslation();
  const fetcher = useFetcher<SettingsAction>();
  const saved = settingsFormOf(settings);
  const editing = useSavedForm(saved, isSameSettings, fetcher, settings.revision);
  const { form, errorOf, change, revision, send } = editing;
  const save = (over = revision) => {
    const fields = new FormData();
    fields.set('intent', 'save');
    fields.set('revision', over);
    fields.set('defaultLanguage', form.defaultLanguage);
    for (const language of LANGUAGES) {
      for (const number of ['one', 'other'] as const) {
        fields.set(nameField(language, number), form.names[language][number]);
      }
    }
    send(() => fetcher.submit(fields, { method: 'post' }));
  };

  const part: FormPart = { form, change, errorOf };
  return (
    <EditorPage
      title={t('settings.title')}
      help="setup"
      editing={editing}
      onSave={save}
      saved={t('common.saved')}
      notSaved={t('settings.notSaved')}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {!mayReadMerges && (
              <MissingScopes scopes={['read_customer_merge']} body={t('settings.merges')} />
            )}
            <PointsNames {...part} />
            <DefaultLanguage {...part} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <PlanUsageCard {...plan} />
            {hasSetAside(sync) && <SetAsideCard sync={sync} />}
            {settings.merchant && <ShopCard merchant={settings.merchant} />}
            <StatusCard />
            <LogsCard />
          </BlockStack>
        </Layout.Section>
      </Layout>
      <PrivacyRequests requests={privacyRequests} nextCursor={nextCursor} />
    </EditorPage>
  );
}

/** What every part of the form works with. */
interface FormPart {
  readonly form: SettingsForm;
  readonly change: (name: string, next: SettingsForm) => void;
  readonly errorOf: (name: string) => string | undefined;
}

/** What points are called, in each language. */
function PointsNames({ form, change, errorOf }: FormPart) {
  const { t } = useTranslation();
  const { languageName } = useFormat();
  return (
    <SectionCard title={t('settings.pointsName.title')}>
      <Text as="p" tone="subdued">
        {t('settings.pointsName.help')}
      </Text>
      {LANGUAGES.map((language) => (
        <InlineGrid key={language} columns={{ xs: 1, sm: 2 }} gap="400">
          {(['one', 'other'] as const).map((number) => (
            <TextField
              key={number}
              label={t(`settings.pointsName.${number}Label`, {
                language: languageName(language),
              })}
              value={form.names[language][number]}
              onChange={(value) =>
                change(nameField(language, number), {
                  ...form,
                  names: {
                    ...form.names,
                    [language]: { ...form.names[language], [number]: value },
                  },
                })
              }
              error={errorOf(nameField(language, number))}
              maxLength={MAX_NAME_LENGTH}
              autoComplete="off"
            />
          ))}
        </InlineGrid>
      ))}
    </SectionCard>
  );
}

function DefaultLanguage({ form, change, errorOf }: FormPart) {
  const { t } = useTranslation();
  return (
    <SectionCard title={t('settings.language.title')}>
      <FormLayout>
        <Select
          label={t('settings.language.label')}
          helpText={t('settings.language.help')}
          options={LANGUAGES.map((language) => ({
            value: language,
            label: LANGUAGE_NAMES[language],
          }))}
          value={form.defaultLanguage}
          onChange={(value) =>
            isLanguage(value) && change('defaultLanguage', { ...form, defaultLanguage: value })
          }
          error={errorOf('defaultLanguage')}
        />
      </FormLayout>
    </SectionCard>
  );
}

function SetAsideCard({ sync }: { sync: NonNullable<SettingsData['sync']> }) {
  const { t } = useTranslation();
  return (
    <SectionCard title={t('setAside.title')}>
      <SetAsideList sync={sync} />
    </SectionCard>
  );
}

function StatusCard() {
  const { t } = useTranslation();
  return (
    <SectionCard title={t('status.title')}>
      <Text as="p" tone="subdued">
        {t('status.intro')}
      </Text>
      <Link url={STATUS_PAGE}>{t('status.open')}</Link>
    </SectionCard>
  );
}

const isPlan = (id: string): id is PlanCode => PLANS.some((plan) => plan === id);

/** What Shopify says of the shop; changed there. */
function ShopCard({ merchant }: { merchant: Merchant }) {
  const { t } = useTranslation();
  const facts = [
    [t('settings.shop.name'), merchant.name],
    [t('settings.shop.domain'), merchant.shopDomain],
    [t('settings.shop.currency'), merchant.currency],
    [t('settings.shop.timezone'), merchant.timezone],
    [
      t('settings.shop.plan'),
      isPlan(merchant.planId) ? t(`settings.plans.${merchant.planId}`) : merchant.planId,
    ],
  ];
  return (
    <SectionCard title={t('settings.shop.title')}>
      <dl className="ln-terms">
        {facts.map(([name, value]) => (
          <div key={name} className="ln-term">
            <dt>{name}</dt>
            <dd>{value || '—'}</dd>
          </div>
        ))}
      </dl>
      <Text as="p" tone="subdued">
        {t('settings.shop.help')}
      </Text>
      <Link url={shopifyAdminUrl(merchant.shopDomain, 'settings/general')} target="_top">
        {t('settings.shop.open')}
      </Link>
    </SectionCard>
  );
}
