import { useNavigation } from '@remix-run/react';
import { BlockStack, Button, Card, Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '#proto/points/v1/campaigns.ts';
import { useAddressFilters } from '../../dashboard/address-search.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { useFreshOnReturn } from '../../dashboard/fresh-on-return.ts';
import { ListFilters } from '../../dashboard/list-filters.tsx';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { Pager } from '../../dashboard/pager.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { CampaignStatus, usePeriod } from './campaign-status.tsx';
import { kindOf } from './campaign-form.ts';
import type { CampaignsData } from './campaigns.server.ts';
import { CAMPAIGN_STATUSES } from '#vocabulary/campaigns.ts';

export function CampaignsPage({ status, campaigns, nextCursor }: CampaignsData) {
  const { t } = useTranslation();
  const isBusy = useNavigation().state === 'loading';
  const change = useAddressFilters();
  useFreshOnReturn();
  const isEmpty = campaigns.length === 0 && status === '';
  return (
    <DashboardPage
      help="campaigns"
      title={t('campaigns.title')}
      // With no campaign yet, the empty list has the button.
      {...(!isEmpty && {
        primaryAction: { content: t('campaigns.create'), url: '/app/campaigns/new' },
      })}
    >
      <BlockStack gap="400">
        <Card padding="0">
          {!isEmpty && (
            <ListFilters
              views={{
                name: 'status',
                value: status,
                choices: [
                  { value: '', label: t('campaigns.all') },
                  ...CAMPAIGN_STATUSES.map((value) => ({
                    value,
                    label: t(`campaigns.statuses.${value}`),
                  })),
                ],
              }}
              filters={[]}
              onChange={change}
            />
          )}
          <div className={isBusy ? 'ln-busy' : undefined} aria-busy={isBusy} aria-live="polite">
            {isEmpty ? (
              <NothingHere
                drawing="campaigns"
                title={t('campaigns.emptyTitle')}
                body={t('campaigns.emptyBody')}
                action={
                  <Button variant="primary" url="/app/campaigns/new">
                    {t('campaigns.create')}
                  </Button>
                }
              />
            ) : campaigns.length === 0 ? (
              <NothingHere body={t('campaigns.noneFound')} />
            ) : (
              <CampaignTable campaigns={campaigns} />
            )}
          </div>
        </Card>
        <Pager nextCursor={nextCursor} label={t('common.pages')} />
      </BlockStack>
    </DashboardPage>
  );
}

function CampaignTable({ campaigns }: { campaigns: readonly Campaign[] }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const period = usePeriod();
  return (
    <RecordTable
      caption={t('campaigns.caption')}
      rows={campaigns}
      rowKey={(campaign) => campaign.campaignId}
      columns={[
        {
          key: 'name',
          title: t('campaigns.name'),
          heading: true,
          cell: (campaign) => (
            <BlockStack gap="050">
              <Link url={`/app/campaigns/${campaign.campaignId}`} removeUnderline>
                {campaign.name}
              </Link>
              <Text as="span" tone="subdued" variant="bodySm" fontWeight="regular">
                {t(`campaigns.kinds.${kindOf(campaign) ?? 'other'}`)}
              </Text>
            </BlockStack>
          ),
        },
        {
          key: 'status',
          title: t('campaigns.status'),
          cell: (campaign) => <CampaignStatus status={campaign.status} />,
        },
        {
          key: 'period',
          title: t('campaigns.period'),
          cell: (campaign) => <span suppressHydrationWarning>{period(campaign)}</span>,
        },
        {
          key: 'orders',
          title: t('campaigns.orders'),
          numeric: true,
          cell: (campaign) => number(campaign.results?.orders ?? 0),
        },
        {
          key: 'members',
          title: t('campaigns.members'),
          numeric: true,
          cell: (campaign) => number(campaign.results?.members ?? 0),
        },
        {
          key: 'points',
          title: t('campaigns.points'),
          numeric: true,
          cell: (campaign) => number(campaign.results?.points ?? 0),
        },
      ]}
    />
  );
}
