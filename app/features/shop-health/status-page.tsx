import { useNavigation, useRevalidator } from '@remix-run/react';
import { Banner, BlockStack, InlineGrid, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { ShopHealth } from '#proto/admin/v1/health.ts';
import { GRAVE_PROBLEMS, HEALTH_PROBLEMS } from '#vocabulary/health.ts';
import type { HealthProblem } from '#vocabulary/health.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { useFreshOnReturn } from '../../dashboard/fresh-on-return.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import type { Incident } from './incident.ts';
import {
  AccessCard,
  BalancesCard,
  MessagesCard,
  PointsCard,
  ReadingCard,
  ScoresCard,
} from './status-cards.tsx';
import type { StatusData } from './status.server.ts';

/** How the shop is served: in sentences first, then in figures. */
export function StatusPage({ health, incident, requestId }: StatusData) {
  const { t } = useTranslation();
  const { revalidate, state } = useRevalidator();
  const isBusy = useNavigation().state === 'loading' || state === 'loading';
  useFreshOnReturn();
  return (
    <DashboardPage
      title={t('status.title')}
      subtitle={t('status.intro')}
      backAction={{ content: t('nav.settings'), url: '/app/settings' }}
      secondaryActions={[
        { content: t('status.refresh'), onAction: revalidate, loading: state === 'loading' },
      ]}
    >
      <div className={isBusy ? 'ln-busy' : undefined} aria-busy={isBusy}>
        {incident !== null ? (
          <IncidentBanner incident={incident} requestId={requestId} />
        ) : (
          <Health health={health} />
        )}
      </div>
    </DashboardPage>
  );
}

function IncidentBanner({ incident, requestId }: { incident: Incident; requestId: string }) {
  const { t } = useTranslation();
  return (
    <Banner tone="critical" title={t('status.incident.title')}>
      <BlockStack gap="200">
        <p>{t(`status.incident.${incident}`)}</p>
        <p>{t('status.incident.safe')}</p>
        <Text as="p" tone="subdued" breakWord>
          {t('common.requestId', { requestId })}
        </Text>
      </BlockStack>
    </Banner>
  );
}

function Health({ health }: { health: ShopHealth }) {
  const { t } = useTranslation();
  const problems = HEALTH_PROBLEMS.filter((problem) => health.problems.includes(problem));
  return (
    <BlockStack gap="400">
      {problems.length === 0 ? (
        <Well health={health} />
      ) : (
        problems.map((problem) => <ProblemBanner key={problem} problem={problem} health={health} />)
      )}
      <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
        <PointsCard health={health} />
        <MessagesCard health={health} />
        <ReadingCard health={health} />
        <BalancesCard health={health} />
        <ScoresCard health={health} />
        <AccessCard health={health} />
      </InlineGrid>
      <Text as="p" tone="subdued">
        {t('status.measured')} <Moment at={health.measuredAt} />
      </Text>
    </BlockStack>
  );
}

function Well({ health }: { health: ShopHealth }) {
  const { t } = useTranslation();
  const { duration } = useFormat();
  if (isUntouched(health)) {
    return (
      <Banner tone="info" title={t('status.new.title')}>
        <p>{t('status.new.body')}</p>
      </Banner>
    );
  }
  const { measured = 0, medianMilliseconds = 0 } = health.points ?? {};
  return (
    <Banner tone="success" title={t('status.well.title')}>
      <p>
        {measured > 0
          ? t('status.well.within', { duration: duration(medianMilliseconds) })
          : t('status.well.quiet')}
      </p>
    </Banner>
  );
}

/** A shop that was just installed: nothing came, and no night has passed. */
function isUntouched({ deliveries, reconcile, ledger }: ShopHealth): boolean {
  return (
    (deliveries?.lastReceivedAt ?? '') === '' &&
    (reconcile?.at ?? '') === '' &&
    (ledger?.at ?? '') === ''
  );
}

function ProblemBanner({ problem, health }: { problem: HealthProblem; health: ShopHealth }) {
  const { t } = useTranslation();
  const isGrave = GRAVE_PROBLEMS.some((grave) => grave === problem);
  const action = actionOf(problem, health);
  return (
    <Banner
      tone={isGrave ? 'critical' : 'warning'}
      title={t(`status.problems.${problem}.title`)}
      {...(action !== undefined && {
        action: { content: t(`status.actions.${action.words}`), url: action.url },
      })}
    >
      <p>{t(`status.problems.${problem}.body`)}</p>
    </Banner>
  );
}

/** Where the merchant can do something about it. */
function actionOf(
  problem: HealthProblem,
  { deliveries }: ShopHealth,
): { readonly words: 'failed' | 'messages'; readonly url: string } | undefined {
  switch (problem) {
    case 'deliveries_failed':
      return {
        words: 'failed',
        url: `/app/deliveries?status=${(deliveries?.failed ?? 0) > 0 ? 'failed' : 'refused'}`,
      };
    case 'orders_waiting':
      return { words: 'messages', url: '/app/deliveries?status=received' };
    case 'orders_drifted':
      return { words: 'messages', url: '/app/deliveries' };
    default:
      return undefined;
  }
}
