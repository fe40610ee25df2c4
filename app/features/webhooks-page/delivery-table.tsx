import { Badge, BlockStack, Button, Checkbox, Text, type BadgeProps } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import type { DeliveriesData } from './deliveries.server.ts';
import { isDeliveryStatus, isReplayable } from './delivery-status.ts';
import { useOutcomeText } from './outcome-text.ts';
import type { DeliveryStatus } from '#vocabulary/deliveries.ts';

type Delivery = DeliveriesData['deliveries'][number];

const tones: Record<DeliveryStatus, BadgeProps['tone']> = {
  received: 'info',
  processing: 'info',
  processed: 'success',
  ignored: undefined,
  refused: 'warning',
  failed: 'critical',
};

interface DeliveryTableProps {
  deliveries: readonly Delivery[];
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
}

export function DeliveryTable({ deliveries, selected, onSelect }: DeliveryTableProps) {
  const { t } = useTranslation();
  const { number, dateTime } = useFormat();
  const outcomeText = useOutcomeText();
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const replayable = deliveries.filter(isReplayable).map((delivery) => delivery.deliveryId);
  const isAllSelected = replayable.length > 0 && replayable.every((id) => selected.has(id));
  const labelOf = (delivery: Delivery) => ({
    topic: delivery.topic,
    date: dateTime(delivery.receivedAt),
  });
  return (
    <RecordTable
      caption={t('deliveries.caption')}
      rows={deliveries}
      rowKey={(delivery) => delivery.deliveryId}
      rowDetail={(delivery) =>
        opened.has(delivery.deliveryId) ? <DeliveryDetail delivery={delivery} /> : null
      }
      columns={[
        {
          key: 'select',
          title: t('deliveries.selectAll'),
          hideTitle: true,
          titleContent: (
            <Checkbox
              label={t('deliveries.selectAll')}
              labelHidden
              checked={isAllSelected}
              onChange={(checked) => onSelect(new Set(checked ? replayable : []))}
            />
          ),
          cell: (delivery) => (
            <Checkbox
              label={t('deliveries.select', labelOf(delivery))}
              labelHidden
              disabled={!isReplayable(delivery)}
              checked={selected.has(delivery.deliveryId)}
              onChange={() => onSelect(toggled(selected, delivery.deliveryId))}
            />
          ),
        },
        {
          key: 'topic',
          title: t('deliveries.topic'),
          heading: true,
          cell: (delivery) => delivery.topic,
        },
        {
          key: 'received',
          title: t('deliveries.received'),
          cell: (delivery) => (
            <time dateTime={delivery.receivedAt} suppressHydrationWarning>
              {dateTime(delivery.receivedAt)}
            </time>
          ),
        },
        {
          key: 'outcome',
          title: t('deliveries.outcome'),
          cell: (delivery) => {
            const status = isDeliveryStatus(delivery.status) ? delivery.status : 'received';
            const text = outcomeText(delivery);
            return (
              <BlockStack gap="100" inlineAlign="start">
                <Badge {...(tones[status] === undefined ? {} : { tone: tones[status] })}>
                  {t(`deliveries.statuses.${status}`)}
                </Badge>
                {text !== '' && <Text as="span">{text}</Text>}
                {delivery.problem?.field && (
                  <Text as="span" tone="subdued" breakWord>
                    {t('deliveries.field', { field: delivery.problem.field })}
                  </Text>
                )}
              </BlockStack>
            );
          },
        },
        {
          key: 'attempts',
          title: t('deliveries.attempts'),
          numeric: true,
          cell: (delivery) => number(delivery.attempts),
        },
        {
          key: 'details',
          title: t('deliveries.details'),
          hideTitle: true,
          cell: (delivery) => (
            <Button
              size="slim"
              variant="tertiary"
              disclosure={opened.has(delivery.deliveryId) ? 'up' : 'down'}
              ariaExpanded={opened.has(delivery.deliveryId)}
              accessibilityLabel={t('deliveries.detailsOf', labelOf(delivery))}
              onClick={() => setOpened(toggled(opened, delivery.deliveryId))}
            >
              {t('deliveries.details')}
            </Button>
          ),
        },
      ]}
    />
  );
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

function DeliveryDetail({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  const facts = [
    [t('deliveries.detail.id'), delivery.deliveryId],
    [t('deliveries.detail.webhookId'), delivery.webhookId],
    [t('deliveries.detail.eventId'), delivery.eventId],
    [t('deliveries.detail.apiVersion'), delivery.apiVersion],
    [t('deliveries.detail.triggered'), dateTime(delivery.triggeredAt)],
    [t('deliveries.detail.processed'), dateTime(delivery.processedAt)],
  ];
  return (
    <dl className="ln-terms">
      {facts.map(([name, value]) => (
        <div key={name} className="ln-term">
          <dt>{name}</dt>
          <dd suppressHydrationWarning>{value || '—'}</dd>
        </div>
      ))}
    </dl>
  );
}
