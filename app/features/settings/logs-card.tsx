import { Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { SectionCard } from '../../dashboard/section-card.tsx';

/** Where to look up what happened. */
export function LogsCard() {
  const { t } = useTranslation();
  return (
    <SectionCard title={t('settings.logs.title')}>
      <Text as="p" tone="subdued">
        {t('settings.logs.help')}
      </Text>
      <Link url="/app/activity">{t('settings.logs.activity')}</Link>
      <Link url="/app/deliveries">{t('settings.logs.deliveries')}</Link>
      <Link url="/app/messages">{t('settings.logs.messages')}</Link>
      <Link url="/app/webhooks">{t('settings.logs.webhooks')}</Link>
      <Link url="/app/integrations">{t('settings.logs.integrations')}</Link>
    </SectionCard>
  );
}
