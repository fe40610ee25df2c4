import { useFetcher, useNavigate } from '@remix-run/react';
import { BlockStack, Layout } from '@shopify/polaris';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listAddress } from '../../dashboard/list-state.ts';
import { EditorPage } from '../../dashboard/editor-page.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import type { PreviewSlot } from '../../dashboard/preview-slot.ts';
import { useShop } from '../../dashboard/shop.ts';
import { useSavedForm } from '../../dashboard/saved-form.ts';
import { MissingScopes } from '../../dashboard/missing-scopes.tsx';
import type { FormPart } from './reward-field.tsx';
import { isSameForm, type RewardForm } from './reward-form.ts';
import { RewardLimits } from './reward-limits.tsx';
import { RewardPreview } from './reward-preview.tsx';
import { rewardSample } from './reward-sample.ts';
import { RewardTerms } from './reward-terms.tsx';
import { RewardWords } from './reward-words.tsx';
import type { RewardData } from './rewards.server.ts';

export function RewardPage({
  rewardId,
  revision: opened,
  form: saved,
  currency,
  tiers,
  missingScopes,
  wasCreated,
  Preview,
}: RewardData & { Preview: PreviewSlot }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const fetcher = useFetcher<{ ok: true; rewardId: string } | Refusal>();
  const editing = useSavedForm(saved, isSameForm, fetcher, opened);
  const { form, result, errorOf, change, revision, send } = editing;
  /** One opened form creates one reward, however often it is sent. */
  const [key] = useState(() => crypto.randomUUID());
  const isNew = rewardId === '';
  const created = useMemo(() => (wasCreated ? { ok: true as const } : undefined), [wasCreated]);
  const made = fetcher.state === 'idle' && fetcher.data?.ok === true ? fetcher.data.rewardId : '';
  useEffect(() => {
    // What was made has an address of its own.
    if (isNew && made !== '') void navigate(`/app/rewards/${made}?created`, { replace: true });
  }, [isNew, made, navigate]);

  const part: FormPart = {
    form,
    set: (name, value) => change(name, (current) => ({ ...current, [name]: value })),
    errorOf,
    currency,
  };
  const fields = Object.fromEntries(
    Object.entries(form).map(([name, value]) => [name, String(value)]),
  );
  const save = (over = revision) =>
    send(() => fetcher.submit({ ...fields, currency, revision: over, key }, { method: 'post' }));

  return (
    <EditorPage
      title={t(isNew ? 'rewards.newTitle' : 'rewards.editTitle', {
        kind: t(`rewards.kind.${form.kind}`),
      })}
      backAction={{ content: t('rewards.title'), url: listAddress('/app/rewards') }}
      help="rewards"
      editing={{
        ...editing,
        isDirty: editing.isDirty || (isNew && made === ''),
        discard: isNew ? () => void navigate('/app/rewards') : editing.discard,
        result: isNew && result?.ok === true ? undefined : (result ?? created),
      }}
      onSave={save}
      saved={t(result === undefined ? 'rewards.created' : 'rewards.saved')}
      notSaved={t('rewards.notSaved')}
    >
      {missingScopes.length > 0 && <MissingScopes scopes={missingScopes} />}
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <RewardTerms part={part} change={change} />
            <RewardWords part={part} />
            <RewardLimits part={part} tiers={tiers} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <Look form={form} currency={currency} Preview={Preview} />
        </Layout.Section>
      </Layout>
    </EditorPage>
  );
}

interface LookProps {
  form: RewardForm;
  currency: string;
  Preview: PreviewSlot;
}

/** The reward as shoppers see it; at the POS there is no panel. */
function Look({ form, currency, Preview }: LookProps) {
  const { pictures } = useShop();
  if (form.channel === 'pos') return <RewardPreview form={form} currency={currency} />;
  return (
    <Preview
      view="rewards"
      draft={(language) => rewardSample(form, { language, currency, pictures })}
    />
  );
}
