import { useNavigation } from '@remix-run/react';
import { Banner, BlockStack, Button, Card } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { useAddressFilters } from '../../dashboard/address-search.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { useFreshOnReturn } from '../../dashboard/fresh-on-return.ts';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { Pager } from '../../dashboard/pager.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { ActivityFilters } from './activity-filters.tsx';
import type { ActivityData } from './activity.server.ts';
import { ActivityTable } from './activity-table.tsx';

/** Everything that happened in the program, newest first, each line with its reason. */
export function ActivityPage(data: ActivityData) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const isBusy = useNavigation().state === 'loading';
  const { asked, logs, nextCursor, membersFound, moreMembers, customerName } = data;
  useFreshOnReturn();
  return (
    <DashboardPage
      title={t('activity.title')}
      subtitle={t('activity.intro')}
      backAction={{ content: t('nav.settings'), url: '/app/settings' }}
    >
      <BlockStack gap="400">
        <div aria-live="polite" className="ln-live">
          {moreMembers && (
            <Banner tone="info">
              <p>
                {t('activity.moreMembers', {
                  count: membersFound,
                  formatted: number(membersFound),
                })}
              </p>
            </Banner>
          )}
        </div>
        <Card padding="0">
          <ActivityFilters asked={asked} customerName={customerName} />
          <div className={isBusy ? 'ln-busy' : undefined} aria-busy={isBusy}>
            {logs.length === 0 ? <Nothing {...data} /> : <ActivityTable logs={logs} />}
          </div>
        </Card>
        <Pager nextCursor={nextCursor} label={t('common.pages')} />
      </BlockStack>
    </DashboardPage>
  );
}

function Nothing({ asked, membersFound }: ActivityData) {
  const { t } = useTranslation();
  const change = useAddressFilters();
  const { query, customer, kind, from, to } = asked;
  if (membersFound === 0)
    return (
      <NothingHere
        title={t('customers.noneFoundTitle')}
        body={t('customers.noneFoundBody', { query })}
      />
    );
  if (query + customer + kind + from + to === '')
    return (
      <NothingHere
        drawing="activity"
        title={t('activity.emptyTitle')}
        body={t('activity.emptyBody')}
        action={
          <Button variant="primary" url="/app/program">
            {t('activity.emptyAction')}
          </Button>
        }
      />
    );
  const isByCustomer = kind === 'changes' && query + customer !== '';
  return (
    <NothingHere
      title={t('activity.noneFoundTitle')}
      body={isByCustomer ? t('activity.changesOfNobody') : t('activity.noneFoundBody')}
      action={
        <Button onClick={() => change({ query: '', customer: '', kind: '', from: '', to: '' })}>
          {t('activity.clear')}
        </Button>
      }
    />
  );
}
