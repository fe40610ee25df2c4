import { useFetcher, useRevalidator } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, Text, TextField } from '@shopify/polaris';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { useFreshOnReturn } from '../../dashboard/fresh-on-return.ts';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { DeliveryLog } from './delivery-log.tsx';
import { EndpointBadge } from './endpoint-badge.tsx';
import { EndpointControls } from './endpoint-controls.tsx';
import { EndpointForm } from './endpoint-form.tsx';
import type { EndpointAction, EndpointData } from './endpoints.server.ts';
import { ResendCard } from './resend-card.tsx';
import type { Send } from './send.ts';

const refreshMs = 2_000;
const soonMs = 10_000;

/** One endpoint: its form, its secret once, and what was sent to it. */
export function EndpointPage(data: EndpointData) {
  const { endpoint, creationKey } = data;
  const { t } = useTranslation();
  const fetcher = useFetcher<EndpointAction>();
  const isBusy = fetcher.state !== 'idle';
  const answer = isBusy ? undefined : fetcher.data;
  const refusal = answer?.ok === false ? answer : undefined;
  const send: Send = (intent, more = {}) => fetcher.submit({ intent, ...more }, { method: 'post' });
  useFreshOnReturn();
  useFreshWhileUnderWay(data);
  const created = answer?.ok === true && answer.done === 'created' ? answer : undefined;
  return (
    <DashboardPage
      title={t(endpoint === undefined ? 'webhooks.newTitle' : 'webhooks.endpointTitle')}
      backAction={{ content: t('webhooks.title'), url: '/app/webhooks' }}
      {...(endpoint !== undefined && { titleMetadata: <EndpointBadge endpoint={endpoint} /> })}
    >
      <BlockStack gap="400">
        <Outcome answer={answer} />
        {endpoint?.status === 'disabled' && (
          <Banner tone="critical">
            <p>
              {t(endpoint.disabledReason === 'gone' ? 'webhooks.gone' : 'webhooks.failedForDays')}
            </p>
          </Banner>
        )}
        {answer?.ok === true && 'secret' in answer && <Secret secret={answer.secret} />}
        {created === undefined ? (
          <EndpointForm
            key={endpoint?.revision ?? 'new'}
            endpoint={endpoint}
            creationKey={creationKey}
            isBusy={isBusy}
            problems={refusal?.fields ?? {}}
            send={send}
          />
        ) : (
          <Card>
            <Button variant="primary" url={`/app/webhooks/${created.id}`}>
              {t('webhooks.continue')}
            </Button>
          </Card>
        )}
        {endpoint !== undefined && (
          <>
            <EndpointControls endpoint={endpoint} isBusy={isBusy} send={send} />
            <ResendCard endpoint={endpoint} isBusy={isBusy} send={send} />
            <DeliveryLog {...data} isBusy={isBusy} send={send} />
          </>
        )}
      </BlockStack>
    </DashboardPage>
  );
}

function Outcome({ answer }: { answer: EndpointAction | undefined }) {
  const { t, i18n } = useTranslation();
  const said =
    answer?.ok !== true
      ? undefined
      : answer.done === 'replayed'
        ? t('webhooks.done.replayed', {
            count: answer.count,
            formatted: answer.count.toLocaleString(i18n.language),
          })
        : t(`webhooks.done.${answer.done}`);
  const isBeside = answer?.ok === false && Object.keys(answer.fields).length > 0;
  return (
    <OutcomeBanner
      answer={answer}
      success={said}
      problem={answer?.ok === false && !isBeside ? answer.problem : undefined}
    />
  );
}

/** Shown once: it cannot be read again. */
function Secret({ secret }: { secret: string }) {
  const { t } = useTranslation();
  return (
    <Card>
      <BlockStack gap="200">
        <TextField
          label={t('webhooks.secret')}
          value={secret === '' ? '••••••••' : secret}
          readOnly
          autoComplete="off"
          monospaced
          selectTextOnFocus
          helpText={t(secret === '' ? 'webhooks.secretShown' : 'webhooks.secretHelp')}
        />
        <Text as="p" tone="subdued">
          {t('webhooks.verify')}
        </Text>
      </BlockStack>
    </Card>
  );
}

/** The worker sends within seconds: the log follows by itself until it has. */
function useFreshWhileUnderWay({ deliveries }: EndpointData): void {
  const { revalidate, state } = useRevalidator();
  const isUnderWay = deliveries.some(
    ({ status, nextAttemptAt }) =>
      status === 'sending' ||
      (status === 'queued' && Date.parse(nextAttemptAt) < Date.now() + soonMs),
  );
  useEffect(() => {
    if (!isUnderWay || state !== 'idle') return undefined;
    const timer = setTimeout(revalidate, refreshMs);
    return () => clearTimeout(timer);
  }, [isUnderWay, revalidate, state, deliveries]);
}
