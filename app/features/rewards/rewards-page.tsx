import { useFetcher, useNavigate } from '@remix-run/react';
import { Banner, BlockStack, Button, Card } from '@shopify/polaris';
import { lazy, Suspense, useState, type ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reward } from '#proto/points/v1/rewards.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { MissingScopes } from '../../dashboard/missing-scopes.tsx';
import { useColumns } from './reward-columns.tsx';
import { RewardFilters, useChosenRewards } from './reward-filters.tsx';
import { StackingTester } from './stacking-tester.tsx';
import type { changeRewards, RewardsData } from './rewards.server.ts';

const Picker = lazy(() =>
  import('./template-picker.tsx').then((module) => ({ default: module.TemplatePicker })),
);

type Change = Awaited<ReturnType<typeof changeRewards>>;

export function RewardsPage({ rewards, currency, missingScopes }: RewardsData) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const navigate = useNavigate();
  const fetcher = useFetcher<Change>();
  const [isChoosing, setChoosing] = useState(false);
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  const titleOf = ({ title }: Reward) => title[language] ?? title['en'] ?? '';
  const submit = (fields: Record<string, string>) => fetcher.submit(fields, { method: 'post' });
  const setStatus = (rewardId: string, status: string) =>
    submit({ intent: 'status', rewardId, status });
  const move = (index: number, by: number) => {
    const ids = rewards.map(({ rewardId }) => rewardId);
    const [moved] = ids.splice(index, 1);
    ids.splice(index + by, 0, moved ?? '');
    submit({ intent: 'order', rewardIds: ids.join(',') });
  };
  const { chosen, isFiltered } = useChosenRewards(rewards, titleOf);
  const columns = useColumns({
    rewards,
    currency,
    titleOf,
    isBusy: fetcher.state !== 'idle',
    mayMove: !isFiltered,
    setStatus,
    move,
  });

  return (
    <DashboardPage
      help="rewards"
      title={t('rewards.title')}
      backAction={{ content: t('nav.program'), url: '/app/program' }}
      // With no reward yet, the empty list has the button.
      {...(rewards.length > 0 && {
        primaryAction: { content: t('rewards.add'), onAction: () => setChoosing(true) },
      })}
    >
      <BlockStack gap="400">
        <Deleted result={result} onUndo={setStatus} />
        {result?.ok === false && <OutcomeBanner answer={result} problem={result.problem} />}
        {missingScopes.length > 0 && <MissingScopes scopes={missingScopes} />}
        <Card padding="0">
          <RewardFilters rewards={rewards} />
          {rewards.length === 0 ? (
            <Empty onAdd={() => setChoosing(true)} />
          ) : chosen.length === 0 ? (
            <NothingHere body={t('rewards.noneFound')} />
          ) : (
            <RecordTable
              caption={t('rewards.title')}
              rows={chosen}
              rowKey={({ rewardId }) => rewardId}
              columns={columns}
            />
          )}
        </Card>
        {rewards.length > 0 && (
          <StackingTester rewards={rewards} currency={currency} titleOf={titleOf} />
        )}
      </BlockStack>
      {isChoosing && (
        <TemplatePicker
          currency={currency}
          onClose={() => setChoosing(false)}
          onChoose={(template) => void navigate(`/app/rewards/new?template=${template}`)}
        />
      )}
    </DashboardPage>
  );
}

interface DeletedProps {
  result: Change | undefined;
  onUndo: (rewardId: string, status: string) => void;
}

/** A reward deleted just now can be restored. */
function Deleted({ result, onUndo }: DeletedProps) {
  const { t } = useTranslation();
  const undoable =
    result?.ok === true && result.intent === 'status' && result.status === 'deleted'
      ? result
      : undefined;
  return (
    <div aria-live="polite">
      {undoable !== undefined && (
        <Banner
          tone="success"
          action={{
            content: t('rewards.undo'),
            onAction: () => onUndo(undoable.rewardId, undoable.previousStatus),
          }}
        >
          <p>{t('rewards.deleted', { title: undoable.title })}</p>
        </Banner>
      )}
    </div>
  );
}

function Empty({ onAdd }: { onAdd: () => void }) {
  const { t } = useTranslation();
  return (
    <NothingHere
      drawing="rewards"
      title={t('rewards.empty.title')}
      body={t('rewards.empty.body')}
      action={
        <Button variant="primary" onClick={onAdd}>
          {t('rewards.add')}
        </Button>
      }
    />
  );
}

/** Its script comes when it is opened. */
function TemplatePicker(props: ComponentProps<typeof Picker>) {
  return (
    <Suspense fallback={null}>
      <Picker {...props} />
    </Suspense>
  );
}
