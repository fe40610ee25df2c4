import { BlockStack, Card, InlineStack, Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { RecentActivity as Activity } from '#proto/analytics/v1/analytics.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { PointsChange } from '../../dashboard/points-change.tsx';
import { useExplain } from '../../dashboard/explain.ts';

/** The last entries of the shop's ledger, each with its reason. */
export function RecentActivity({ recent }: { recent: readonly Activity[] }) {
  const { t } = useTranslation();
  const explain = useExplain();
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t('home.activity.title')}
        </Text>
        {recent.length === 0 && (
          <Text as="p" tone="subdued">
            {t('home.activity.empty')}
          </Text>
        )}
        <ul className="ln-list">
          {recent.flatMap(({ entry, customerName }) =>
            entry === undefined
              ? []
              : [
                  <li key={entry.transactionId}>
                    <BlockStack gap="100">
                      <InlineStack align="space-between" gap="200" wrap={false}>
                        <Link url={`/app/customers/${entry.customerId}`} removeUnderline>
                          {customerName || t('home.activity.erased')}
                        </Link>
                        <PointsChange points={entry.points} />
                      </InlineStack>
                      <Text as="p">{explain(entry)}</Text>
                      <Text as="p" tone="subdued" variant="bodySm">
                        <Moment at={entry.occurredAt} />
                      </Text>
                    </BlockStack>
                  </li>,
                ],
          )}
        </ul>
      </BlockStack>
    </Card>
  );
}
