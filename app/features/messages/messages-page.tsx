import { useFetcher, useNavigation } from '@remix-run/react';
import { Badge, BlockStack, Button, Card, Link, Text, type BadgeProps } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { useAddressFilters } from '../../dashboard/address-search.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { useFreshOnReturn } from '../../dashboard/fresh-on-return.ts';
import { ListFilters } from '../../dashboard/list-filters.tsx';
import { Moment } from '../../dashboard/moment.tsx';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { Pager } from '../../dashboard/pager.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import type { MessagesData } from './messages.server.ts';
import { PROVIDER_NAMES } from './provider-names.ts';
import {
  MESSAGE_CHANNELS,
  MESSAGE_PROVIDERS,
  MESSAGE_REASONS,
  MESSAGE_STATUSES,
  MESSAGE_TYPES,
  type MessageStatus,
} from '#vocabulary/messages.ts';

/** All but what is never sent: a friend's address is not ours to write to. */
const LISTED_TYPES = MESSAGE_TYPES.filter((type) => type !== 'referral_invite');

type Message = MessagesData['messages'][number];

const tones: Record<MessageStatus, BadgeProps['tone']> = {
  queued: 'info',
  waiting: 'info',
  sending: 'info',
  sent: 'success',
  parked: 'attention',
  unconfirmed: 'warning',
  failed: 'critical',
  withheld: undefined,
};

/** Every message to a member, and what became of it. */
export function MessagesPage({ asked, messages, nextCursor }: MessagesData) {
  const { t } = useTranslation();
  const isBusy = useNavigation().state === 'loading';
  const fetcher = useFetcher<{ ok: true } | Refusal>();
  const answer = fetcher.state === 'idle' ? fetcher.data : undefined;
  useFreshOnReturn();
  const isFiltered = asked.status !== '' || asked.type !== '' || asked.customer !== '';
  return (
    <DashboardPage
      title={t('messages.title')}
      subtitle={t('messages.intro')}
      secondaryActions={[{ content: t('messages.integrations'), url: '/app/integrations' }]}
    >
      <BlockStack gap="400">
        <OutcomeBanner
          answer={answer}
          success={answer?.ok === true ? t('messages.retried') : undefined}
          problem={answer?.ok === false ? answer.problem : undefined}
        />
        <Card padding="0">
          <Filters asked={asked} />
          <div className={isBusy ? 'ln-busy' : undefined} aria-busy={isBusy}>
            {messages.length === 0 ? (
              <NothingHere
                {...(!isFiltered && {
                  action: <Button url="/app/integrations">{t('messages.emptyAction')}</Button>,
                })}
                title={t(isFiltered ? 'messages.noneFoundTitle' : 'messages.emptyTitle')}
                body={t(isFiltered ? 'messages.noneFoundBody' : 'messages.emptyBody')}
              />
            ) : (
              <MessageTable
                messages={messages}
                isSending={fetcher.state !== 'idle'}
                onRetry={(id) => fetcher.submit({ id }, { method: 'post' })}
              />
            )}
          </div>
        </Card>
        <Pager nextCursor={nextCursor} label={t('common.pages')} />
      </BlockStack>
    </DashboardPage>
  );
}

interface MessageTableProps {
  messages: readonly Message[];
  isSending: boolean;
  onRetry: (messageId: string) => void;
}

function MessageTable({ messages, isSending, onRetry }: MessageTableProps) {
  const { t } = useTranslation();
  const typeName = useTypeName();
  return (
    <RecordTable
      caption={t('messages.caption')}
      rows={messages}
      rowKey={(message) => message.messageId}
      columns={[
        {
          key: 'type',
          title: t('messages.type'),
          heading: true,
          cell: (message) => typeName(message.type),
        },
        {
          key: 'customer',
          title: t('messages.customer'),
          cell: (message) =>
            message.customerId === '' ? (
              message.test ? (
                t('messages.test')
              ) : (
                '—'
              )
            ) : (
              <Link url={`/app/customers/${message.customerId}`}>
                {message.customerName || t('messages.unnamed')}
              </Link>
            ),
        },
        {
          key: 'status',
          title: t('messages.status'),
          cell: (message) => <Status message={message} />,
        },
        {
          key: 'by',
          title: t('messages.sentBy'),
          cell: (message) => <Carrier message={message} />,
        },
        {
          key: 'at',
          title: t('messages.at'),
          cell: (message) => <Moment at={message.sentAt || message.createdAt} />,
        },
        {
          key: 'retry',
          title: t('messages.retry'),
          hideTitle: true,
          cell: (message) =>
            message.retryable ? (
              <Button
                size="slim"
                disabled={isSending}
                accessibilityLabel={t('messages.retryOf', { type: typeName(message.type) })}
                onClick={() => onRetry(message.messageId)}
              >
                {t('messages.retry')}
              </Button>
            ) : null,
        },
      ]}
    />
  );
}

function useTypeName(): (type: string) => string {
  const { t } = useTranslation();
  return (type) =>
    t(`messages.types.${MESSAGE_TYPES.find((known) => known === type) ?? 'points_earned'}`);
}

/** Where it is, and why. */
function Status({ message }: { message: Message }) {
  const { t } = useTranslation();
  const status = MESSAGE_STATUSES.find((known) => known === message.status) ?? 'queued';
  const reason = MESSAGE_REASONS.find((known) => known === message.reason);
  return (
    <BlockStack gap="100" inlineAlign="start">
      <Badge {...(tones[status] === undefined ? {} : { tone: tones[status] })}>
        {t(`messages.statuses.${status}`)}
      </Badge>
      {reason !== undefined && (
        <Text as="span" tone="subdued">
          {t(`messages.reasons.${reason}`)}
        </Text>
      )}
    </BlockStack>
  );
}

function Carrier({ message }: { message: Message }) {
  const { t } = useTranslation();
  const channel = MESSAGE_CHANNELS.find((known) => known === message.channel) ?? 'email';
  const provider = MESSAGE_PROVIDERS.find((known) => known === message.provider);
  const name = channel === 'whatsapp' ? 'WhatsApp' : t(`messages.channels.${channel}`);
  return <>{provider === undefined ? name : `${name} · ${PROVIDER_NAMES[provider]}`}</>;
}

function Filters({ asked }: Pick<MessagesData, 'asked'>) {
  const { t } = useTranslation();
  const change = useAddressFilters();
  return (
    <ListFilters
      filters={[
        {
          key: 'status',
          label: t('messages.status'),
          value: asked.status,
          choices: MESSAGE_STATUSES.map((value) => ({
            value,
            label: t(`messages.statuses.${value}`),
          })),
        },
        {
          key: 'type',
          label: t('messages.type'),
          value: asked.type,
          choices: LISTED_TYPES.map((value) => ({ value, label: t(`messages.types.${value}`) })),
        },
      ]}
      onChange={change}
    />
  );
}
