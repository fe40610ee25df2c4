import { useFetcher } from '@remix-run/react';
import { Banner, BlockStack, Box, Button, ButtonGroup, Card, Layout, Text } from '@shopify/polaris';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { wordsIn } from '../../dashboard/localized.ts';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import type { PreviewSlot } from '../../dashboard/preview-slot.ts';
import { SaveOutcome } from '../../dashboard/save-outcome.tsx';
import { useSavedForm, type Conflict } from '../../dashboard/saved-form.ts';
import { useFormat } from '../../dashboard/shop.ts';
import { UnsavedChanges } from '../../dashboard/unsaved-changes.tsx';
import type { Language } from '../../i18n/languages.ts';
import { DraftPreview } from './draft-preview.tsx';
import {
  isSameTierSet,
  tierSetFormOf,
  MAX_TIERS,
  movedTier,
  newTier,
  suggestedTierSet,
  tierField,
  type TierSetForm,
  type TierForm,
} from './tier-set-form.ts';
import { TierSetHistory } from './tier-set-history.tsx';
import { TierSetRules } from './tier-set-rules.tsx';
import { tierSample } from './tier-sample.ts';
import { TierEditor } from './tier-editor.tsx';
import type { TiersAction } from './tiers-action.ts';
import type { VipTiersData } from './vip-tiers.server.ts';

/** A tier set is saved as a draft, checked in the preview, and then published. */
export function VipTiersPage({ Preview, ...data }: VipTiersData & { Preview: PreviewSlot }) {
  const { asked, tiers, rewards, preview, digest } = data;
  const { t } = useTranslation();
  const fetcher = useFetcher<TiersAction>();
  const made = useRef(0);
  const saved = tierSetFormOf(
    tiers.draft ?? tiers.published,
    rewards.map(({ rewardId }) => rewardId),
  );
  const { form, isDirty, isSaving, result, errorOf, change, revision, conflict, send, discard } =
    useSavedForm(saved, isSameTierSet, fetcher, tiers.revision);
  const save = (over = revision) =>
    send(() =>
      fetcher.submit(
        {
          intent: 'draft',
          revision: over,
          tierSet: JSON.stringify(form),
          currency: tiers.currency,
        },
        { method: 'post' },
      ),
    );
  const addTier = () =>
    change('tiers', (current) => ({
      ...current,
      tiers: [...current.tiers, newTier(`added-${++made.current}`)],
    }));
  const isEmpty = tiers.published === undefined && tiers.draft === undefined && !isDirty;
  const shown = { revision, isDirty, fetcher };

  return (
    <DashboardPage
      help="tiers"
      title={t('tiers.title')}
      backAction={{ content: t('nav.program'), url: '/app/program' }}
    >
      <UnsavedChanges
        isDirty={isDirty}
        isSaving={isSaving}
        onSave={() => save()}
        onDiscard={discard}
      />
      <BlockStack gap="400">
        <Outcome result={result} conflict={conflict} onSave={save} />
        {tiers.membersToReview > 0 && <Reviewing members={tiers.membersToReview} />}
        {tiers.draft !== undefined && preview !== undefined && (
          <DraftPreview
            draft={tiers.draft}
            preview={preview}
            list={asked.list}
            currency={tiers.currency}
            digest={digest}
            {...shown}
          />
        )}
        {isEmpty ? (
          <Empty
            onSuggest={() => change('tiers', suggestedTierSet(tiers.currency))}
            onAdd={addTier}
          />
        ) : (
          <EditorBesideLook {...{ form, tiers, rewards, errorOf, change, addTier, Preview }} />
        )}
        {tiers.history.length > 0 && <TierSetHistory history={tiers.history} {...shown} />}
      </BlockStack>
    </DashboardPage>
  );
}

function EditorBesideLook({ Preview, ...editor }: EditorProps & { Preview: PreviewSlot }) {
  const { form, tiers, rewards } = editor;
  return (
    <Layout>
      <Layout.Section>
        <BlockStack gap="400">
          <Editor {...editor} />
        </BlockStack>
      </Layout.Section>
      {form.tiers.length > 0 && (
        <Layout.Section variant="oneThird">
          <TierLook {...{ form, tiers, rewards, Preview }} />
        </Layout.Section>
      )}
    </Layout>
  );
}

interface TierLookProps extends Pick<VipTiersData, 'tiers' | 'rewards'> {
  form: TierSetForm;
  Preview: PreviewSlot;
}

/** The tiers as members see them. */
function TierLook({ form, tiers: { currency }, rewards, Preview }: TierLookProps) {
  const rewardTitle = (rewardId: string, language: Language) =>
    wordsIn(rewards.find((reward) => reward.rewardId === rewardId)?.title ?? {}, language);
  return (
    <Preview
      view="tiers"
      draft={(language) => tierSample(form, { language, currency, rewardTitle })}
    />
  );
}

