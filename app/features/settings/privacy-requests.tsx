import { useFetcher } from '@remix-run/react';
import { Badge, Box, Button, Card, Text, type BadgeProps } from '@shopify/polaris';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { GdprRequest } from '#proto/admin/v1/admin.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { Pager } from '../../dashboard/pager.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import type { SettingsAction } from './settings-action.ts';
import { PRIVACY_REQUESTS, type PrivacyRequestStatus } from '#vocabulary/privacy.ts';

const statuses = {
  pending: 'attention',
  completed: 'success',
  failed: 'critical',
} as const satisfies Record<PrivacyRequestStatus, BadgeProps['tone']>;
const isStatus = (status: string): status is keyof typeof statuses =>
  Object.hasOwn(statuses, status);

/** Customers' data and erasure requests, and the data to hand over. */
export function PrivacyRequests({
  requests,
  nextCursor,
}: {
  requests: readonly GdprRequest[];
  nextCursor: string;
}) {
  const { t } = useTranslation();
  const fetcher = useFetcher<SettingsAction>();
  const answer = fetcher.data;
  const refusal = answer?.ok === false ? answer : undefined;

  useEffect(() => {
    if (answer?.ok === true && answer.intent === 'download')
      saveFile(`customer-data-${answer.requestId}.json`, answer.exportJson);
  }, [answer]);

  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <OutcomeBanner answer={refusal} problem={refusal?.problem} />
        <Text as="h2" variant="headingMd">
          {t('settings.privacy.title')}
        </Text>
        <Text as="p" tone="subdued">
          {t('settings.privacy.help')}
        </Text>
      </Box>
      {requests.length === 0 ? (
        <NothingHere body={t('settings.privacy.empty')} />
      ) : (
        <RequestTable requests={requests} fetcher={fetcher} />
      )}
      {nextCursor !== '' && (
        <Box padding="400">
          <Pager nextCursor={nextCursor} label={t('common.pages')} />
        </Box>
      )}
    </Card>
  );
}

type Fetcher = ReturnType<typeof useFetcher<SettingsAction>>;

function RequestTable({
  requests,
  fetcher,
}: {
  requests: readonly GdprRequest[];
  fetcher: Fetcher;
}) {
  const { t } = useTranslation();
  const { date } = useFormat();
  return (
    <RecordTable
      caption={t('settings.privacy.caption')}
      rows={requests}
      rowKey={(request) => request.requestId}
      columns={[
        {
          key: 'kind',
          title: t('settings.privacy.kind'),
          heading: true,
          cell: (request) =>
            t(
              `settings.privacy.${PRIVACY_REQUESTS.find((type) => type === request.requestType) ?? 'data_request'}`,
            ),
        },
        {
          key: 'received',
          title: t('settings.privacy.received'),
          cell: (request) => <Moment at={request.createdAt} dateOnly />,
        },
        {
          key: 'finished',
          title: t('settings.privacy.finished'),
          cell: (request) => (
            <span suppressHydrationWarning>{date(request.completedAt) || '—'}</span>
          ),
        },
        {
          key: 'status',
          title: t('settings.privacy.status'),
          cell: (request) => {
            const status = isStatus(request.status) ? request.status : 'pending';
            return <Badge tone={statuses[status]}>{t(`settings.privacy.${status}`)}</Badge>;
          },
        },
        {
          key: 'download',
          title: t('settings.privacy.download'),
          hideTitle: true,
          cell: (request) =>
            request.requestType === 'data_request' && request.status !== 'failed' ? (
              <Download request={request} fetcher={fetcher} />
            ) : null,
        },
      ]}
    />
  );
}

/** What is known of the customer, as a file. */
function Download({ request, fetcher }: { request: GdprRequest; fetcher: Fetcher }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  return (
    <Button
      size="slim"
      accessibilityLabel={t('settings.privacy.downloadOf', {
        date: date(request.createdAt),
      })}
      loading={fetcher.state !== 'idle' && fetcher.formData?.get('requestId') === request.requestId}
      onClick={() =>
        fetcher.submit({ intent: 'download', requestId: request.requestId }, { method: 'post' })
      }
    >
      {t('settings.privacy.download')}
    </Button>
  );
}

function saveFile(name: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
