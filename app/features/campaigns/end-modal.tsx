import { useFetcher } from '@remix-run/react';
import { BlockStack } from '@shopify/polaris';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogSection } from '../../dashboard/dialog.tsx';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';

interface EndModalProps {
  isActive: boolean;
  onClose: () => void;
  onDone: (answer: { ok: true; intent: 'save' | 'end' }) => void;
}

/** Confirms ending a campaign, which cannot be undone. */
export function EndModal({ isActive, onClose, onDone }: EndModalProps) {
  const { t } = useTranslation();
  const fetcher = useFetcher<{ ok: true; intent: 'save' | 'end' } | Refusal>();
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  useEffect(() => {
    if (result?.ok === true) onDone(result);
  }, [result, onDone]);
  const words = isActive ? 'end' : 'cancel';
  return (
    <Dialog
      onClose={onClose}
      title={t(`campaign.${words}.title`)}
      primaryAction={{
        content: t(`campaign.${words}.submit`),
        destructive: true,
        loading: fetcher.state !== 'idle',
        onAction: () => fetcher.submit({ intent: 'end' }, { method: 'post' }),
      }}
      secondaryActions={[{ content: t('common.cancel'), onAction: onClose }]}
    >
      <DialogSection>
        <BlockStack gap="400">
          {result?.ok === false && <OutcomeBanner answer={result} problem={result.problem} />}
          <p>{t(`campaign.${words}.body`)}</p>
        </BlockStack>
      </DialogSection>
    </Dialog>
  );
}
