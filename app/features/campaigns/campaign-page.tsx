import { useFetcher } from '@remix-run/react';
import { Banner, BlockStack, Layout } from '@shopify/polaris';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { SaveOutcome } from '../../dashboard/save-outcome.tsx';
import { useSavedForm } from '../../dashboard/saved-form.ts';
import { useShop } from '../../dashboard/shop.ts';
import { UnsavedChanges } from '../../dashboard/unsaved-changes.tsx';
import { CampaignAudience } from './campaign-audience.tsx';
import { CampaignEffect } from './campaign-effect.tsx';
import {
  copyOf,
  fieldsOf,
  formOf,
  isSameForm,
  kindOf,
  newCampaign,
  type CampaignForm,
} from './campaign-form.ts';
import { CampaignPreview } from './campaign-preview.tsx';
import { CampaignResults } from './campaign-results.tsx';
import { CampaignStatus } from './campaign-status.tsx';
import { CampaignTime } from './campaign-time.tsx';
import type { CampaignData } from './campaign.server.ts';
import { EndModal } from './end-modal.tsx';

type Answer = { ok: true; intent: 'save' | 'end' } | Refusal;

/** What every part of the form works with. */
export interface FormPart {
  readonly form: CampaignForm;
  readonly set: <Name extends keyof CampaignForm>(name: Name, value: CampaignForm[Name]) => void;
  readonly errorOf: (name: keyof CampaignForm) => string | undefined;
  /** The campaign is over: nothing can be changed. */
  readonly isOver: boolean;
  /** It has begun: what was promised stays. */
  readonly hasBegun: boolean;
}

export function CampaignPage({ campaign, original, tiers, wasCreated }: CampaignData) {
  const { t } = useTranslation();
  const { currency } = useShop();
  const fetcher = useFetcher<Answer>();
  const [isEnding, setEnding] = useState(false);
  const [ended, setEnded] = useState<Answer>();
  /** One opened form makes one campaign, however often it is sent. */
  const [key] = useState(() => crypto.randomUUID());
  const saved = useMemo(
    () =>
      campaign !== undefined
        ? formOf(campaign, currency)
        : original !== undefined
          ? copyOf(original, t('campaign.copyOf', { name: original.name }).slice(0, 100), currency)
          : newCampaign(currency),
    [campaign, original, currency, t],
  );
  const { form, isDirty, isSaving, result, errorOf, change, revision, conflict, send, discard } =
    useSavedForm(saved, isSameForm, fetcher, campaign?.revision ?? '');
  const created = useMemo(() => (wasCreated ? { ok: true as const } : undefined), [wasCreated]);

  const status = campaign?.status ?? '';
  const isOver =
    status === 'ended' ||
    status === 'cancelled' ||
    (campaign !== undefined && kindOf(campaign) === undefined);
  const hasBegun = status === 'active' || isOver;
  const part: FormPart = {
    form,
    set: (name, value) => change(name, (current) => ({ ...current, [name]: value })),
    errorOf,
    isOver,
    hasBegun,
  };
  const save = (over = revision) =>
    send(() => {
      setEnded(undefined);
      fetcher.submit(
        { ...fieldsOf(form), currency, intent: 'save', key, revision: over },
        { method: 'post' },
      );
    });
  const isNew = campaign === undefined;
  const outcome = ended ?? result ?? created;
  const success = ended?.ok
    ? t('campaign.ended')
    : result?.ok === true
      ? t('campaign.saved')
      : created && t('campaign.created');
  return (
    <DashboardPage
      title={isNew ? t('campaign.new') : campaign.name}
      titleMetadata={campaign && <CampaignStatus status={status} />}
      backAction={{ content: t('campaigns.title'), url: '/app/campaigns' }}
      // A new campaign may be right as it is proposed, with nothing changed that the save bar would show.
      {...(isNew && {
        primaryAction: { content: t('campaign.submit'), onAction: () => save(), loading: isSaving },
      })}
      secondaryActions={
        isNew
          ? []
          : [
              {
                content: t('campaign.duplicate'),
                url: `/app/campaigns/new?copy=${campaign.campaignId}`,
              },
              ...(isOver
                ? []
                : [
                    {
                      content: t(
                        status === 'active' ? 'campaign.end.open' : 'campaign.cancel.open',
                      ),
                      destructive: true,
                      onAction: () => setEnding(true),
                    },
                  ]),
            ]
      }
    >
      <UnsavedChanges
        isDirty={isDirty && !isOver}
        isSaving={isSaving}
        onSave={() => save()}
        onDiscard={discard}
      />
      <BlockStack gap="400">
        <SaveOutcome
          result={outcome}
          saved={success}
          notSaved={t('campaign.notSaved')}
          conflict={conflict}
          onSave={save}
        />
        {isOver && (
          <Banner tone="info">
            <p>{t('campaign.over')}</p>
          </Banner>
        )}
        {hasBegun && !isOver && (
          <Banner tone="info">
            <p>{t('campaign.begun')}</p>
          </Banner>
        )}
        <Layout>
          <Layout.Section>
            <BlockStack gap="400">
              <CampaignEffect {...part} />
              <CampaignTime {...part} isDraft={isNew || status === 'draft'} />
              <CampaignAudience {...part} tiers={tiers} />
            </BlockStack>
          </Layout.Section>
          <Layout.Section variant="oneThird">
            <BlockStack gap="400">
              {campaign !== undefined && status !== 'draft' && status !== 'scheduled' && (
                <CampaignResults campaign={campaign} />
              )}
              {!hasBegun && <CampaignPreview form={form} />}
            </BlockStack>
          </Layout.Section>
        </Layout>
      </BlockStack>
      {isEnding && (
        <EndModal
          isActive={status === 'active'}
          onClose={() => setEnding(false)}
          onDone={(answer) => {
            setEnding(false);
            setEnded(answer);
          }}
        />
      )}
    </DashboardPage>
  );
}
