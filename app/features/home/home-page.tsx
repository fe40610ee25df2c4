import { Await } from '@remix-run/react';
import {
  Banner,
  BlockStack,
  Card,
  Layout,
  SkeletonBodyText,
  SkeletonDisplayText,
  Text,
} from '@shopify/polaris';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { GetAnalyticsResponse } from '#proto/analytics/v1/analytics.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { useFreshOnReturn } from '../../dashboard/fresh-on-return.ts';
import { PlanUsageCard } from '../../dashboard/plan-usage.tsx';
import { DailyChart } from './daily-chart.tsx';
import { Figures } from './figures.tsx';
import type { Home, Part } from './home.server.ts';
import { ProgramSwitch } from './program-off.tsx';
import { RecentActivity } from './recent-activity.tsx';
import { SetupChecklist } from './setup-checklist.tsx';
import { HealthBanner } from './health-banner.tsx';
import { SyncProgress } from './sync-progress.tsx';
import { Tips } from './tips-banner.tsx';

export function HomePage({ home }: { home: Home }) {
  const { t } = useTranslation();
  useFreshOnReturn();
  const { isActive, tasks, sync, tips, problems, plan, analytics, days, themeEditorUrl } = home;
  return (
    <DashboardPage title={t('home.title')}>
      <BlockStack gap="400">
        {isActive.ok && <ProgramSwitch isActive={isActive.value} />}
        {problems.ok && <HealthBanner problems={problems.value} />}
        {!(isActive.ok && tasks.ok && sync.ok && tips.ok && problems.ok) && (
          <Banner tone="warning">
            <p>{t('home.partial')}</p>
          </Banner>
        )}
        {sync.ok && <SyncProgress initial={sync.value} />}
        {tasks.ok && (
          <SetupChecklist
            tasks={tasks.value}
            isProgramActive={isActive.ok && isActive.value}
            themeEditorUrl={themeEditorUrl}
          />
        )}
        {tips.ok && <Tips tips={tips.value} themeEditorUrl={themeEditorUrl} />}
        <Suspense fallback={<AnalyticsSkeleton />}>
          <Await resolve={analytics}>{(part) => <Analytics part={part} days={days} />}</Await>
        </Suspense>
        <Suspense fallback={null}>
          <Await resolve={plan}>
            {(part) => (part.ok ? <PlanUsageCard {...part.value} /> : null)}
          </Await>
        </Suspense>
      </BlockStack>
    </DashboardPage>
  );
}

function Analytics({ part, days }: { part: Part<GetAnalyticsResponse>; days: number }) {
  const { t } = useTranslation();
  if (!part.ok) {
    return (
      <Banner tone="warning">
        <BlockStack gap="100">
          <p>{t('home.unavailable')}</p>
          <Text as="p" tone="subdued" breakWord>
            {t('common.requestId', { requestId: part.problem.requestId })}
          </Text>
        </BlockStack>
      </Banner>
    );
  }
  return (
    <BlockStack gap="400">
      <Figures analytics={part.value} days={days} />
      <Layout>
        <Layout.Section>
          <DailyChart daily={part.value.daily} days={days} />
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <RecentActivity recent={part.value.recent} />
        </Layout.Section>
      </Layout>
    </BlockStack>
  );
}

/** As tall as what replaces it, so that nothing below jumps. */
function AnalyticsSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('common.loading')}>
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="400">
            <SkeletonDisplayText size="small" />
            <SkeletonBodyText lines={3} />
          </BlockStack>
        </Card>
        <Card>
          <SkeletonBodyText lines={12} />
        </Card>
      </BlockStack>
    </div>
  );
}
