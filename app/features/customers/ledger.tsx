import { Badge, BlockStack, Box, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { Entry } from '#proto/points/v1/points.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { PointsChange } from '../../dashboard/points-change.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useExplain } from '../../dashboard/explain.ts';
import { useFormat } from '../../dashboard/shop.ts';

interface LedgerProps {
  entries: readonly Entry[];
  canUndo: boolean;
  onUndo: (entry: Entry) => void;
}

/** Every movement with its reason and the balance after it, newest first. */
export function Ledger({ entries, canUndo, onUndo }: LedgerProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const explain = useExplain();
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <Text as="h2" variant="headingMd">
          {t('customer.ledger.title')}
        </Text>
      </Box>
      {entries.length === 0 ? (
        <NothingHere body={t('customer.ledger.empty')} />
      ) : (
        <RecordTable
          caption={t('customer.ledger.caption')}
          rows={entries}
          rowKey={(entry) => entry.transactionId}
          columns={[
            {
              key: 'date',
              title: t('customer.ledger.date'),
              cell: (entry) => <Moment at={entry.occurredAt} />,
            },
            {
              key: 'what',
              title: t('customer.ledger.what'),
              heading: true,
              cell: (entry) => (
                <BlockStack gap="100" inlineAlign="start">
                  <Text as="span">{explain(entry)}</Text>
                  <EntryNotes entry={entry} />
                  {canUndo && isUndoable(entry) && (
                    <Button
                      variant="plain"
                      accessibilityLabel={t('customer.ledger.undoOf', { sentence: explain(entry) })}
                      onClick={() => onUndo(entry)}
                    >
                      {t('customer.ledger.undo')}
                    </Button>
                  )}
                </BlockStack>
              ),
            },
            {
              key: 'points',
              title: t('customer.ledger.points'),
              numeric: true,
              cell: (entry) => <PointsChange points={entry.points} />,
            },
            {
              key: 'balance',
              title: t('customer.ledger.balance'),
              numeric: true,
              cell: (entry) => number(entry.balanceAfter),
            },
          ]}
        />
      )}
    </Card>
  );
}

/** Manual adjustments can be undone, once. Orders and redemptions are reversed in their own ways. */
export function isUndoable(entry: Entry): boolean {
  return (
    entry.type === 'adjust' &&
    entry.source === 'manual' &&
    entry.reversesTransactionId === '' &&
    entry.reversedByTransactionId === ''
  );
}

/** When the points of a credit expire, and when they were first promised to if that has changed. */
function useExpiryNote(entry: Entry): string {
  const { t } = useTranslation();
  const { date } = useFormat();
  if (entry.points <= 0 || (entry.expiresAt === '' && entry.lotExpiresAt === '')) return '';
  if (entry.lotRemaining === 0) return t('customer.ledger.nothingLeft');
  const [first, now] = [entry.expiresAt, entry.lotExpiresAt].map((at) => at && date(at));
  if (now === '') return t('customer.ledger.expiresNever', { first });
  return first === now || first === ''
    ? t('customer.ledger.expires', { date: now })
    : t('customer.ledger.expiresMoved', { date: now, first });
}

function EntryNotes({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const expiry = useExpiryNote(entry);
  const actor = entry.actor.startsWith('staff:')
    ? t('customer.ledger.staff')
    : entry.actor.startsWith('admin:')
      ? t('customer.ledger.support')
      : '';
  const isUndone = entry.reversedByTransactionId !== '' && entry.type === 'adjust';
  if (actor === '' && expiry === '' && !isUndone) return null;
  return (
    <InlineStack gap="200" blockAlign="center">
      {isUndone && <Badge>{t('customer.ledger.undone')}</Badge>}
      {actor !== '' && (
        <Text as="span" tone="subdued" variant="bodySm">
          {t('customer.ledger.by', { actor })}
        </Text>
      )}
      {expiry !== '' && (
        <Text as="span" tone="subdued" variant="bodySm">
          <span suppressHydrationWarning>{expiry}</span>
        </Text>
      )}
    </InlineStack>
  );
}
