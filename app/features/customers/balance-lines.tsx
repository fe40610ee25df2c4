import { Banner, BlockStack, Box, Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { BalanceLine, PendingOrder } from '#proto/points/v1/points.ts';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { lineLabel } from './line-label.ts';
import { PendingLines } from './pending-lines.tsx';

interface BalanceLinesProps {
  lines: readonly BalanceLine[];
  total: number;
  isConsistent: boolean;
  /** Orders whose points do not count yet. */
  pending: readonly PendingOrder[];
}

/** Accounts for every point: the lines add up to the balance below them. */
export function BalanceLines({ lines, total, isConsistent, pending }: BalanceLinesProps) {
  const { t } = useTranslation();
  const { number, signed } = useFormat();
  return (
    <Card padding="0">
      <Box padding="400" paddingBlockEnd="200">
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            {t('customer.explain.title')}
          </Text>
          {!isConsistent && (
            <Banner tone="critical">
              <p>{t('customer.explain.inconsistent')}</p>
            </Banner>
          )}
          {lines.length === 0 && (
            <Text as="p" tone="subdued">
              {t('customer.explain.empty')}
            </Text>
          )}
        </BlockStack>
      </Box>
      {lines.length > 0 && (
        <RecordTable
          caption={t('customer.explain.caption')}
          rows={lines}
          rowKey={(line) => `${line.type}/${line.source}`}
          columns={[
            {
              key: 'kind',
              title: t('customer.explain.line'),
              heading: true,
              cell: (line) => t(`customer.lines.${lineLabel(line)}`),
            },
            {
              key: 'entries',
              title: t('customer.explain.entries'),
              numeric: true,
              cell: (line) => number(line.entries),
            },
            {
              key: 'points',
              title: t('customer.explain.points'),
              numeric: true,
              cell: (line) => signed(line.points),
            },
          ]}
          footer={
            <tfoot role="rowgroup">
              <tr role="row">
                <th role="rowheader" scope="row" className="ln-heading">
                  {t('customer.explain.total')}
                </th>
                <td role="cell" className="ln-number" data-label={t('customer.explain.entries')}>
                  {number(lines.reduce((sum, line) => sum + line.entries, 0))}
                </td>
                <td role="cell" className="ln-number" data-label={t('customer.explain.points')}>
                  {number(total)}
                </td>
              </tr>
            </tfoot>
          }
        />
      )}
      {pending.length > 0 && <PendingLines pending={pending} />}
    </Card>
  );
}
