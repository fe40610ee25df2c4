import { BlockStack, Card, Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

/** Where to look up what happened. */
export function LogsCard() {
  const { t } = useTranslation();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('settings.logs.title')}
        </Text>
        <Text as="p" tone="subdued">
          {t('settings.logs.help')}
        </Text>
        <Link url="/app/activity">{t('settings.logs.activity')}</Link>
        <Link url="/app/deliveries">{t('settings.logs.deliveries')}</Link>
      </BlockStack>
    </Card>
  );
}
