import { useNavigation } from '@remix-run/react';
import { Badge, Banner, BlockStack, Button, Card, Link } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { Referral } from '#proto/referrals/v1/referrals.ts';
import { useAddressFilters } from '../../dashboard/address-search.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { useFreshOnReturn } from '../../dashboard/fresh-on-return.ts';
import { ListFilters } from '../../dashboard/list-filters.tsx';
import { Moment } from '../../dashboard/moment.tsx';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { Pager } from '../../dashboard/pager.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { ReferralFunnel } from './referral-funnel.tsx';
import { ReferralStatus, useChannelName, usePersonName } from './referral-words.tsx';
import type { ReferralsData } from './referrals.server.ts';
import { REFERRAL_STATUSES } from '#vocabulary/referrals.ts';

const settings = '/app/referrals/settings';

/** What comes of the members' links, and what waits for a decision. */
export function ReferralsPage(data: ReferralsData) {
  const { status, days, isActive, referrals, nextCursor, held, funnel } = data;
  const { t } = useTranslation();
  const { number } = useFormat();
  useFreshOnReturn();
  const isUnused = referrals.length === 0 && status === '' && nextCursor === '';
  const isNew = isUnused && !isActive;
  return (
    <DashboardPage
      help="referrals"
      title={t('referrals.title')}
      {...(held > 0 && {
        titleMetadata: (
          <Badge tone="attention">
            {t('referrals.toReview', { count: held, formatted: number(held) })}
          </Badge>
        ),
      })}
      {...(!isNew && { secondaryActions: [{ content: t('referrals.settings'), url: settings }] })}
    >
      <BlockStack gap="400">
        {!isActive && !isNew && (
          <Banner tone="warning" action={{ content: t('referrals.turnOn'), url: settings }}>
            <p>{t('referrals.off')}</p>
          </Banner>
        )}
        {!isNew && <ReferralFunnel funnel={funnel} days={days} status={status} />}
        <Card padding="0">
          {!isUnused && <Views status={status} held={held} />}
          <Content referrals={referrals} isNew={isNew} isUnused={isUnused} />
        </Card>
        <Pager nextCursor={nextCursor} label={t('common.pages')} />
      </BlockStack>
    </DashboardPage>
  );
}

function Views({ status, held }: Pick<ReferralsData, 'status' | 'held'>) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const change = useAddressFilters();
  return (
    <ListFilters
      views={{
        name: 'status',
        value: status,
        choices: [
          { value: '', label: t('referrals.all') },
          ...REFERRAL_STATUSES.map((value) => ({
            value,
            label:
              value === 'held' && held > 0
                ? t('referrals.toReview', { count: held, formatted: number(held) })
                : t(`referrals.statuses.${value}`),
          })),
        ],
      }}
      filters={[]}
      onChange={change}
    />
  );
}

function Content({
  referrals,
  isNew,
  isUnused,
}: Pick<ReferralsData, 'referrals'> & { isNew: boolean; isUnused: boolean }) {
  const { t } = useTranslation();
  const isBusy = useNavigation().state === 'loading';
  return (
    <div className={isBusy ? 'ln-busy' : undefined} aria-busy={isBusy} aria-live="polite">
      {isNew ? (
        <NothingHere
          drawing="referrals"
          title={t('referrals.emptyTitle')}
          body={t('referrals.emptyBody')}
          action={
            <Button variant="primary" url={settings}>
              {t('referrals.turnOn')}
            </Button>
          }
        />
      ) : isUnused ? (
        <NothingHere
          drawing="referrals"
          title={t('referrals.waitingTitle')}
          body={t('referrals.waitingBody')}
        />
      ) : referrals.length === 0 ? (
        <NothingHere body={t('referrals.noneFound')} />
      ) : (
        <ReferralTable referrals={referrals} />
      )}
    </div>
  );
}

function ReferralTable({ referrals }: { referrals: readonly Referral[] }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const nameOf = usePersonName();
  const channelOf = useChannelName();
  return (
    <RecordTable
      caption={t('referrals.list')}
      rows={referrals}
      rowKey={({ referralId }) => referralId}
      columns={[
        {
          key: 'friend',
          title: t('referrals.friend'),
          heading: true,
          cell: ({ referralId, friend }) => (
            <Link url={`/app/referrals/${referralId}`} removeUnderline>
              {nameOf(friend)}
            </Link>
          ),
        },
        {
          key: 'advocate',
          title: t('referrals.advocate'),
          cell: ({ advocate }) => nameOf(advocate),
        },
        {
          key: 'status',
          title: t('referrals.status'),
          cell: ({ status }) => <ReferralStatus status={status} />,
        },
        {
          key: 'channel',
          title: t('referrals.channel'),
          cell: ({ channel }) => channelOf(channel),
        },
        {
          key: 'score',
          title: t('referrals.score'),
          numeric: true,
          cell: ({ score }) => number(score),
        },
        {
          key: 'date',
          title: t('referrals.date'),
          cell: ({ createdAt }) => <Moment at={createdAt} dateOnly />,
        },
      ]}
    />
  );
}
