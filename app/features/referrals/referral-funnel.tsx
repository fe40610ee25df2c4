import { Link } from '@remix-run/react';
import { BlockStack, Card, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { FunnelStep, GetReferralFunnelResponse } from '#proto/referrals/v1/referrals.ts';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat, useShop } from '../../dashboard/shop.ts';
import { PERIODS, type Period } from './referral-period.ts';
import { useChannelName } from './referral-words.tsx';

interface FunnelProps {
  funnel: GetReferralFunnelResponse;
  days: Period;
  /** The list's filter, which the choice of a period keeps. */
  status: string;
}

const steps = ['clicked', 'claimed', 'reached', 'completed'] as const;
const none: FunnelStep = {
  channel: '',
  clicked: 0,
  claimed: 0,
  reached: 0,
  completed: 0,
  held: 0,
  reversed: 0,
  revenue: undefined,
};

/** From shared links to rewards, of a period: in all, and by channel. */
export function ReferralFunnel({ funnel, days, status }: FunnelProps) {
  const { t } = useTranslation();
  const { number, money, percent } = useFormat();
  const { currency } = useShop();
  const { advocates, channels } = funnel;
  const total = funnel.total ?? none;
  const words = {
    clicked: t('referrals.clicked'),
    claimed: t('referrals.claimed'),
    reached: t('referrals.reached'),
    completed: t('referrals.paid'),
  };
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {t('referrals.funnel')}
          </Text>
          <Periods days={days} status={status} />
        </InlineStack>
        <dl className="ln-figures">
          <Figure title={t('referrals.withLink')} value={number(advocates)} note="" />
          {steps.map((step, at) => {
            const before = at === 0 ? 0 : total[steps[at - 1] ?? step];
            return (
              <Figure
                key={step}
                title={words[step]}
                value={number(total[step])}
                note={
                  before === 0
                    ? ''
                    : t('referrals.ofBefore', { percent: percent(total[step] / before) })
                }
              />
            );
          })}
          <Figure
            title={t('referrals.revenue')}
            value={money(total.revenue ?? { amount: '0', currency })}
            note=""
          />
        </dl>
        {channels.length > 0 && <Channels channels={channels} />}
      </BlockStack>
    </Card>
  );
}

function Figure({ title, value, note }: { title: string; value: string; note: string }) {
  return (
    <div className="ln-figure">
      <dt>{title}</dt>
      <dd className="ln-value">{value}</dd>
      {note !== '' && <dd className="ln-note">{note}</dd>}
    </div>
  );
}

function Channels({ channels }: { channels: readonly FunnelStep[] }) {
  const { t } = useTranslation();
  const { number, money } = useFormat();
  const { currency } = useShop();
  const nameOf = useChannelName();
  const count = (key: (typeof steps)[number], title: string) => ({
    key,
    title,
    numeric: true,
    cell: (row: FunnelStep) => number(row[key]),
  });
  return (
    <RecordTable
      caption={t('referrals.funnelCaption')}
      rows={[...channels].sort((a, b) => b.clicked + b.claimed - (a.clicked + a.claimed))}
      rowKey={({ channel }) => channel}
      columns={[
        {
          key: 'channel',
          title: t('referrals.channel'),
          heading: true,
          cell: ({ channel }) => nameOf(channel),
        },
        count('clicked', t('referrals.clicked')),
        count('claimed', t('referrals.claimed')),
        count('reached', t('referrals.reached')),
        count('completed', t('referrals.paid')),
        {
          key: 'revenue',
          title: t('referrals.revenue'),
          numeric: true,
          cell: ({ revenue }) => money(revenue ?? { amount: '0', currency }),
        },
      ]}
    />
  );
}

/** The period is part of the address: it can be shared, and Back leads to the one before. */
function Periods({ days, status }: { days: Period; status: string }) {
  const { t } = useTranslation();
  const kept = status === '' ? '' : `&status=${status}`;
  return (
    <nav aria-label={t('referrals.period')}>
      <ul className="ln-periods">
        {PERIODS.map((period) => (
          <li key={period}>
            <Link
              to={`?days=${period}${kept}`}
              preventScrollReset
              aria-current={period === days ? 'true' : undefined}
            >
              {period === 365 ? t('referrals.year') : t('referrals.days', { days: period })}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
