import { useFetcher } from '@remix-run/react';
import { Banner, BlockStack, Layout } from '@shopify/polaris';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listAddress } from '../../dashboard/list-state.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import type { PreviewSlot } from '../../dashboard/preview-slot.ts';
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
import { campaignSample, isAnnounced } from './campaign-sample.ts';
import { CampaignStatus } from './campaign-status.tsx';
import { CampaignTime } from './campaign-time.tsx';
import type { CampaignData } from './campaign.server.ts';
import { EndModal } from './end-modal.tsx';
import type { FormPart } from './form-part.ts';

type Answer = { ok: true; intent: 'save' | 'end' } | Refusal;

export function CampaignPage({ Preview, ...data }: CampaignData & { Preview: PreviewSlot }) {
  const { campaign, original, tiers, wasCreated } = data;
  const { t } = useTranslation();
  const { currency } = useShop();
  const fetcher = useFetcher<Answer>();
  const [isEnding, setEnding] = useState(false);
  const [ended, setEnded] = useState<Answer>();
  /** One opened form creates one campaign, however often it is sent. */
  const [key] = useState(() => crypto.randomUUID());
  const saved = useOpenedForm(campaign, original);
  const { form, isDirty, isSaving, result, errorOf, change, revision, conflict, send, discard } =
    useSavedForm(saved, isSameForm, fetcher, campaign?.revision ?? '');
  const created = useMemo(() => (wasCreated ? { ok: true as const } : undefined), [wasCreated]);

  const status = campaign?.status ?? '';
  const isOver = isOverNow(campaign);
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
  const actions = useActions(campaign, () => setEnding(true));
  return (
    <DashboardPage
      help="campaigns"
      title={isNew ? t('campaign.new') : campaign.name}
      titleMetadata={campaign && <CampaignStatus status={status} />}
      backAction={{ content: t('campaigns.title'), url: listAddress('/app/campaigns') }}
      // A new campaign may be right as it is proposed, with nothing changed that the save bar would show.
      {...(isNew && {
        primaryAction: { content: t('campaign.submit'), onAction: () => save(), loading: isSaving },
      })}
      secondaryActions={actions}
    >
      <UnsavedChanges
        isDirty={isDirty && !isOver}
        isSaving={isSaving}
        onSave={() => save()}
        onDiscard={discard}
      />
      <BlockStack gap="400">
        <Outcome {...{ ended, result, created, conflict }} onSave={save} />
        <Notice isOver={isOver} hasBegun={hasBegun} />
        <Parts campaign={campaign} part={part} tiers={tiers} Preview={Preview} />
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

interface OutcomeProps extends Pick<Parameters<typeof SaveOutcome>[0], 'conflict' | 'onSave'> {
  /** The results of ending, saving and creating it. */
  ended: Answer | undefined;
  result: Answer | undefined;
  created: { readonly ok: true } | undefined;
}

function Outcome({ ended, result, created, ...saving }: OutcomeProps) {
  const { t } = useTranslation();
  const success = ended?.ok
    ? t('campaign.ended')
    : result?.ok === true
      ? t('campaign.saved')
      : created && t('campaign.created');
  return (
    <SaveOutcome
      {...saving}
      result={ended ?? result ?? created}
      saved={success}
      notSaved={t('campaign.notSaved')}
    />
  );
}

type Campaign = CampaignData['campaign'];

/** Ended campaigns, and kinds unknown to this release, cannot be changed. */
function isOverNow(campaign: Campaign): boolean {
  if (campaign === undefined) return false;
  const { status } = campaign;
  return status === 'ended' || status === 'cancelled' || kindOf(campaign) === undefined;
}

/** What the form shows at first: the campaign, a copy of another one, or a new one. */
function useOpenedForm(campaign: Campaign, original: CampaignData['original']): CampaignForm {
  const { t } = useTranslation();
  const { currency } = useShop();
  return useMemo(() => {
    if (campaign !== undefined) return formOf(campaign, currency);
    if (original === undefined) return newCampaign(currency);
    const name = t('campaign.copyOf', { name: original.name }).slice(0, 100);
    return copyOf(original, name, currency);
  }, [campaign, original, currency, t]);
}

function useActions(campaign: Campaign, onEnd: () => void) {
  const { t } = useTranslation();
  if (campaign === undefined) return [];
  const duplicate = {
    content: t('campaign.duplicate'),
    url: `/app/campaigns/new?copy=${campaign.campaignId}`,
  };
  if (isOverNow(campaign)) return [duplicate];
  const end = {
    content: t(campaign.status === 'active' ? 'campaign.end.open' : 'campaign.cancel.open'),
    destructive: true,
    onAction: onEnd,
  };
  return [duplicate, end];
}

/** Why fewer fields can be changed than in a new one. */
function Notice({ isOver, hasBegun }: Pick<FormPart, 'isOver' | 'hasBegun'>) {
  const { t } = useTranslation();
  if (!isOver && !hasBegun) return null;
  return (
    <Banner tone="info">
      <p>{t(isOver ? 'campaign.over' : 'campaign.begun')}</p>
    </Banner>
  );
}

interface PartsProps extends Pick<CampaignData, 'campaign' | 'tiers'> {
  part: FormPart;
  Preview: PreviewSlot;
}

function Parts({ campaign, part, tiers, Preview }: PartsProps) {
  const { currency } = useShop();
  const status = campaign?.status;
  return (
    <Layout>
      <Layout.Section>
        <BlockStack gap="400">
          <CampaignEffect {...part} />
          <CampaignTime {...part} isDraft={status === undefined || status === 'draft'} />
          <CampaignAudience {...part} tiers={tiers} />
        </BlockStack>
      </Layout.Section>
      <Layout.Section variant="oneThird">
        <BlockStack gap="400">
          {campaign !== undefined && status !== 'draft' && status !== 'scheduled' && (
            <CampaignResults campaign={campaign} />
          )}
          {!part.hasBegun && <CampaignPreview form={part.form} />}
          {!part.isOver && isAnnounced(part.form) && (
            <Preview
              view={part.form.kind === 'discount' ? 'rewards' : 'home'}
              draft={(language) => campaignSample(part.form, { language, currency })}
            />
          )}
        </BlockStack>
      </Layout.Section>
    </Layout>
  );
}
