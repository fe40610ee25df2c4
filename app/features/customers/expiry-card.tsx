import { BlockStack, Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { GetExpiryScheduleResponse } from '#proto/points/v1/expiry.ts';
import { useFormat } from '../../dashboard/shop.ts';

/** Which of the member's points expire when. Renders nothing when none do. */
export function ExpiryCard({ days, neverExpiring }: GetExpiryScheduleResponse) {
  const { t } = useTranslation();
  const { date, points } = useFormat();
  if (days.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t('customer.expiry.title')}
        </Text>
        <ul className="ln-list">
          {days.map((day) => (
            <li key={day.expiresAt} suppressHydrationWarning>
              {t('customer.expiry.on', {
                date: date(day.expiresAt),
                points: points(day.points),
              })}
            </li>
          ))}
          {neverExpiring > 0 && (
            <li>{t('customer.expiry.never', { points: points(neverExpiring) })}</li>
          )}
        </ul>
      </BlockStack>
    </Card>
  );
}
