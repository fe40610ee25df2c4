import { BlockStack, Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { GetAnalyticsResponse } from '#proto/analytics/v1/analytics.ts';
import { useFormat } from '../../dashboard/shop.ts';

/** The four figures a merchant looks for first. */
export function Figures({ analytics, days }: { analytics: GetAnalyticsResponse; days: number }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const period = t('home.figures.inPeriod', { days });
  const figures = [
    {
      name: t('home.figures.members'),
      value: analytics.members,
      note: t('home.figures.membersNew', {
        count: analytics.membersInPeriod,
        formatted: number(analytics.membersInPeriod),
        days,
      }),
    },
    { name: t('home.figures.issued'), value: analytics.pointsIssued, note: period },
    {
      name: t('home.figures.redeemed'),
      value: analytics.pointsRedeemed,
      note:
        analytics.pointsExpired > 0
          ? `${period} · ${t('home.figures.expired', { formatted: number(analytics.pointsExpired) })}`
          : period,
    },
    {
      name: t('home.figures.outstanding'),
      value: analytics.pointsOutstanding,
      note: t('home.figures.outstandingNote'),
    },
  ];
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('home.figures.title')}
        </Text>
        <dl className="ln-figures">
          {figures.map((figure) => (
            <div key={figure.name} className="ln-figure">
              <dt>{figure.name}</dt>
              <dd className="ln-value">{number(figure.value)}</dd>
              <dd className="ln-note">{figure.note}</dd>
            </div>
          ))}
        </dl>
      </BlockStack>
    </Card>
  );
}
