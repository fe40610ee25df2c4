import { Badge, BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SectionCard } from '../../dashboard/section-card.tsx';
import type { PointsProgram } from '#proto/points/v1/points.ts';
import { wordsIn } from '../../dashboard/localized.ts';
import { RecordTable, type Column } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import type { ProgramOverview } from './program-overview.server.ts';
import { useWays } from './ways.ts';

interface Line {
  readonly key: string;
  readonly title: string;
  readonly url: string;
  readonly summary: string;
  readonly status: ReactNode;
}

interface ListCardProps {
  title: string;
  help: string;
  action?: { content: string; url: string };
  /** What the last column says; whether the line is active, by default. */
  statusTitle?: string;
  lines: readonly Line[];
}

/** Lines that each open a page of their own; without any, what the list is for and the first step. */
function ListCard({ title, help, action, statusTitle, lines }: ListCardProps) {
  const { t } = useTranslation();
  const columns: Column<Line>[] = [
    {
      key: 'title',
      title,
      heading: true,
      cell: ({ title: name, url }) => (
        <Button variant="plain" textAlign="left" url={url}>
          {name}
        </Button>
      ),
    },
    { key: 'summary', title: t('programList.details'), cell: ({ summary }) => summary },
    { key: 'status', title: statusTitle ?? t('programList.status'), cell: ({ status }) => status },
  ];
  return (
    <Card padding="0">
      <div className="ln-card-head">
        <BlockStack gap="100">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="h2" variant="headingMd">
              {title}
            </Text>
            {action !== undefined && (
              <Button variant="plain" url={action.url}>
                {action.content}
              </Button>
            )}
          </InlineStack>
          <Text as="p" tone="subdued">
            {help}
          </Text>
        </BlockStack>
      </div>
      {lines.length > 0 && (
        <RecordTable caption={title} rows={lines} rowKey={({ key }) => key} columns={columns} />
      )}
    </Card>
  );
}

function Status({ isOn }: { isOn: boolean }) {
  const { t } = useTranslation();
  return <Badge tone={isOn ? 'success' : 'new'}>{t(isOn ? 'rewards.on' : 'rewards.off')}</Badge>;
}

export function WaysToEarn({
  program,
  currency,
  referrals,
}: Pick<ProgramOverview, 'program' | 'currency' | 'referrals'>) {
  const { t } = useTranslation();
  const { points } = useFormat();
  const ways = useWays(program, currency);
  const isReferring = referrals?.active ?? false;
  const forMember = referrals?.advocate?.kind === 'points' ? referrals.advocate.points : 0;
  return (
    <ListCard
      title={t('programList.earn')}
      help={t('programList.earnHelp')}
      lines={[
        ...ways.map(({ way, title, summary, isOn }) => ({
          key: way,
          title,
          url: `/app/program/earn/${way}`,
          summary,
          status: <Status isOn={isOn} />,
        })),
        {
          key: 'referral',
          title: t('nav.referrals'),
          url: '/app/referrals/settings',
          summary: isReferring && forMember > 0 ? points(forMember) : '',
          status: <Status isOn={isReferring} />,
        },
      ]}
    />
  );
}

const SHOWN_REWARDS = 5;

export function Rewards({ rewards }: Pick<ProgramOverview, 'rewards'>) {
  const { t } = useTranslation();
  const { points, language } = useFormat();
  return (
    <ListCard
      title={t('programList.redeem')}
      help={t(rewards.length === 0 ? 'rewards.empty.body' : 'programList.redeemHelp')}
      action={{
        content: t(rewards.length === 0 ? 'rewards.add' : 'programList.allRewards'),
        url: '/app/rewards',
      }}
      lines={rewards
        .slice(0, SHOWN_REWARDS)
        .map(({ rewardId, title, status, pointsCost, mode }) => ({
          key: rewardId,
          title: wordsIn(title, language),
          url: `/app/rewards/${rewardId}`,
          summary:
            mode === 'incremental'
              ? t('rewards.each', { points: points(pointsCost) })
              : points(pointsCost),
          status: <Status isOn={status === 'active'} />,
        }))}
    />
  );
}

export function VipTiers({ vip, currency }: Pick<ProgramOverview, 'vip' | 'currency'>) {
  const { t } = useTranslation();
  const { money, points, number, language } = useFormat();
  const tiers = vip.published?.tiers ?? [];
  return (
    <ListCard
      title={t('tiers.title')}
      help={t(tiers.length === 0 ? 'tiers.empty.body' : 'programList.tiersHelp')}
      action={{
        content: t(tiers.length === 0 ? 'programList.setUpTiers' : 'programList.editTiers'),
        url: '/app/tiers',
      }}
      statusTitle={t('expiry.members')}
      lines={tiers.map(({ tierId, names, spendThreshold, pointsThreshold, members }) => ({
        key: tierId,
        title: wordsIn(names, language),
        url: '/app/tiers',
        summary: [
          ...(spendThreshold === '' ? [] : [money({ amount: spendThreshold, currency })]),
          ...(pointsThreshold < 0 ? [] : [points(pointsThreshold)]),
        ].join(' · '),
        status: t('tiers.tier.members', { count: members, formatted: number(members) }),
      }))}
    />
  );
}

/** A card of one subject: what holds now, and where it is changed. */
function SubjectCard(props: {
  title: string;
  text: string;
  actions: { content: string; url: string }[];
}) {
  return (
    <SectionCard title={props.title}>
      <Text as="p">{props.text}</Text>
      <InlineStack gap="300">
        {props.actions.map(({ content, url }) => (
          <Button key={url} variant="plain" url={url}>
            {content}
          </Button>
        ))}
      </InlineStack>
    </SectionCard>
  );
}

export function Expiration({ program }: { program: PointsProgram }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { expiryDays, expiryMode } = program;
  const text =
    expiryDays === 0
      ? t('program.example.never')
      : t(
          expiryMode === 'activity'
            ? 'programList.expiresAfterActivity'
            : 'program.example.expires',
          {
            count: expiryDays,
            formatted: number(expiryDays),
          },
        );
  return (
    <SubjectCard
      title={t('program.expiry.title')}
      text={text}
      actions={[
        { content: t('programList.editExpiration'), url: '/app/program/expiration' },
        ...(expiryDays === 0
          ? []
          : [{ content: t('program.expiry.forecast'), url: '/app/expiry' }]),
      ]}
    />
  );
}

export function Rules({ program }: { program: PointsProgram }) {
  const { t } = useTranslation();
  const accounts = program.earning?.participants === 'accounts';
  return (
    <SubjectCard
      title={t('program.rules.title')}
      text={[
        t(accounts ? 'program.participants.accounts' : 'program.participants.all'),
        t(program.refundPolicy === 'clip' ? 'programList.refundClip' : 'programList.refundDebt'),
      ].join(' · ')}
      actions={[{ content: t('programList.editRules'), url: '/app/program/rules' }]}
    />
  );
}

/** Whom the program is for. */
export function Participants() {
  const { t } = useTranslation();
  return (
    <SubjectCard
      title={t('programList.participants')}
      text={t('programList.participantsHelp')}
      actions={[{ content: t('programList.editParticipants'), url: '/app/program/participants' }]}
    />
  );
}
