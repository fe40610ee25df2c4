import { useFetcher } from '@remix-run/react';
import { Badge, BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogSection } from '../../dashboard/dialog.tsx';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';

/** Whether the program is on, and the switch. Turning it off asks first: shoppers notice at once. */
export function ProgramStatus({ isActive }: { isActive: boolean }) {
  const { t } = useTranslation();
  const fetcher = useFetcher<{ ok: true } | Refusal>();
  const [isAsking, setAsking] = useState(false);
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  const turn = (intent: 'turn_on' | 'turn_off') => {
    setAsking(false);
    fetcher.submit({ intent }, { method: 'post' });
  };
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t('program.status.title')}
          </Text>
          <Badge tone={isActive ? 'success' : 'attention'}>
            {t(isActive ? 'program.status.on' : 'program.status.off')}
          </Badge>
        </InlineStack>
        <OutcomeBanner
          answer={result}
          success={
            result?.ok === true
              ? t(isActive ? 'home.program.turnedOn' : 'program.status.turnedOff')
              : undefined
          }
          problem={result?.ok === false ? result.problem : undefined}
        />
        <Text as="p" tone="subdued">
          {t('program.status.help')}
        </Text>
        <InlineStack>
          <Button
            loading={fetcher.state !== 'idle'}
            onClick={() => (isActive ? setAsking(true) : turn('turn_on'))}
          >
            {t(isActive ? 'program.status.turnOff' : 'home.program.turnOn')}
          </Button>
        </InlineStack>
      </BlockStack>
      {isAsking && (
        <Dialog
          title={t('program.status.turnOffTitle')}
          onClose={() => setAsking(false)}
          primaryAction={{
            content: t('program.status.turnOff'),
            destructive: true,
            onAction: () => turn('turn_off'),
          }}
          secondaryActions={[{ content: t('common.cancel'), onAction: () => setAsking(false) }]}
        >
          <DialogSection>
            <Text as="p">{t('program.status.turnOffBody')}</Text>
          </DialogSection>
        </Dialog>
      )}
    </Card>
  );
}
