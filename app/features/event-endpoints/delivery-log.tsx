import { Badge, BlockStack, Button, Card, Text, type BadgeProps } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { LoggedEventDelivery } from '#proto/admin/v1/event_subscriptions.ts';
import { useAddressFilters } from '../../dashboard/address-search.ts';
import { ListFilters } from '../../dashboard/list-filters.tsx';
import { Moment } from '../../dashboard/moment.tsx';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { Pager } from '../../dashboard/pager.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import type { Send } from './send.ts';
import type { EndpointData } from './endpoints.server.ts';
import { eventWord } from './event-words.ts';
import {
  DELIVERY_FAILURES,
  DELIVERY_STATES,
  PUBLIC_EVENTS,
  type DeliveryState,
} from '#vocabulary/public-events.ts';

const tones: Record<DeliveryState, BadgeProps['tone']> = {
  queued: 'info',
  sending: 'info',
  delivered: 'success',
  failed: 'critical',
};

type DeliveryLogProps = EndpointData & { readonly isBusy: boolean; readonly send: Send };

/** What was sent to an endpoint in the last 30 days, and how it answered. */
export function DeliveryLog({ deliveries, nextCursor, status, isBusy, send }: DeliveryLogProps) {
  const { t } = useTranslation();
  const change = useAddressFilters();
  return (
    <BlockStack gap="400">
      <Card padding="0">
        <ListFilters
          filters={[
            {
              key: 'status',
              label: t('webhooks.status'),
              value: status,
              choices: DELIVERY_STATES.map((value) => ({
                value,
                label: t(`webhooks.deliveries.${value}`),
              })),
            },
          ]}
          onChange={change}
        />
        {deliveries.length === 0 ? (
          <NothingHere title={t('webhooks.noneTitle')} body={t('webhooks.noneBody')} />
        ) : (
          <LogTable deliveries={deliveries} isBusy={isBusy} send={send} />
        )}
      </Card>
      <Pager nextCursor={nextCursor} label={t('common.pages')} />
    </BlockStack>
  );
}

function LogTable({
  deliveries,
  isBusy,
  send,
}: Pick<DeliveryLogProps, 'deliveries' | 'isBusy' | 'send'>) {
  const { t } = useTranslation();
  const nameOf = (type: string) =>
    t(`webhooks.events.${eventWord(PUBLIC_EVENTS.find((one) => one === type) ?? 'points.earned')}`);
  return (
    <RecordTable
      caption={t('webhooks.logCaption')}
      rows={deliveries}
      rowKey={(delivery) => delivery.eventDeliveryId}
      columns={[
        {
          key: 'type',
          title: t('webhooks.event'),
          heading: true,
          cell: (delivery) => (
            <BlockStack gap="100" inlineAlign="start">
              <Text as="span">{nameOf(delivery.type)}</Text>
              {delivery.isTest && <Badge>{t('webhooks.isTest')}</Badge>}
            </BlockStack>
          ),
        },
        {
          key: 'status',
          title: t('webhooks.status'),
          cell: (delivery) => <Outcome delivery={delivery} />,
        },
        {
          key: 'attempts',
          title: t('webhooks.attempts'),
          numeric: true,
          cell: ({ attempts }) => String(attempts),
        },
        {
          key: 'at',
          title: t('webhooks.at'),
          cell: ({ attemptedAt, createdAt }) => <Moment at={attemptedAt || createdAt} />,
        },
        {
          key: 'retry',
          title: t('webhooks.retry'),
          hideTitle: true,
          cell: (delivery) => (
            <Button
              size="slim"
              disabled={isBusy || !delivery.retryable}
              accessibilityLabel={t('webhooks.retryOf', { event: nameOf(delivery.type) })}
              onClick={() => send('retry', { delivery: delivery.eventDeliveryId })}
            >
              {t('webhooks.retry')}
            </Button>
          ),
        },
      ]}
    />
  );
}

/** How the last attempt went, and what was sent. */
function Outcome({ delivery }: { delivery: LoggedEventDelivery }) {
  const { t, i18n } = useTranslation();
  const state = DELIVERY_STATES.find((known) => known === delivery.status) ?? 'queued';
  const failure = DELIVERY_FAILURES.find((known) => known === delivery.failure);
  const tone = tones[state];
  return (
    <BlockStack gap="100" inlineAlign="start">
      <Badge {...(tone !== undefined && { tone })}>{t(`webhooks.deliveries.${state}`)}</Badge>
      {failure !== undefined && (
        <Text as="span" tone="subdued">
          {t(`webhooks.failures.${failure}`)}
        </Text>
      )}
      {delivery.answerStatus > 0 && (
        <Text as="span" tone="subdued">
          {t('webhooks.answered', {
            status: delivery.answerStatus,
            seconds: (delivery.durationMs / 1_000).toLocaleString(i18n.language, {
              maximumFractionDigits: 1,
            }),
          })}
        </Text>
      )}
      {state === 'queued' && delivery.attempts > 0 && delivery.nextAttemptAt !== '' && (
        <Text as="span" tone="subdued">
          {t('webhooks.next')} <Moment at={delivery.nextAttemptAt} />
        </Text>
      )}
      <details>
        <summary>{t('webhooks.details')}</summary>
        <Text as="p" breakWord>
          <code>{delivery.body}</code>
        </Text>
        {delivery.answerExcerpt !== '' && (
          <Text as="p" breakWord tone="subdued">
            {delivery.answerExcerpt}
          </Text>
        )}
      </details>
    </BlockStack>
  );
}
