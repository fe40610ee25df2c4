import { Badge } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { EventEndpoint } from '#proto/admin/v1/event_subscriptions.ts';

/** Whether an endpoint takes events. */
export function EndpointBadge({ endpoint }: { endpoint: EventEndpoint }) {
  const { t } = useTranslation();
  if (endpoint.status === 'disabled')
    return <Badge tone="critical">{t('webhooks.states.disabled')}</Badge>;
  if (endpoint.status === 'paused')
    return <Badge tone="attention">{t('webhooks.states.paused')}</Badge>;
  return endpoint.failingSince === '' ? (
    <Badge tone="success">{t('webhooks.states.active')}</Badge>
  ) : (
    <Badge tone="warning">{t('webhooks.states.failing')}</Badge>
  );
}
