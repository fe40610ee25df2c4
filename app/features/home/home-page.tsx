import { Await, useRevalidator } from '@remix-run/react';
import {
  Banner,
  BlockStack,
  Button,
  Card,
  InlineStack,
  Layout,
  SkeletonBodyText,
  SkeletonDisplayText,
  Text,
} from '@shopify/polaris';
import { Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { useFreshOnReturn } from '../../dashboard/fresh-on-return.ts';
import { PlanUsageCard } from '../../dashboard/plan-usage.tsx';
import type { Problem } from '../../dashboard/problem.ts';
import { Figures } from './figures.tsx';
import type { Home } from './home.server.ts';
import { ProgramSwitch } from './program-off.tsx';
import { RecentActivity } from './recent-activity.tsx';
import { SetupChecklist } from './setup-checklist.tsx';
import { HealthBanner } from './health-banner.tsx';
import { NextStep } from './next-step.tsx';
import { Slipping } from './slipping.tsx';
import { SyncProgress } from './sync-progress.tsx';

export function HomePage({ home }: { home: Home }) {
  const { t } = useTranslation();
  useFreshOnReturn();
  const { isActive, tasks, sync, tips, problems, themeEditorUrl } = home;
  const isPartial = !(isActive.ok && tasks.ok && sync.ok && tips.ok && problems.ok);
  return (
    <DashboardPage title={t('home.title')}>
      {/* Of all that have something to say the first is shown (dashboard.css): one banner at most. */}
      <div className="ln-notices">
        {isActive.ok && (
          <div>
            <ProgramSwitch isActive={isActive.value} />
          </div>
        )}
        {problems.ok && (
          <div>
            <HealthBanner problems={problems.value} />
          </div>
        )}
        {isPartial && (
          <div>
            <Banner tone="warning">
              <p>{t('home.partial')}</p>
            </Banner>
          </div>
        )}
        {sync.ok && (
          <div>
            <SyncProgress initial={sync.value} />
          </div>
        )}
        {tasks.ok && (
          <div>
            <SetupChecklist
              tasks={tasks.value}
              isProgramActive={isActive.ok && isActive.value}
              themeEditorUrl={themeEditorUrl}
            />
          </div>
        )}
      </div>
      <Suspense fallback={<Columns main={<FiguresSkeleton />} side={<SideSkeleton />} />}>
        <Await resolve={home.later}>
          {({ analytics, plan }) => (
            <Columns
              main={
                analytics.ok ? (
                  <>
                    <Figures figures={analytics.value} days={home.days} />
                    <Slipping figures={analytics.value} />
                  </>
                ) : (
                  <Unavailable problem={analytics.problem} />
                )
              }
              side={
                <>
                  {tips.ok && <NextStep tips={tips.value} themeEditorUrl={themeEditorUrl} />}
                  {analytics.ok && <RecentActivity recent={analytics.value.recent} />}
                  {plan.ok && <PlanUsageCard {...plan.value} />}
                </>
              }
            />
          )}
        </Await>
      </Suspense>
    </DashboardPage>
  );
}

function Columns({ main, side }: { main: ReactNode; side: ReactNode }) {
  return (
    <Layout>
      <Layout.Section>
        <BlockStack gap="400">{main}</BlockStack>
      </Layout.Section>
      <Layout.Section variant="oneThird">
        <BlockStack gap="400">{side}</BlockStack>
      </Layout.Section>
    </Layout>
  );
}

/** In the place of the figures: a card, as the page's banner says what else is missing. */
function Unavailable({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  const { revalidate, state } = useRevalidator();
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t('home.figures.title')}
        </Text>
        <Text as="p">{t('home.unavailable')}</Text>
        <Text as="p" tone="subdued" breakWord>
          {t('common.requestId', { requestId: problem.requestId })}
        </Text>
        <InlineStack>
          <Button loading={state !== 'idle'} onClick={revalidate}>
            {t('common.retry')}
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

/** As tall as what replaces it, so that nothing below jumps. */
function FiguresSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('common.loading')}>
      <Card>
        <BlockStack gap="400">
          <SkeletonDisplayText size="small" />
          <div className="ln-figures ln-tiles">
            {[1, 2, 3, 4, 5].map((tile) => (
              <div key={tile} className="ln-figure ln-tile ln-tile-loading">
                <SkeletonBodyText lines={4} />
              </div>
            ))}
          </div>
          <div className="ln-chart" />
        </BlockStack>
      </Card>
    </div>
  );
}

function SideSkeleton() {
  return (
    <Card>
      <SkeletonBodyText lines={12} />
    </Card>
  );
}
