import { BlockStack, Card, InlineStack, Text } from '@shopify/polaris';
import { useNavigation } from '@remix-run/react';
import { startTransition, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../dashboard/shop.ts';
import type { Change } from './change.ts';
import { Definition } from './definition.tsx';
import type { HomeFigures } from './home.server.ts';
import { metricsOf, type Metric, type MetricName } from './metrics.ts';
import { PeriodControl } from './period-control.tsx';
import type { Period } from './period.ts';
import { Sparkline } from './sparkline.tsx';
import { Trend } from './trend.tsx';

/** The five figures a merchant asks for first; the trend of the chosen one below. */
export function Figures({ figures, days }: { figures: HomeFigures; days: Period }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [chosen, setChosen] = useState<MetricName>('revenue');
  const isBusy = useNavigation().state === 'loading';
  // The chart is drawn anew when they are.
  const metrics = useMemo(() => metricsOf(figures, t, format), [figures, t, format]);
  const metric = metrics.find(({ name }) => name === chosen) ?? metrics[0];
  const span = (period: { firstDay: string; lastDay: string }) => ({
    from: format.day(period.firstDay),
    to: format.day(period.lastDay),
  });
  const { from, to } = span(figures.current);
  const before = span(figures.previous);
  const period = t('home.figures.period', {
    from,
    to,
    beforeFrom: before.from,
    beforeTo: before.to,
  });
  return (
    <Card>
      <div aria-busy={isBusy} className={isBusy ? 'ln-busy' : undefined}>
        <BlockStack gap="400">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <BlockStack>
              <Text as="h2" variant="headingMd">
                {t('home.figures.title')}
              </Text>
              <Text as="p" tone="subdued">
                {t('home.figures.span', { from, to })}
              </Text>
            </BlockStack>
            <PeriodControl days={days} />
          </InlineStack>
          <dl className="ln-figures ln-tiles">
            {metrics.map((one) => (
              <Tile
                key={one.name}
                metric={one}
                period={period}
                days={days}
                isChosen={one.name === metric?.name}
                onChoose={() => startTransition(() => setChosen(one.name))}
              />
            ))}
          </dl>
          {metric !== undefined && <Trend key={metric.name} metric={metric} figures={figures} />}
        </BlockStack>
      </div>
    </Card>
  );
}

interface TileProps {
  metric: Metric;
  period: string;
  days: Period;
  isChosen: boolean;
  onChoose: () => void;
}

function Tile({ metric, period, days, isChosen, onChoose }: TileProps) {
  const { t } = useTranslation();
  const title = t(`home.figures.${metric.name}.title`);
  return (
    <div className="ln-figure ln-tile" data-chosen={isChosen || undefined}>
      <dt>{title}</dt>
      <dd className="ln-value">{metric.value}</dd>
      <dd className="ln-note">{metric.note}</dd>
      <dd className="ln-note">
        <Compared change={metric.change} isRate={metric.name === 'redemption'} days={days} />
      </dd>
      <dd>
        <Sparkline values={metric.spark} />
        {/* Over the whole tile, so that a finger finds it. */}
        <button
          type="button"
          className="ln-choose"
          aria-pressed={isChosen}
          aria-label={t('home.figures.choose', { name: title })}
          onClick={onChoose}
        />
        <div className="ln-info">
          <Definition
            name={title}
            text={t(`home.figures.${metric.name}.definition`)}
            period={period}
          />
        </div>
      </dd>
    </div>
  );
}

function Compared({ change, isRate, days }: { change: Change; isRate: boolean; days: Period }) {
  const { t } = useTranslation();
  const { percent, number } = useFormat();
  if (change.kind === 'new' || change.kind === 'same')
    return <>{t(`home.figures.change.${change.kind}`, { days })}</>;
  const by = isRate
    ? t('home.figures.change.points', { by: number(Math.round(change.by * 1_000) / 10) })
    : percent(change.by);
  return <>{t(`home.figures.change.${change.kind}`, { by, days })}</>;
}
