import { Badge, BlockStack, Button, Checkbox, Text, type BadgeProps } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Moment } from '../../dashboard/moment.tsx';
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
  const { number } = useFormat();
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
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
          titleContent: <SelectAll {...{ deliveries, selected, onSelect }} />,
          cell: (delivery) => (
            <SelectBox
              delivery={delivery}
              isSelected={selected.has(delivery.deliveryId)}
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
          cell: (delivery) => <Moment at={delivery.receivedAt} />,
        },
        {
          key: 'outcome',
          title: t('deliveries.outcome'),
          cell: (delivery) => <Outcome delivery={delivery} />,
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
            <DetailsButton
              delivery={delivery}
              isOpen={opened.has(delivery.deliveryId)}
              onClick={() => setOpened(toggled(opened, delivery.deliveryId))}
            />
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

/** The accessible name of a delivery's controls. */
function useLabels(): (delivery: Delivery) => { topic: string; date: string } {
  const { dateTime } = useFormat();
  return ({ topic, receivedAt }) => ({ topic, date: dateTime(receivedAt) });
}

function SelectAll({ deliveries, selected, onSelect }: DeliveryTableProps) {
  const { t } = useTranslation();
  const replayable = deliveries.filter(isReplayable).map((delivery) => delivery.deliveryId);
  const isAllSelected = replayable.length > 0 && replayable.every((id) => selected.has(id));
  return (
    <Checkbox
      label={t('deliveries.selectAll')}
      labelHidden
      checked={isAllSelected}
      onChange={(checked) => onSelect(new Set(checked ? replayable : []))}
    />
  );
}

interface SelectBoxProps {
  delivery: Delivery;
  isSelected: boolean;
  onChange: () => void;
}

function SelectBox({ delivery, isSelected, onChange }: SelectBoxProps) {
  const { t } = useTranslation();
  const labelOf = useLabels();
  return (
    <Checkbox
      label={t('deliveries.select', labelOf(delivery))}
      labelHidden
      disabled={!isReplayable(delivery)}
      checked={isSelected}
      onChange={onChange}
    />
  );
}

/** How it ended, and what came of it. */
function Outcome({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const outcomeText = useOutcomeText();
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
}

interface DetailsButtonProps {
  delivery: Delivery;
  isOpen: boolean;
  onClick: () => void;
}

function DetailsButton({ delivery, isOpen, onClick }: DetailsButtonProps) {
  const { t } = useTranslation();
  const labelOf = useLabels();
  return (
    <Button
      size="slim"
      variant="tertiary"
      disclosure={isOpen ? 'up' : 'down'}
      ariaExpanded={isOpen}
      accessibilityLabel={t('deliveries.detailsOf', labelOf(delivery))}
      onClick={onClick}
    >
      {t('deliveries.details')}
    </Button>
  );
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
