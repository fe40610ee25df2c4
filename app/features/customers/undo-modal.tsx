import { useFetcher } from '@remix-run/react';
import { BlockStack } from '@shopify/polaris';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogSection } from '../../dashboard/dialog.tsx';
import type { Entry } from '#proto/points/v1/points.ts';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { useExplain } from '../../dashboard/explain.ts';
import { useFormat } from '../../dashboard/shop.ts';
import type { CustomerAction } from './customer-action.ts';

interface UndoModalProps {
  entry: Entry;
  onClose: () => void;
  onDone: (result: CustomerAction & { ok: true }) => void;
}

/** Confirms undoing an adjustment. */
export function UndoModal({ entry, onClose, onDone }: UndoModalProps) {
  const { t } = useTranslation();
  const { signed } = useFormat();
  const explain = useExplain();
  const fetcher = useFetcher<CustomerAction>();
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;

  useEffect(() => {
    if (result?.ok === true) onDone(result);
  }, [result, onDone]);

  return (
    <Dialog
      onClose={onClose}
      title={t('customer.undo.title')}
      primaryAction={{
        content: t('customer.undo.submit'),
        destructive: true,
        loading: fetcher.state !== 'idle',
        onAction: () =>
          fetcher.submit(
            {
              intent: 'undo',
              transactionId: entry.transactionId,
              // The line says in each reader's language that it undoes another: nothing is to be added in ours.
            },
            { method: 'post' },
          ),
      }}
      secondaryActions={[{ content: t('common.cancel'), onAction: onClose }]}
    >
      <DialogSection>
        <BlockStack gap="400">
          {result?.ok === false && <OutcomeBanner answer={result} problem={result.problem} />}
          <p>
            {t('customer.undo.body', { sentence: explain(entry), points: signed(-entry.points) })}
          </p>
        </BlockStack>
      </DialogSection>
    </Dialog>
  );
}
