import { useFetcher, useSearchParams } from '@remix-run/react';
import { Badge, BlockStack, Box, Button, Card, Link, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExpiringMember, ExpiryExtension, ExpiryMonth } from '#proto/points/v1/expiry.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { Moment } from '../../dashboard/moment.tsx';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { Pager } from '../../dashboard/pager.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import type { ExpiryAction } from './expiry-action.ts';
import type { ExpiryData } from './expiry.server.ts';
import { ExtendModal } from './extend-modal.tsx';
import { useMonth } from './month.ts';

type Fetcher = ReturnType<typeof useFetcher<ExpiryAction>>;

/** What expires in which month, for which members, and a form to extend it. */
export function ExpiryPage({ forecast, month, members, nextCursor }: ExpiryData) {
  const { t } = useTranslation();
  const { number, points } = useFormat();
  const [extending, setExtending] = useState('');
  const undoing: Fetcher = useFetcher<ExpiryAction>();
  const [extended, setExtended] = useState<ExpiryAction & { ok: true }>();
  const undone = undoing.state === 'idle' ? undoing.data : undefined;
  const done = undone ?? extended;
  return (
    <DashboardPage
      help="expiration"
      title={t('expiry.title')}
      backAction={{ content: t('nav.program'), url: '/app/program' }}
    >
      <BlockStack gap="400">
        <OutcomeBanner
          answer={done}
          success={
            done?.ok === true
              ? t(`expiry.done.${done.intent}`, {
                  members: number(done.members),
                  points: points(done.points),
                })
              : undefined
          }
          problem={done?.ok === false ? done.problem : undefined}
        />
        <Card padding="0">
          <Box padding="400" paddingBlockEnd="200">
            <BlockStack gap="100">
              <Text as="h2" variant="headingMd">
                {t('expiry.months')}
              </Text>
              <Text as="p" tone="subdued">
                {t('expiry.help')}
              </Text>
              <Text as="p" tone="subdued">
                {t('expiry.never', { points: points(forecast.neverExpiring) })}
              </Text>
            </BlockStack>
          </Box>
          {forecast.months.length === 0 ? (
            <NothingHere body={t('expiry.empty')} />
          ) : (
            <Months months={forecast.months} shown={month} onExtend={setExtending} />
          )}
        </Card>
        {month !== '' && <Members month={month} members={members} nextCursor={nextCursor} />}
        {forecast.extensions.length > 0 && (
          <Extensions extensions={forecast.extensions} fetcher={undoing} />
        )}
      </BlockStack>
      {extending !== '' && (
        <ExtendModal
          month={extending}
          onClose={() => setExtending('')}
          onDone={(result) => {
            setExtending('');
            setExtended(result);
          }}
        />
      )}
    </DashboardPage>
  );
}

function Months({
  months,
  shown,
  onExtend,
}: {
  months: readonly ExpiryMonth[];
  shown: string;
  onExtend: (month: string) => void;
}) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const nameOf = useMonth();
  const [, setSearch] = useSearchParams();
  return (
    <RecordTable
      caption={t('expiry.months')}
      rows={months}
      rowKey={({ month }) => month}
      columns={[
        {
          key: 'month',
          title: t('expiry.month'),
          heading: true,
          cell: ({ month }) => (
            <Button
              variant="plain"
              pressed={month === shown}
              accessibilityLabel={t('expiry.whoLoses', { month: nameOf(month) })}
              onClick={() => setSearch({ month }, { preventScrollReset: true })}
            >
              {nameOf(month)}
            </Button>
          ),
        },
        {
          key: 'points',
          title: t('expiry.points'),
          numeric: true,
          cell: ({ points }) => number(points),
        },
        {
          key: 'members',
          title: t('expiry.members'),
          numeric: true,
          cell: ({ members }) => number(members),
        },
        {
          key: 'extend',
          title: t('expiry.extend.open'),
          hideTitle: true,
          cell: ({ month }) => (
            <Button
              variant="plain"
              accessibilityLabel={t('expiry.extend.openOf', { month: nameOf(month) })}
              onClick={() => onExtend(month)}
            >
              {t('expiry.extend.open')}
            </Button>
          ),
        },
      ]}
    />
  );
}

function Members({
  month,
  members,
  nextCursor,
}: {
  month: string;
  members: readonly ExpiringMember[];
  nextCursor: string;
}) {
  const { t } = useTranslation();
  const { number, date } = useFormat();
  const nameOf = useMonth();
  const title = t('expiry.whoLoses', { month: nameOf(month) });
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
      </Box>
      <RecordTable
        caption={title}
        rows={members}
        rowKey={({ customerId }) => customerId}
        columns={[
          {
            key: 'member',
            title: t('expiry.member'),
            heading: true,
            cell: ({ customerId, name }) => (
              <Link url={`/app/customers/${customerId}`} removeUnderline>
                {name || t('customers.noName')}
              </Link>
            ),
          },
          {
            key: 'points',
            title: t('expiry.points'),
            numeric: true,
            cell: ({ points }) => number(points),
          },
          {
            key: 'first',
            title: t('expiry.first'),
            cell: ({ firstExpiresAt }) => (
              <span suppressHydrationWarning>{date(firstExpiresAt)}</span>
            ),
          },
        ]}
      />
      <Box padding="200">
        <Pager nextCursor={nextCursor} label={t('common.pages')} />
      </Box>
    </Card>
  );
}

function Extensions({
  extensions,
  fetcher,
}: {
  extensions: readonly ExpiryExtension[];
  fetcher: Fetcher;
}) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <Text as="h2" variant="headingMd">
          {t('expiry.extensions')}
        </Text>
      </Box>
      <RecordTable
        caption={t('expiry.extensions')}
        rows={extensions}
        rowKey={({ extensionId }) => extensionId}
        columns={[
          {
            key: 'when',
            title: t('expiry.when'),
            heading: true,
            cell: ({ createdAt }) => <Moment at={createdAt} />,
          },
          {
            key: 'days',
            title: t('expiry.days'),
            numeric: true,
            cell: ({ days }) => number(days),
          },
          {
            key: 'points',
            title: t('expiry.points'),
            numeric: true,
            cell: ({ points }) => number(points),
          },
          {
            key: 'members',
            title: t('expiry.members'),
            numeric: true,
            cell: ({ members }) => number(members),
          },
          {
            key: 'undo',
            title: t('expiry.undo'),
            hideTitle: true,
            cell: ({ extensionId, createdAt, undoneAt }) =>
              undoneAt !== '' ? (
                <Badge>{t('expiry.undone')}</Badge>
              ) : (
                <UndoButton {...{ extensionId, createdAt, fetcher }} />
              ),
          },
        ]}
      />
    </Card>
  );
}

function UndoButton({
  extensionId,
  createdAt,
  fetcher,
}: Pick<ExpiryExtension, 'extensionId' | 'createdAt'> & { fetcher: Fetcher }) {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  return (
    <Button
      variant="plain"
      accessibilityLabel={t('expiry.undoOf', { date: dateTime(createdAt) })}
      disabled={fetcher.state !== 'idle'}
      onClick={() => fetcher.submit({ intent: 'undo', extensionId }, { method: 'post' })}
    >
      {t('expiry.undo')}
    </Button>
  );
}
