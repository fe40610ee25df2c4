import { Banner, BlockStack, Box, Card, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { GetRFMScoreResponse, RFMScore, ScoreChange } from '#proto/analytics/v1/rfm.ts';
import { formatDecimal } from '../../i18n/format.ts';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { SegmentBadges, type SegmentChoice } from './segments.tsx';
import { LIFECYCLE_STAGES, SCORE_TRIGGERS } from '#vocabulary/segments.ts';

export interface ScoreStanding {
  readonly standing: GetRFMScoreResponse;
  readonly history: readonly ScoreChange[];
  readonly segments: readonly SegmentChoice[];
}

/** The member's RFM score, segments and score history. */
export function ScoreCard({ standing, history, segments }: ScoreStanding) {
  const { t } = useTranslation();
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="300" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t('customer.score.title')}
          </Text>
          <SegmentBadges ids={standing.segmentIds} segments={segments} />
        </InlineStack>
        {standing.score === undefined ? (
          <Text as="p" tone="subdued">
            {t('customer.score.none')}
          </Text>
        ) : (
          <Figures standing={standing} score={standing.score} />
        )}
        {standing.score !== undefined && standing.idle ? (
          <Banner tone="warning">
            <p>{t('customer.score.idle')}</p>
          </Banner>
        ) : (
          standing.atRisk && (
            <Banner tone="warning">
              <p>{t('customer.score.atRisk')}</p>
            </Banner>
          )
        )}
      </BlockStack>
      {history.length > 1 && <History history={history} segments={segments} />}
    </Card>
  );
}

function Figures({ standing, score }: { standing: GetRFMScoreResponse; score: RFMScore }) {
  const { t } = useTranslation();
  const { language, number, money } = useFormat();
  const days = standing.daysSinceLastOrder;
  const spend = standing.totalSpend && money(standing.totalSpend);
  const average = standing.averageOrderValue?.amount && money(standing.averageOrderValue.amount);
  const lastOrder =
    days < 0
      ? t('customer.score.never', { score: score.recency })
      : days === 0
        ? t('customer.score.today', { score: score.recency })
        : t('customer.score.days', { count: days, formatted: number(days), score: score.recency });
  const stage = LIFECYCLE_STAGES.find((name) => name === standing.lifecycleStage);
  return (
    <dl className="ln-figures">
      <div className="ln-figure">
        <dt>{t('customer.score.whole')}</dt>
        <dd className="ln-value">{formatDecimal(score.score, language)}</dd>
        <dd className="ln-note">{t('customer.score.ofFive')}</dd>
      </div>
      <div className="ln-figure">
        <dt>{t('customer.score.recency')}</dt>
        <dd className="ln-value">{number(score.recency)}</dd>
        <dd className="ln-note">{lastOrder}</dd>
      </div>
      <div className="ln-figure">
        <dt>{t('customer.score.frequency')}</dt>
        <dd className="ln-value">{number(score.frequency)}</dd>
        <dd className="ln-note">
          {t('customer.score.orders', {
            count: standing.orderCount,
            formatted: number(standing.orderCount),
            score: score.frequency,
          })}
        </dd>
      </div>
      <div className="ln-figure">
        <dt>{t('customer.score.monetary')}</dt>
        <dd className="ln-value">{number(score.monetary)}</dd>
        <dd className="ln-note">
          {t('customer.score.spent', { amount: spend, average, score: score.monetary })}
        </dd>
      </div>
      {stage !== undefined && (
        <div className="ln-figure">
          <dt>{t('customer.score.stage')}</dt>
          <dd className="ln-value">{t(`customer.score.stages.${stage}`)}</dd>
        </div>
      )}
    </dl>
  );
}

function History({ history, segments }: Pick<ScoreStanding, 'history' | 'segments'>) {
  const { t } = useTranslation();
  const { language, dateTime } = useFormat();
  return (
    <Box paddingBlockStart="400">
      <BlockStack gap="200">
        <Text as="h3" variant="headingSm">
          {t('customer.score.history')}
        </Text>
        <RecordTable
          caption={t('customer.score.history')}
          rows={history}
          rowKey={({ createdAt }) => createdAt}
          columns={[
            {
              key: 'when',
              title: t('customer.score.when'),
              heading: true,
              cell: ({ createdAt }) => <span suppressHydrationWarning>{dateTime(createdAt)}</span>,
            },
            {
              key: 'scores',
              title: t('customer.score.scores'),
              cell: ({ score }) =>
                score && `${score.recency} · ${score.frequency} · ${score.monetary}`,
            },
            {
              key: 'whole',
              title: t('customer.score.whole'),
              numeric: true,
              cell: ({ score }) => score && formatDecimal(score.score, language),
            },
            {
              key: 'segments',
              title: t('customers.segment'),
              cell: ({ segmentIds }) => <SegmentBadges ids={segmentIds} segments={segments} />,
            },
            {
              key: 'why',
              title: t('customer.score.why'),
              cell: ({ trigger }) => {
                const known = SCORE_TRIGGERS.find((name) => name === trigger);
                return known === undefined ? '—' : t(`customer.score.triggers.${known}`);
              },
            },
          ]}
        />
      </BlockStack>
    </Box>
  );
}
