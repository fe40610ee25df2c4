import { useFetcher, useNavigation, useRevalidator } from '@remix-run/react';
import { BlockStack, Box, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddressFilters } from '../../dashboard/address-search.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { useFreshOnReturn } from '../../dashboard/fresh-on-return.ts';
import { ListFilters } from '../../dashboard/list-filters.tsx';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { Pager } from '../../dashboard/pager.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { useFormat } from '../../dashboard/shop.ts';
import { isReplayable } from './delivery-status.ts';
import { DeliveryTable } from './delivery-table.tsx';
import type { DeliveriesData } from './deliveries.server.ts';
import { DELIVERY_STATUSES } from '#vocabulary/deliveries.ts';

interface DeliveriesPageProps extends DeliveriesData {
  topics: readonly string[];
}

/** After a replay the worker needs a moment; then the page shows how it went. */
const LOOK_AGAIN_AFTER_MS = 1_500;

export function DeliveriesPage({ asked, deliveries, nextCursor, topics }: DeliveriesPageProps) {
  const { t } = useTranslation();
  const isBusy = useNavigation().state === 'loading';
  const { revalidate, state: revalidation } = useRevalidator();
  const fetcher = useFetcher<{ ok: true; replayed: number } | Refusal>();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  useFreshOnReturn();

  useEffect(() => {
    if (result?.ok !== true) return;
    const timer = setTimeout(revalidate, LOOK_AGAIN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [result, revalidate]);

  // Only rows on this page can be selected; another page or filter clears the selection.
  const chosen = deliveries.filter(
    (delivery) => selected.has(delivery.deliveryId) && isReplayable(delivery),
  );
  const replay = (ids: readonly string[]) => {
    const form = new FormData();
    for (const id of ids) form.append('id', id);
    setSelected(new Set());
    fetcher.submit(form, { method: 'post' });
  };
  const isFiltered = asked.status !== '' || asked.topic !== '';
  return (
    <DashboardPage
      title={t('deliveries.title')}
      subtitle={t('deliveries.intro')}
      backAction={{ content: t('nav.settings'), url: '/app/settings' }}
      secondaryActions={[
        {
          content: t('deliveries.refresh'),
          onAction: revalidate,
          loading: revalidation === 'loading',
        },
      ]}
    >
      <BlockStack gap="400">
        <ReplayOutcome result={result} />
        <Card padding="0">
          <Filters asked={asked} topics={topics} />
          <Box padding="400">
            <Replay
              chosen={chosen.length}
              isSending={fetcher.state !== 'idle'}
              onReplay={() => replay(chosen.map((delivery) => delivery.deliveryId))}
            />
          </Box>
          <div className={isBusy ? 'ln-busy' : undefined} aria-busy={isBusy}>
            {deliveries.length === 0 ? (
              <NothingHere
                {...(!isFiltered && {
                  drawing: 'deliveries',
                  action: <Button url="/app/status">{t('deliveries.emptyAction')}</Button>,
                })}
                title={t(isFiltered ? 'deliveries.noneFoundTitle' : 'deliveries.emptyTitle')}
                body={t(isFiltered ? 'deliveries.noneFoundBody' : 'deliveries.emptyBody')}
              />
            ) : (
              <DeliveryTable deliveries={deliveries} selected={selected} onSelect={setSelected} />
            )}
          </div>
        </Card>
        <Pager nextCursor={nextCursor} label={t('common.pages')} />
      </BlockStack>
    </DashboardPage>
  );
}

function ReplayOutcome({
  result,
}: {
  result: { ok: true; replayed: number } | Refusal | undefined;
}) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <OutcomeBanner
      answer={result}
      success={
        result?.ok === true
          ? result.replayed === 0
            ? t('deliveries.replayedNone')
            : t('deliveries.replayed', {
                count: result.replayed,
                formatted: number(result.replayed),
              })
          : undefined
      }
      problem={result?.ok === false ? result.problem : undefined}
    />
  );
}

interface ReplayProps {
  chosen: number;
  isSending: boolean;
  onReplay: () => void;
}

function Replay({ chosen, isSending, onReplay }: ReplayProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <InlineStack gap="300" blockAlign="center">
      <Button disabled={chosen === 0} loading={isSending} onClick={onReplay}>
        {t('deliveries.replay')}
      </Button>
      <Text as="p" tone="subdued">
        <span aria-live="polite">
          {chosen > 0
            ? t('deliveries.selected', {
                count: chosen,
                formatted: number(chosen),
              })
            : t('deliveries.replayHelp')}
        </span>
      </Text>
    </InlineStack>
  );
}

function Filters({ asked, topics }: Pick<DeliveriesPageProps, 'asked' | 'topics'>) {
  const { t } = useTranslation();
  const change = useAddressFilters();
  return (
    <ListFilters
      filters={[
        {
          key: 'status',
          label: t('deliveries.status'),
          value: asked.status,
          choices: DELIVERY_STATUSES.map((value) => ({
            value,
            label: t(`deliveries.statuses.${value}`),
          })),
        },
        {
          key: 'topic',
          label: t('deliveries.topic'),
          value: asked.topic,
          choices: topics.map((value) => ({ value, label: value })),
        },
      ]}
      onChange={change}
    />
  );
}
