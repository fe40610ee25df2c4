import { BlockStack, Button, InlineStack, Text } from '@shopify/polaris';
import {
  lazy,
  startTransition,
  Suspense,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { TrendPoint } from '#proto/analytics/v1/analytics.ts';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import type { HomeFigures } from './home.server.ts';
import type { Metric } from './metrics.ts';

// A quarter of the page's script: fetched once the chart is in sight and the browser has nothing else to do.
const TrendChart = lazy(() => import('../../dashboard/trend-chart.client.tsx'));

/** How a figure went: lines for eyes, and the same as a table for everyone. */
export function Trend({ metric, figures }: { metric: Metric; figures: HomeFigures }) {
  const { t } = useTranslation();
  const { day } = useFormat();
  const [isTableShown, setTableShown] = useState(false);
  const tableId = useId();
  const stretch = ({ firstDay, lastDay }: TrendPoint) =>
    firstDay === lastDay
      ? day(firstDay)
      : t('home.chart.stretch', { from: day(firstDay), to: day(lastDay) });
  const labels = useMemo(() => figures.trend.map(({ firstDay }) => day(firstDay)), [figures, day]);
  const title = t(`home.figures.${metric.name}.title`);
  const isEmpty = metric.series.every(({ values }) => values.every((value) => value === 0));
  if (isEmpty)
    return (
      <div className="ln-chart ln-chart-empty">
        <Text as="p" tone="subdued">
          {t('home.chart.empty')}
        </Text>
      </div>
    );
  return (
    <BlockStack gap="200">
      <Drawing metric={metric} labels={labels} label={t('home.chart.label', { name: title })} />
      <InlineStack align="end">
        <Button
          variant="tertiary"
          ariaExpanded={isTableShown}
          ariaControls={tableId}
          onClick={() => startTransition(() => setTableShown(!isTableShown))}
        >
          {isTableShown ? t('home.chart.hideTable') : t('home.chart.showTable')}
        </Button>
      </InlineStack>
      <div
        id={tableId}
        className={isTableShown ? 'ln-scroll' : 'ln-hidden'}
        tabIndex={isTableShown ? 0 : -1}
        role="region"
        aria-label={t('home.chart.caption', { name: title })}
      >
        <RecordTable
          caption={t('home.chart.caption', { name: title })}
          rows={figures.trend.map((point, nth) => ({ stretch: stretch(point), nth }))}
          rowKey={({ nth }) => String(nth)}
          columns={[
            { key: 'day', title: t('home.chart.day'), heading: true, cell: (row) => row.stretch },
            ...metric.series.map(({ name, values }) => ({
              key: name,
              title: name,
              numeric: true,
              cell: ({ nth }: { nth: number }) => metric.format(values[nth] ?? 0),
            })),
          ]}
        />
      </div>
    </BlockStack>
  );
}

function Drawing({
  metric,
  labels,
  label,
}: {
  metric: Metric;
  labels: readonly string[];
  label: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  const isDue = useInSight(place);
  return (
    <div className="ln-chart" ref={place}>
      {isDue && (
        <Suspense fallback={null}>
          <TrendChart label={label} labels={labels} series={metric.series} format={metric.format} />
        </Suspense>
      )}
    </div>
  );
}

/** True once the element was in sight and the page had a moment to spare after that. */
function useInSight(place: { readonly current: HTMLElement | null }): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (place.current === null) return;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      // Safari has no idle callback.
      if ('requestIdleCallback' in window)
        requestIdleCallback(() => setSeen(true), { timeout: 2_000 });
      else setTimeout(() => setSeen(true), 200);
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [place]);
  return isSeen;
}
