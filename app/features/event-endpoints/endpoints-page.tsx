import { Badge, Banner, BlockStack, Button, Card, InlineStack, Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { EventEndpoint } from '#proto/admin/v1/event_subscriptions.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { useFreshOnReturn } from '../../dashboard/fresh-on-return.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { SectionCard } from '../../dashboard/section-card.tsx';
import { EndpointBadge } from './endpoint-badge.tsx';
import type { EndpointsData } from './endpoints.server.ts';
import { eventWord } from './event-words.ts';
import { PUBLIC_EVENTS } from '#vocabulary/public-events.ts';

/** Where the shop's events are sent to. */
export function EndpointsPage({ endpoints }: EndpointsData) {
  const { t } = useTranslation();
  useFreshOnReturn();
  const webhooks = endpoints.filter((one) => one.kind === 'webhook');
  const isAnyDisabled = webhooks.some((one) => one.status === 'disabled');
  return (
    <DashboardPage
      title={t('webhooks.title')}
      subtitle={t('webhooks.intro')}
      backAction={{ content: t('nav.settings'), url: '/app/settings' }}
      primaryAction={{ content: t('webhooks.add'), url: '/app/webhooks/new' }}
    >
      <BlockStack gap="400">
        {isAnyDisabled && (
          <Banner tone="warning">
            <p>{t('webhooks.someDisabled')}</p>
          </Banner>
        )}
        <Card padding="0">
          {webhooks.length === 0 ? (
            <NothingHere
              title={t('webhooks.emptyTitle')}
              body={t('webhooks.emptyBody')}
              action={<Button url="/app/webhooks/new">{t('webhooks.add')}</Button>}
            />
          ) : (
            <EndpointTable endpoints={webhooks} />
          )}
        </Card>
        <FlowCard endpoint={endpoints.find((one) => one.kind === 'flow')} />
      </BlockStack>
    </DashboardPage>
  );
}

function EndpointTable({ endpoints }: EndpointsData) {
  const { t } = useTranslation();
  return (
    <RecordTable
      caption={t('webhooks.caption')}
      rows={endpoints}
      rowKey={(endpoint) => endpoint.endpointId}
      columns={[
        {
          key: 'url',
          title: t('webhooks.url'),
          heading: true,
          cell: (endpoint) => (
            <BlockStack gap="100">
              <Link url={`/app/webhooks/${endpoint.endpointId}`}>{endpoint.url}</Link>
              {endpoint.description !== '' && (
                <Text as="span" tone="subdued" breakWord>
                  {endpoint.description}
                </Text>
              )}
            </BlockStack>
          ),
        },
        {
          key: 'status',
          title: t('webhooks.status'),
          cell: (endpoint) => <EndpointBadge endpoint={endpoint} />,
        },
        {
          key: 'delivered',
          title: t('webhooks.lastDelivered'),
          cell: ({ deliveredAt }) => (deliveredAt === '' ? '—' : <Moment at={deliveredAt} />),
        },
      ]}
    />
  );
}

/** Which triggers the shop's workflows use, as Flow told. */
function FlowCard({ endpoint }: { endpoint: EventEndpoint | undefined }) {
  const { t } = useTranslation();
  const used = PUBLIC_EVENTS.filter((event) => endpoint?.events.includes(event));
  if (used.length === 0) return null;
  return (
    <SectionCard title={t('webhooks.flow.title')}>
      <Text as="p" tone="subdued">
        {t('webhooks.flow.used')}
      </Text>
      <InlineStack gap="200">
        {used.map((event) => (
          <Badge key={event}>{t(`webhooks.events.${eventWord(event)}`)}</Badge>
        ))}
      </InlineStack>
    </SectionCard>
  );
}
