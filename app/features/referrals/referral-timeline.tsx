import { useTranslation } from 'react-i18next';
import type { Referral } from '#proto/referrals/v1/referrals.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { SectionCard } from '../../dashboard/section-card.tsx';
import { useChannelName } from './referral-words.tsx';

interface Step {
  readonly at: string;
  readonly text: string;
}

/** What happened, oldest first. */
export function ReferralTimeline({ referral }: { referral: Referral }) {
  const { t } = useTranslation();
  const steps = useSteps(referral);
  return (
    <SectionCard title={t('referral.timeline.title')}>
      <ol className="ln-list">
        {steps.map(({ at, text }) => (
          <li key={text}>
            <Moment at={at} />
            {`: ${text}`}
          </li>
        ))}
      </ol>
    </SectionCard>
  );
}

function useSteps(referral: Referral): readonly Step[] {
  const { t } = useTranslation();
  const channelOf = useChannelName();
  const { status, orderName, decision } = referral;
  const steps: readonly Step[] = [
    {
      at: referral.clickedAt,
      text: t('referral.timeline.clicked', { channel: channelOf(referral.channel) }),
    },
    { at: referral.createdAt, text: t('referral.timeline.joined') },
    {
      at: referral.goalAt,
      text:
        orderName === ''
          ? t('referral.timeline.reached')
          : t('referral.timeline.reachedOrder', { order: orderName }),
    },
    {
      at: referral.decidedAt,
      text: t('referral.decide.by', {
        decision: t(`referral.decide.words.${decision === 'denied' ? 'denied' : 'approved'}`),
      }),
    },
    { at: referral.completedAt, text: t('referral.timeline.completed') },
    { at: referral.undoneAt, text: t('referral.timeline.undone') },
    { at: referral.reversedAt, text: t('referral.timeline.reversed') },
    {
      at: status === 'pending' || status === 'expired' ? referral.expiresAt : '',
      text: t(status === 'expired' ? 'referral.timeline.expired' : 'referral.timeline.expires'),
    },
  ];
  return steps.filter(({ at }) => at !== '').sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