function Reviewing({ members }: { members: number }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <Banner tone="info">
      <p>
        {t('tiers.reviewing', {
          count: members,
          formatted: number(members),
        })}
      </p>
    </Banner>
  );
}

function Empty({ onSuggest, onAdd }: { onSuggest: () => void; onAdd: () => void }) {
  const { t } = useTranslation();
  return (
    <Card>
      <NothingHere
        drawing="tiers"
        title={t('tiers.empty.title')}
        body={t('tiers.empty.body')}
        action={
          <ButtonGroup>
            <Button variant="primary" onClick={onSuggest}>
              {t('tiers.empty.suggest')}
            </Button>
            <Button onClick={onAdd}>{t('tiers.empty.scratch')}</Button>
          </ButtonGroup>
        }
      />
    </Card>
  );
}

interface EditorProps
  extends Pick<TiersProps, 'form' | 'rewards' | 'errorOf' | 'change'>, Pick<VipTiersData, 'tiers'> {
  addTier: () => void;
}

/** The rules of the tier set, and its tiers from the lowest. */
function Editor({ form, tiers, rewards, errorOf, change, addTier }: EditorProps) {
  const { t } = useTranslation();
  const changeTier = (key: string, field: string, changes: Partial<TierForm>) =>
    change(tierField(key, field), (current) => ({
      ...current,
      tiers: current.tiers.map((tier) => (tier.key === key ? { ...tier, ...changes } : tier)),
    }));
  const members = new Map(
    (tiers.published?.tiers ?? []).map((tier) => [tier.tierId, tier.members]),
  );
  return (
    <>
      <Standing tiers={tiers} />
      <TierSetRules
        form={form}
        errorOf={errorOf}
        onChange={(name, changes) => change(name, (current) => ({ ...current, ...changes }))}
      />
      <Tiers
        form={form}
        currency={tiers.currency}
        rewards={rewards}
        members={members}
        errorOf={errorOf}
        changeTier={changeTier}
        change={change}
      />
      <Box paddingInline={{ xs: '400', sm: '0' }}>
        <Button onClick={addTier} disabled={form.tiers.length >= MAX_TIERS}>
          {t('tiers.add')}
        </Button>
      </Box>
    </>
  );
}

interface TiersProps {
  form: TierSetForm;
  currency: string;
  rewards: VipTiersData['rewards'];
  members: ReadonlyMap<string, number>;
  errorOf: (name: string) => string | undefined;
  changeTier: (key: string, field: string, changes: Partial<TierForm>) => void;
  change: (name: string, next: (current: TierSetForm) => TierSetForm) => void;
}

function Tiers({ form, currency, rewards, members, errorOf, changeTier, change }: TiersProps) {
  const { t } = useTranslation();
  if (form.tiers.length === 0) {
    return (
      <Card>
        <NothingHere
          body={t('tiers.off')}
          action={
            <Button
              onClick={() =>
                change('tiers', (current) => ({
                  ...current,
                  tiers: suggestedTierSet(currency).tiers,
                }))
              }
            >
              {t('tiers.empty.suggest')}
            </Button>
          }
        />
      </Card>
    );
  }
  return (
    <>
      {form.tiers.map((tier, index) => (
        <TierEditor
          key={tier.key}
          tier={tier}
          place={index + 1}
          isHighest={index === form.tiers.length - 1}
          basis={form.basis}
          currency={currency}
          rewards={rewards}
          members={members.get(tier.tierId)}
          errorOf={errorOf}
          onChange={(field, changes) => changeTier(tier.key, field, changes)}
          onMove={(by) => change('tiers', (current) => movedTier(current, index, by))}
          onRemove={() =>
            change('tiers', (current) => ({
              ...current,
              tiers: current.tiers.filter(({ key }) => key !== tier.key),
            }))
          }
        />
      ))}
    </>
  );
}

/** Members per tier today. */
function Standing({ tiers }: Pick<VipTiersData, 'tiers'>) {
  const { t } = useTranslation();
  const { number } = useFormat();
  if (tiers.published === undefined) return null;
  return (
    <Box paddingInline={{ xs: '400', sm: '0' }}>
      <Text as="p" tone="subdued">
        {t('tiers.standing', {
          without: number(tiers.membersWithoutTier),
          grace: number(tiers.membersInGrace),
        })}
      </Text>
    </Box>
  );
}

interface OutcomeProps {
  result: TiersAction | undefined;
  conflict: Conflict | undefined;
  onSave: (revision?: string) => void;
}

/** The result of the last save, publish, discard or restore. */
function Outcome({ result, conflict, onSave }: OutcomeProps) {
  const { t } = useTranslation();
  const isStale = result?.ok === false && result.fields['draft'] !== undefined;
  return (
    <SaveOutcome
      result={result}
      saved={result?.ok === true ? t(`tiers.done.${result.intent}`) : undefined}
      notSaved={t(isStale ? 'tiers.draftChanged' : 'tiers.notSaved')}
      conflict={conflict}
      onSave={onSave}
    />
  );
}
