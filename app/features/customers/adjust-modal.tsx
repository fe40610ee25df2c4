import { useFetcher } from '@remix-run/react';
import { BlockStack, Form, FormLayout, Text, TextField } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogSection } from '../../dashboard/dialog.tsx';
import { useFirstInvalid } from '../../dashboard/first-invalid.ts';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { useFieldError } from '../../dashboard/problem-text.ts';
import { useFormat } from '../../dashboard/shop.ts';
import type { CustomerAction } from './customer-action.ts';
import { readPoints } from './points-input.ts';

const MAX_REASON_LENGTH = 500;

interface AdjustModalProps {
  balance: number;
  /** The deductible points: held points are excluded. */
  available: number;
  onClose: () => void;
  onDone: (result: CustomerAction & { ok: true }) => void;
}

/** Adjusts points manually. */
export function AdjustModal({ balance, available, onClose, onDone }: AdjustModalProps) {
  const { t } = useTranslation();
  const { points: inWords } = useFormat();
  const { points, reason, refusal, isSending, errorOf, change, send } = useAdjustment(onDone);
  // Only valid input is previewed; errors are shown before it is sent.
  const read = points.trim() === '' ? 0 : readPoints(points);
  const amount = typeof read === 'number' ? read : 0;
  const isTooMuch = amount < 0 && available + amount < 0;
  return (
    <Dialog
      onClose={onClose}
      title={t('customer.adjust.title')}
      primaryAction={{
        content: t('customer.adjust.submit'),
        onAction: send,
        loading: isSending,
      }}
      secondaryActions={[{ content: t('common.cancel'), onAction: onClose }]}
    >
      <DialogSection>
        <BlockStack gap="400">
          {refusal !== undefined && Object.keys(refusal.fields).length === 0 && (
            <OutcomeBanner answer={refusal} problem={refusal.problem} />
          )}
          <Form onSubmit={send}>
            <FormLayout>
              <TextField
                label={t('customer.adjust.points')}
                helpText={t('customer.adjust.pointsHelp')}
                value={points}
                onChange={change('points')}
                error={errorOf('points') ?? (isTooMuch ? t('fields.insufficient') : undefined)}
                autoComplete="off"
                autoFocus
                maxLength={16}
                requiredIndicator
              />
              <TextField
                label={t('customer.adjust.reason')}
                helpText={t('customer.adjust.reasonHelp')}
                value={reason}
                onChange={change('reason')}
                error={errorOf('reason')}
                autoComplete="off"
                multiline={2}
                maxLength={MAX_REASON_LENGTH}
                showCharacterCount
                requiredIndicator
              />
              <div aria-live="polite">
                {amount !== 0 && !isTooMuch && (
                  <Text as="p" tone="subdued">
                    {t('customer.adjust.preview', { balance: inWords(balance + amount) })}
                  </Text>
                )}
              </div>
            </FormLayout>
          </Form>
        </BlockStack>
      </DialogSection>
    </Dialog>
  );
}

/** The form as it is typed and sent. One opened form adjusts at most once, however often it is sent. */
function useAdjustment(onDone: AdjustModalProps['onDone']) {
  const fetcher = useFetcher<CustomerAction>();
  const [typed, setTyped] = useState({ points: '', reason: '' });
  const [key] = useState(() => crypto.randomUUID());
  const [corrected, setCorrected] = useState<ReadonlySet<string>>(new Set());
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  const refusal = result?.ok === false ? result : undefined;
  useFirstInvalid(refusal);
  const fieldError = useFieldError(refusal?.fields ?? {});

  useEffect(() => {
    if (result?.ok === true) onDone(result);
  }, [result, onDone]);

  return {
    ...typed,
    refusal,
    isSending: fetcher.state !== 'idle',
    errorOf: (name: string) => (corrected.has(name) ? undefined : fieldError(name)),
    change: (name: keyof typeof typed) => (value: string) => {
      setTyped((current) => ({ ...current, [name]: value }));
      setCorrected((names) => new Set(names).add(name));
    },
    send: () => {
      setCorrected(new Set());
      fetcher.submit({ intent: 'adjust', ...typed, key }, { method: 'post' });
    },
  };
}
