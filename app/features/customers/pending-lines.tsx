import { BlockStack, Box, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { PendingOrder } from '#proto/points/v1/points.ts';
import { useFormat } from '../../dashboard/shop.ts';

/** What orders have earned and does not count yet, each with its day. */
export function PendingLines({ pending }: { pending: readonly PendingOrder[] }) {
  const { t } = useTranslation();
  const { points, date } = useFormat();
  return (
    <Box padding="400">
      <BlockStack gap="100">
        <Text as="h3" variant="headingSm">
          {t('customer.explain.pending')}
        </Text>
        {pending.map(({ orderId, orderName, points: waiting, countsAt }) => (
          <Text as="p" key={orderId} tone="subdued">
            <span suppressHydrationWarning>
              {t('customer.explain.pendingOrder', {
                order: orderName || orderId,
                points: points(waiting),
                date: date(countsAt),
              })}
            </span>
          </Text>
        ))}
      </BlockStack>
    </Box>
  );
}
