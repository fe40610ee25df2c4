import { Button, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EventEndpoint } from '#proto/admin/v1/event_subscriptions.ts';
import { Dialog, DialogSection } from '../../dashboard/dialog.tsx';
import { Moment } from '../../dashboard/moment.tsx';
import { SectionCard } from '../../dashboard/section-card.tsx';
import type { Send } from './send.ts';

interface EndpointControlsProps {
  readonly endpoint: EventEndpoint;
  readonly isBusy: boolean;
  readonly send: Send;
}

/** Pausing, replacing the secret, and the end of it; what cannot be undone is asked about. */
export function EndpointControls({ endpoint, isBusy, send }: EndpointControlsProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<'rotate' | 'delete'>();
  const isActive = endpoint.status === 'active';
  const confirm = () => {
    if (asking !== undefined) send(asking, { secretVersion: String(endpoint.secretVersion) });
    setAsking(undefined);
  };
  return (
    <SectionCard title={t('webhooks.manage')}>
      <InlineStack gap="200">
        <Button disabled={isBusy} onClick={() => send(isActive ? 'pause' : 'resume')}>
          {t(isActive ? 'webhooks.pause' : 'webhooks.resume')}
        </Button>
        <Button disabled={isBusy} onClick={() => setAsking('rotate')}>
          {t('webhooks.rotate')}
        </Button>
        <Button
          disabled={isBusy}
          variant="tertiary"
          tone="critical"
          onClick={() => setAsking('delete')}
        >
          {t('webhooks.delete')}
        </Button>
      </InlineStack>
      {endpoint.previousSecretUntil !== '' && (
        <Text as="p" tone="subdued">
          {t('webhooks.bothUntil')} <Moment at={endpoint.previousSecretUntil} />
        </Text>
      )}
      {asking !== undefined && (
        <Dialog
          title={t(`webhooks.ask.${asking}`)}
          onClose={() => setAsking(undefined)}
          primaryAction={{
            content: t(asking === 'rotate' ? 'webhooks.rotate' : 'webhooks.delete'),
            destructive: asking === 'delete',
            onAction: confirm,
          }}
          secondaryActions={[{ content: t('common.cancel'), onAction: () => setAsking(undefined) }]}
        >
          <DialogSection>
            <Text as="p">{t(`webhooks.ask.${asking}Help`)}</Text>
          </DialogSection>
        </Dialog>
      )}
    </SectionCard>
  );
}
