import { useFetcher, useNavigate } from '@remix-run/react';
import { Badge, Banner, BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { ArrowDownIcon, ArrowUpIcon } from '@shopify/polaris-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reward } from '#proto/points/v1/rewards.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import type { Column } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { MissingScopes } from '../../dashboard/missing-scopes.tsx';
import { formOf } from './reward-form.ts';
import { StackingTester } from './stacking-tester.tsx';
import { TemplatePicker } from './template-picker.tsx';
import type { changeRewards, RewardsData } from './rewards.server.ts';
import { useWorth } from './worth.ts';

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
  const columns = useColumns({
    rewards,
    currency,
    titleOf,
    isBusy: fetcher.state !== 'idle',
    setStatus,
    move,
  });
  const undoable =
    result?.ok === true && result.intent === 'status' && result.status === 'deleted'
      ? result
      : undefined;

  return (
    <DashboardPage
      title={t('rewards.title')}
      // With no reward yet, the empty list has the button.
      {...(rewards.length > 0 && {
        primaryAction: { content: t('rewards.add'), onAction: () => setChoosing(true) },
      })}
    >
      <BlockStack gap="400">
        <div aria-live="polite">
          {undoable !== undefined && (
            <Banner
              tone="success"
              action={{
                content: t('rewards.undo'),
                onAction: () => setStatus(undoable.rewardId, undoable.previousStatus),
              }}
            >
              <p>{t('rewards.deleted', { title: undoable.title })}</p>
            </Banner>
          )}
        </div>
        {result?.ok === false && <OutcomeBanner answer={result} problem={result.problem} />}
        {missingScopes.length > 0 && <MissingScopes scopes={missingScopes} />}
        <Card padding="0">
          {rewards.length === 0 ? (
            <NothingHere
              title={t('rewards.empty.title')}
              body={t('rewards.empty.body')}
              action={
                <Button variant="primary" onClick={() => setChoosing(true)}>
                  {t('rewards.add')}
                </Button>
              }
            />
          ) : (
            <RecordTable
              caption={t('rewards.title')}
              rows={rewards}
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

interface ColumnOptions {
  readonly rewards: readonly Reward[];
  readonly currency: string;
  readonly titleOf: (reward: Reward) => string;
  readonly isBusy: boolean;
  readonly setStatus: (rewardId: string, status: string) => void;
  readonly move: (index: number, by: number) => void;
}

function useColumns({
  rewards,
  currency,
  titleOf,
  isBusy,
  setStatus,
  move,
}: ColumnOptions): Column<Reward>[] {
  const { t } = useTranslation();
  const { number } = useFormat();
  const worth = useWorth(currency);
  return [
    {
      key: 'title',
      title: t('rewards.column.title'),
      heading: true,
      cell: (reward) => (
        <BlockStack gap="100">
          <InlineStack gap="200" blockAlign="center">
            <Button variant="plain" textAlign="left" url={`/app/rewards/${reward.rewardId}`}>
              {titleOf(reward)}
            </Button>
            {reward.channel === 'pos' && <Badge>{t('rewards.pos')}</Badge>}
            {reward.tierIds.length > 0 && <Badge tone="info">{t('rewards.exclusive')}</Badge>}
          </InlineStack>
          <Text as="span" tone="subdued" variant="bodySm">
            {t(`rewards.kind.${formOf(reward).kind}`)}
          </Text>
        </BlockStack>
      ),
    },
    {
      key: 'cost',
      title: t('rewards.column.cost'),
      numeric: true,
      cell: (reward) => worth.cost(formOf(reward)),
    },
    {
      key: 'value',
      title: t('rewards.column.value'),
      numeric: true,
      cell: (reward) => worth.value(formOf(reward)),
    },
    {
      key: 'used',
      title: t('rewards.column.used'),
      numeric: true,
      cell: (reward) =>
        t('rewards.usage', { redeemed: number(reward.redeemed), used: number(reward.used) }),
    },
    {
      key: 'status',
      title: t('rewards.column.status'),
      cell: ({ status }) => (
        <Badge tone={status === 'active' ? 'success' : 'new'}>
          {status === 'active' ? t('rewards.on') : t('rewards.off')}
        </Badge>
      ),
    },
    {
      key: 'actions',
      title: t('rewards.column.actions'),
      hideTitle: true,
      cell: (reward) => {
        const index = rewards.indexOf(reward);
        const title = titleOf(reward);
        const isOn = reward.status === 'active';
        return (
          <InlineStack gap="200" blockAlign="center" wrap={false}>
            <Button
              icon={ArrowUpIcon}
              variant="tertiary"
              disabled={isBusy || index === 0}
              accessibilityLabel={t('rewards.moveUp', { title })}
              onClick={() => move(index, -1)}
            />
            <Button
              icon={ArrowDownIcon}
              variant="tertiary"
              disabled={isBusy || index === rewards.length - 1}
              accessibilityLabel={t('rewards.moveDown', { title })}
              onClick={() => move(index, 1)}
            />
            <Button
              disabled={isBusy}
              accessibilityLabel={t(isOn ? 'rewards.switchOffNamed' : 'rewards.switchOnNamed', {
                title,
              })}
              onClick={() => setStatus(reward.rewardId, isOn ? 'disabled' : 'active')}
            >
              {t(isOn ? 'rewards.switchOff' : 'rewards.switchOn')}
            </Button>
            <Button
              tone="critical"
              variant="tertiary"
              disabled={isBusy}
              accessibilityLabel={t('rewards.deleteNamed', { title })}
              onClick={() => setStatus(reward.rewardId, 'deleted')}
            >
              {t('rewards.delete')}
            </Button>
          </InlineStack>
        );
      },
    },
  ];
}
