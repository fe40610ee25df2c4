import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { lazy, Suspense, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DailyPoints } from '#proto/analytics/v1/analytics.ts';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';

// A quarter of the page's script: fetched when there is something to draw, after the page can be used.
const PointsChart = lazy(() => import('../../dashboard/points-chart.client.tsx'));

/** Points issued and redeemed by day: a chart for eyes, and the same as a table for everyone. */
export function DailyChart({ daily, days }: { daily: readonly DailyPoints[]; days: number }) {
  const { t } = useTranslation();
  const [isTableShown, setTableShown] = useState(false);
  const tableId = useId();
  const isEmpty = daily.every((point) => point.issued === 0 && point.redeemed === 0);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {t('home.chart.title')}
          </Text>
          {!isEmpty && (
            <Button
              variant="tertiary"
              ariaExpanded={isTableShown}
              ariaControls={tableId}
              onClick={() => setTableShown(!isTableShown)}
            >
              {isTableShown ? t('home.chart.hideTable') : t('home.chart.showTable')}
            </Button>
          )}
        </InlineStack>
        {isEmpty ? (
          <Text as="p" tone="subdued">
            {t('home.chart.empty')}
          </Text>
        ) : (
          <Drawing {...{ daily, days, tableId, isTableShown }} />
        )}
      </BlockStack>
    </Card>
  );
}

interface DrawingProps {
  daily: readonly DailyPoints[];
  days: number;
  tableId: string;
  isTableShown: boolean;
}

function Drawing({ daily, days, tableId, isTableShown }: DrawingProps) {
  const { t } = useTranslation();
  const { day } = useFormat();
  const [isMounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  return (
    <>
      <div className="ln-chart">
        {isMounted && (
          <Suspense fallback={null}>
            <PointsChart
              label={t('home.chart.label', { days })}
              labels={daily.map((point) => day(point.day))}
              series={[
                { name: t('home.chart.issued'), values: daily.map((point) => point.issued) },
                {
                  name: t('home.chart.redeemed'),
                  values: daily.map((point) => point.redeemed),
                },
              ]}
            />
          </Suspense>
        )}
      </div>
      <p className="ln-hidden" aria-live="polite">
        {isMounted ? t('home.chart.available') : ''}
      </p>
      <div
        id={tableId}
        className={isTableShown ? 'ln-scroll' : 'ln-hidden'}
        tabIndex={isTableShown ? 0 : -1}
        role="region"
        aria-label={t('home.chart.caption')}
      >
        <Days daily={daily} />
      </div>
    </>
  );
}

function Days({ daily }: Pick<DrawingProps, 'daily'>) {
  const { t } = useTranslation();
  const { number, day } = useFormat();
  return (
    <RecordTable
      caption={t('home.chart.caption')}
      rows={daily}
      rowKey={(point) => point.day}
      columns={[
        {
          key: 'day',
          title: t('home.chart.day'),
          heading: true,
          cell: (point) => day(point.day),
        },
        {
          key: 'issued',
          title: t('home.chart.issued'),
          numeric: true,
          cell: (point) => number(point.issued),
        },
        {
          key: 'redeemed',
          title: t('home.chart.redeemed'),
          numeric: true,
          cell: (point) => number(point.redeemed),
        },
      ]}
    />
  );
}
