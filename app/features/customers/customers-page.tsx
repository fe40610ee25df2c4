import { useNavigation } from '@remix-run/react';
import {
  Badge,
  BlockStack,
  Box,
  Button,
  Card,
  InlineGrid,
  Link,
  Select,
  Text,
  TextField,
} from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { Customer } from '#proto/admin/v1/admin.ts';
import { choicesOf } from '../../dashboard/choices.ts';
import { useAddressFilters, useTypedSearch } from '../../dashboard/address-search.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { useFreshOnReturn } from '../../dashboard/fresh-on-return.ts';
import { wordsIn } from '../../dashboard/localized.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { Pager } from '../../dashboard/pager.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { customerName } from './customer-name.ts';
import type { CustomersData } from './customers.server.ts';
import { SegmentBadges, useSegmentName } from './segments.tsx';
import type { CustomerSort } from '#vocabulary/customers.ts';

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
          <Box padding="400">
            <ListControls asked={asked} segments={segments} tiers={tiers} />
          </Box>
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

/** Search and order; both live in the address, so a list can be bookmarked and the back button works. */
function ListControls({
  asked,
  segments,
  tiers,
}: Pick<CustomersData, 'asked' | 'segments' | 'tiers'>) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const nameOf = useSegmentName(segments);
  const change = useAddressFilters();
  const [query, setQuery] = useTypedSearch(asked.query, (wanted) => change({ query: wanted }));

  return (
    <InlineGrid columns={{ xs: 1, sm: 2, md: tiers.length > 0 ? 4 : 3 }} gap="400">
      <TextField
        label={t('customers.search')}
        helpText={t('customers.searchHint')}
        type="search"
        value={query}
        onChange={setQuery}
        maxLength={254}
        autoComplete="off"
        clearButton
        onClearButtonClick={() => setQuery('')}
      />
      <Select
        label={t('customers.sort')}
        value={asked.sort}
        onChange={(value) => change({ sort: value })}
        options={choicesOf<CustomerSort>({
          newest: t('customers.sortNewest'),
          balance: t('customers.sortBalance'),
          last_order: t('customers.sortLastOrder'),
        })}
      />
      <Select
        label={t('customers.segment')}
        value={asked.segment}
        onChange={(value) => change({ segment: value })}
        options={[
          { value: '', label: t('customers.anySegment') },
          ...segments.map(({ segmentId }) => ({ value: segmentId, label: nameOf(segmentId) })),
        ]}
      />
      {tiers.length > 0 && (
        <Select
          label={t('customers.tier')}
          value={asked.tier}
          onChange={(value) => change({ tier: value })}
          options={[
            { value: '', label: t('customers.anyTier') },
            ...tiers.map(({ tierId, names }) => ({
              value: tierId,
              label: wordsIn(names, language),
            })),
          ]}
        />
      )}
    </InlineGrid>
  );
}

function NoCustomers({ asked: { query, segment, tier } }: Pick<CustomersData, 'asked'>) {
  const { t } = useTranslation();
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
  return customer.hasAccount ? (
    <Badge tone="success">{t('customers.member')}</Badge>
  ) : (
    <Badge>{t('customers.guest')}</Badge>
  );
}
