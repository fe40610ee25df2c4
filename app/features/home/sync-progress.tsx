import { useFetcher, useRevalidator } from '@remix-run/react';
import { Banner, BlockStack, Card, Text } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProgressBar } from '../../dashboard/progress-bar.tsx';
import type { Sync } from '#proto/admin/v1/admin.ts';
import { useLive } from '../../dashboard/live.ts';
import { hasSetAside, SetAsideList } from '../../dashboard/set-aside-list.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { isUnderWay } from './sync-state.ts';

const isOver = (sync: Sync | null) => !isUnderWay(sync);

/** The first-run sync while it runs, followed live, and a way to start it again when it failed. */
export function SyncProgress({ initial }: { initial: Sync | null }) {
  const { t } = useTranslation();
  const restart = useFetcher();
  const [isRead, setRead] = useState(false);
  const { revalidate } = useRevalidator();
  const sync = useLive('/app/sync', initial, isOver);
  const isRunning = isUnderWay(sync);
  const wasRunning = isUnderWay(initial);

  // The figures of the page were counted before the newcomers arrived.
  const hasEnded = wasRunning && !isRunning;
  useEffect(() => {
    if (hasEnded) revalidate();
  }, [hasEnded, revalidate]);

  if (sync?.status === 'failed') {
    return (
      <Banner
        tone="critical"
        action={{
          content: t('home.sync.retry'),
          loading: restart.state !== 'idle',
          onAction: () => restart.submit(null, { method: 'post', action: '/app/sync' }),
        }}
      >
        <p>{t('home.sync.failed')}</p>
      </Banner>
    );
  }
  return (
    <div aria-live="polite" className="ln-live">
      {isRunning && <Running sync={sync} />}
      {!isRunning && hasSetAside(sync) && !isRead && (
        <Banner tone="warning" title={t('setAside.title')} onDismiss={() => setRead(true)}>
          <SetAsideList sync={sync} />
        </Banner>
      )}
    </div>
  );
}

function Running({ sync }: { sync: Sync | null }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const text = () => {
    if (sync === null || sync.status === 'queued') return t('home.sync.queued');
    const isOrders = sync.phase === 'orders';
    const done = isOrders ? sync.ordersProcessed : sync.customersProcessed;
    const total = isOrders ? sync.ordersTotal : sync.customersTotal;
    const figures = { done: number(done), total: number(total) };
    return isOrders
      ? t(total > 0 ? 'home.sync.orders' : 'home.sync.ordersOpen', figures)
      : t(total > 0 ? 'home.sync.customers' : 'home.sync.customersOpen', figures);
  };
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd" id="sync-title">
          {t('home.sync.title')}
        </Text>
        <ProgressBar progress={progressOf(sync)} ariaLabelledBy="sync-title" />
        <Text as="p">{text()}</Text>
        <Text as="p" tone="subdued">
          {t('home.sync.note')}
        </Text>
      </BlockStack>
    </Card>
  );
}

/** Percent of the whole: customers are the first half, orders the second. */
export function progressOf(sync: Sync | null): number {
  if (sync === null) return 0;
  const share = (done: number, total: number) => (total > 0 ? Math.min(1, done / total) : 0);
  if (sync.status === 'completed' || sync.phase === 'done') return 100;
  if (sync.phase === 'orders') return 50 + 50 * share(sync.ordersProcessed, sync.ordersTotal);
  return 50 * share(sync.customersProcessed, sync.customersTotal);
}
