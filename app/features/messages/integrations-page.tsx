import { BlockStack, InlineGrid, Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import type { IntegrationsData } from './integrations.server.ts';
import { MessagingForm } from './messaging-form.tsx';
import { ProviderCard } from './provider-card.tsx';

/** Who carries messages to members, and how they are sent. */
export function IntegrationsPage({ settings, incomingUrl }: IntegrationsData) {
  const { t } = useTranslation();
  return (
    <DashboardPage
      title={t('integrations.title')}
      subtitle={t('integrations.intro')}
      backAction={{ content: t('nav.settings'), url: '/app/settings' }}
      secondaryActions={[{ content: t('integrations.log'), url: '/app/messages' }]}
    >
      <BlockStack gap="400">
        <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
          {settings.providers.map((provider) => (
            <ProviderCard
              key={provider.provider}
              provider={provider}
              incomingUrl={provider.provider === 'twilio' && provider.connected ? incomingUrl : ''}
            />
          ))}
        </InlineGrid>
        <MessagingForm key={settings.revision} settings={settings} />
        <Text as="p" tone="subdued">
          {t('integrations.consent')} <Link url="/app/messages">{t('integrations.log')}</Link>
        </Text>
      </BlockStack>
    </DashboardPage>
  );
}
