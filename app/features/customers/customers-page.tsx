import { useNavigation } from '@remix-run/react';
import { Badge, BlockStack, Button, Card, Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { Customer } from '#proto/admin/v1/admin.ts';
import { useAddressFilters } from '../../dashboard/address-search.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { useFreshOnReturn } from '../../dashboard/fresh-on-return.ts';
import { ListFilters } from '../../dashboard/list-filters.tsx';
import { wordsIn } from '../../dashboard/localized.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { Pager } from '../../dashboard/pager.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { customerName } from './customer-name.ts';
import type { CustomersData } from './customers.server.ts';
import { SegmentBadges, useSegmentName } from './segments.tsx';
import { CUSTOMER_SORTS, type CustomerSort } from '#vocabulary/customers.ts';

export function CustomersPage({
  asked,
  customers,
  nextCursor,
  total,
  segments,
  tiers,
}: CustomersData) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const isBusy = useNavigation().state === 'loading';
  useFreshOnReturn();
  const shown =
    total >= 0
      ? t('customers.count', { count: total, formatted: number(total) })
      : t('customers.results', { count: customers.length, formatted: number(customers.length) });
  return (
    <DashboardPage title={t('customers.title')} help="why-is-my-balance-so">
      <BlockStack gap="400">
        <Card padding="0">
          <ListControls asked={asked} segments={segments} tiers={tiers} />
          <div className={isBusy ? 'ln-busy' : undefined} aria-busy={isBusy}>
            {customers.length === 0 ? (
              <NoCustomers asked={asked} />
            ) : (
              <CustomerTable customers={customers} segments={segments} />
            )}
          </div>
        </Card>
        <div aria-live="polite">
          <Text as="p" tone="subdued" alignment="center">
            {customers.length > 0 ? shown : ''}
          </Text>
        </div>
        <Pager nextCursor={nextCursor} label={t('common.pages')} />
      </BlockStack>
    </DashboardPage>
  );
}

function ListControls({
  asked,
  segments,
  tiers,
}: Pick<CustomersData, 'asked' | 'segments' | 'tiers'>) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const nameOf = useSegmentName(segments);
  const change = useAddressFilters();
  const filters = [
    {
      key: 'segment',
      label: t('customers.segment'),
      value: asked.segment,
      choices: segments.map(({ segmentId }) => ({ value: segmentId, label: nameOf(segmentId) })),
    },
    {
      key: 'tier',
      label: t('customers.tier'),
      value: asked.tier,
      choices: tiers.map(({ tierId, names }) => ({
        value: tierId,
        label: wordsIn(names, language),
      })),
    },
    {
      key: 'participation',
      label: t('customers.participation'),
      value: asked.participation,
      choices: [{ value: 'excluded', label: t('customers.excluded') }],
    },
  ];
  const orders = {
    newest: [t('customers.sortNewest'), t('customers.newestFirst')],
    balance: [t('customers.sortBalance'), t('customers.highestFirst')],
    last_order: [t('customers.sortLastOrder'), t('customers.newestFirst')],
  } as const satisfies Record<CustomerSort, unknown>;
  return (
    <ListFilters
      search={{ name: 'query', label: t('customers.searchHint'), value: asked.query }}
      filters={filters.filter(({ choices }) => choices.length > 0)}
      sort={{
        name: 'sort',
        value: asked.sort,
        choices: CUSTOMER_SORTS.map((value) => ({
          value,
          label: orders[value][0],
          direction: orders[value][1],
        })),
      }}
      onChange={change}
    />
  );
}

function NoCustomers({
  asked: { query, segment, tier, participation },
}: Pick<CustomersData, 'asked'>) {
  const { t } = useTranslation();
  if (query === '' && participation !== '')
    return <NothingHere body={t('customers.noneExcluded')} />;
  if (query === '' && tier !== '') return <NothingHere body={t('customers.noneInTier')} />;
  if (query === '' && segment !== '') return <NothingHere body={t('customers.noneInSegment')} />;
  return query === '' ? (
    <NothingHere
      drawing="customers"
      title={t('customers.emptyTitle')}
      body={t('customers.emptyBody')}
      action={
        <Button variant="primary" url="/app/program">
          {t('customers.emptyAction')}
        </Button>
      }
    />
  ) : (
    <NothingHere
      title={t('customers.noneFoundTitle')}
      body={t('customers.noneFoundBody', { query })}
    />
  );
}

function CustomerTable({ customers, segments }: Pick<CustomersData, 'customers' | 'segments'>) {
  const { t } = useTranslation();
  const { language, number } = useFormat();
  return (
    <RecordTable
      caption={t('customers.caption')}
      rows={customers}
      rowKey={(customer) => customer.customerId}
      columns={[
        {
          key: 'name',
          title: t('customers.name'),
          heading: true,
          cell: (customer) => (
            <Link url={`/app/customers/${customer.customerId}`} removeUnderline>
              {customer.redactedAt !== ''
                ? t('customers.erased')
                : customerName(customer) || t('customers.noName')}
            </Link>
          ),
        },
        { key: 'email', title: t('customers.email'), cell: (customer) => customer.email || '—' },
        {
          key: 'kind',
          title: t('customers.kind'),
          cell: (customer) => <Kind customer={customer} />,
        },
        {
          key: 'segment',
          title: t('customers.segment'),
          // The one that counts; all of them are on the customer's page.
          cell: ({ segmentIds }) =>
            segmentIds.length === 0 ? (
              '—'
            ) : (
              <SegmentBadges ids={segmentIds.slice(0, 1)} segments={segments} />
            ),
        },
        {
          key: 'tier',
          title: t('customers.tier'),
          cell: (customer) => wordsIn(customer.vipTierNames, language) || '—',
        },
        {
          key: 'points',
          title: t('customers.points'),
          numeric: true,
          cell: (customer) => number(customer.balance?.balance ?? 0),
        },
        {
          key: 'orders',
          title: t('customers.orders'),
          numeric: true,
          cell: (customer) => number(customer.orderCount),
        },
        {
          key: 'lastOrder',
          title: t('customers.lastOrder'),
          cell: ({ lastOrderAt }) =>
            lastOrderAt === '' ? t('customers.noOrders') : <Moment at={lastOrderAt} dateOnly />,
        },
      ]}
    />
  );
}

/** A member has an account in the shop; a guest has ordered without one. */
export function Kind({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  if (customer.redactedAt !== '') return <Badge tone="critical">{t('customers.erased')}</Badge>;
  if (customer.absence !== '') return <Badge tone="attention">{t('customers.excluded')}</Badge>;
  return customer.hasAccount ? (
    <Badge tone="success">{t('customers.member')}</Badge>
  ) : (
    <Badge>{t('customers.guest')}</Badge>
  );
}
