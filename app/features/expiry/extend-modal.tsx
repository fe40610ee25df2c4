import { useFetcher } from '@remix-run/react';
import { BlockStack, Form, TextField } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogSection } from '../../dashboard/dialog.tsx';
import { useFirstInvalid } from '../../dashboard/first-invalid.ts';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { useFieldError } from '../../dashboard/problem-text.ts';
import type { ExpiryAction } from './expiry-action.ts';
import { useMonth } from './month.ts';

interface ExtendModalProps {
  month: string;
  onClose: () => void;
  onDone: (result: ExpiryAction & { ok: true }) => void;
}

/** Extends the points that expire in a month. One opened form extends at most once, however often it is sent. */
export function ExtendModal({ month, onClose, onDone }: ExtendModalProps) {
  const { t } = useTranslation();
  const nameOf = useMonth();
  const fetcher = useFetcher<ExpiryAction>();
  const [days, setDays] = useState('30');
  const [key] = useState(() => crypto.randomUUID());
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  const refusal = result?.ok === false ? result : undefined;
  useFirstInvalid(refusal);
  const fieldError = useFieldError(refusal?.fields ?? {});

  useEffect(() => {
    if (result?.ok === true) onDone(result);
  }, [result, onDone]);

  const send = () => fetcher.submit({ intent: 'extend', month, days, key }, { method: 'post' });
  return (
    <Dialog
      onClose={onClose}
      title={t('expiry.extend.title', { month: nameOf(month) })}
      primaryAction={{
        content: t('expiry.extend.submit'),
        onAction: send,
        loading: fetcher.state !== 'idle',
      }}
      secondaryActions={[{ content: t('common.cancel'), onAction: onClose }]}
    >
      <DialogSection>
        <BlockStack gap="400">
          {refusal !== undefined && Object.keys(refusal.fields).length === 0 && (
            <OutcomeBanner answer={refusal} problem={refusal.problem} />
          )}
          <Form onSubmit={send}>
            <TextField
              label={t('expiry.extend.days')}
              helpText={t('expiry.extend.help')}
              value={days}
              onChange={setDays}
              error={fieldError('days')}
              inputMode="numeric"
              autoComplete="off"
              autoFocus
            />
          </Form>
        </BlockStack>
      </DialogSection>
    </Dialog>
  );
}
