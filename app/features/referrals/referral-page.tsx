import { Banner, BlockStack, Button, InlineStack, Layout, Link, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '#proto/referrals/v1/referrals.ts';
import { DashboardPage } from '../../dashboard/dashboard-page.tsx';
import { useFreshOnReturn } from '../../dashboard/fresh-on-return.ts';
import { listAddress } from '../../dashboard/list-state.ts';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { SectionCard } from '../../dashboard/section-card.tsx';
import { shopifyAdminUrl, useFormat, useShop } from '../../dashboard/shop.ts';
import { DecideModal, type Decided } from './decide-modal.tsx';
import { ReferralTimeline } from './referral-timeline.tsx';
import { ReferralStatus, usePersonName, useSideText } from './referral-words.tsx';
import type { Decision, ReferralData } from './referral.server.ts';
import { Shared } from './shared-graph.tsx';
import { ORDER_RISKS, REFERRAL_REFUSALS, REFERRAL_SIGNALS } from '#vocabulary/referrals.ts';

/** One friend: what happened, what speaks against it, and the decision where one is needed. */
export function ReferralPage(data: ReferralData) {
  const { referral, shared } = data;
  const { t } = useTranslation();
  const nameOf = usePersonName();
  const [deciding, setDeciding] = useState<Decision>();
  const [done, setDone] = useState<Decided>();
  useFreshOnReturn();
  return (
    <DashboardPage
      help="referrals"
      title={t('referral.title', { name: nameOf(referral.friend) })}
      titleMetadata={<ReferralStatus status={referral.status} />}
      backAction={{ content: t('referral.back'), url: listAddress('/app/referrals') }}
    >
      <BlockStack gap="400">
        <OutcomeBanner answer={done} success={done && t(`referral.decide.${done.decision}`)} />
        <ToDecide referral={referral} onDecide={setDeciding} />
        <Layout>
          <Layout.Section>
            <BlockStack gap="400">
              <Score {...data} />
              <Shared referral={referral} shared={shared} />
            </BlockStack>
          </Layout.Section>
          <Layout.Section variant="oneThird">
            <BlockStack gap="400">
              <People referral={referral} />
              <Rewards {...data} />
              <ReferralTimeline referral={referral} />
            </BlockStack>
          </Layout.Section>
        </Layout>
      </BlockStack>
      {deciding !== undefined && (
        <DecideModal
          {...data}
          decision={deciding}
          onClose={() => setDeciding(undefined)}
          onDone={(answer) => {
            setDeciding(undefined);
            setDone(answer);
          }}
        />
      )}
    </DashboardPage>
  );
}

/** Held ones wait for a decision; a refused one can still be paid while its goal stands. */
function ToDecide({
  referral: { status, refusal, goalAt },
  onDecide,
}: Pick<ReferralData, 'referral'> & { onDecide: (decision: Decision) => void }) {
  const { t } = useTranslation();
  if (status !== 'held' && status !== 'refused') return null;
  const why = REFERRAL_REFUSALS.find((known) => known === refusal) ?? 'suspicious';
  const isHeld = status === 'held';
  return (
    <Banner
      tone={isHeld ? 'warning' : 'info'}
      title={t(isHeld ? 'referral.decide.held' : 'referral.decide.refused')}
    >
      <BlockStack gap="300">
        <p>
          {isHeld
            ? t(goalAt === '' ? 'referral.decide.codeWaits' : 'referral.decide.heldBody')
            : t(`referral.refusals.${why}`)}
        </p>
        <InlineStack gap="200">
          {(isHeld || goalAt !== '') && (
            <Button onClick={() => onDecide('approved')}>{t('referral.decide.approve')}</Button>
          )}
          {isHeld && (
            <Button onClick={() => onDecide('denied')}>{t('referral.decide.deny')}</Button>
          )}
        </InlineStack>
      </BlockStack>
    </Banner>
  );
}

function Score({ referral: { score, signals }, thresholds }: ReferralData) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const known = REFERRAL_SIGNALS.filter((signal) => signals.includes(signal)).sort(
    (a, b) => signals.indexOf(a) - signals.indexOf(b),
  );
  return (
    <SectionCard title={t('referral.score.title')}>
      <Text as="p" fontWeight="semibold">
        {t('referral.score.value', { score: number(score) })}
      </Text>
      {known.length === 0 ? (
        <Text as="p">{t('referral.score.none')}</Text>
      ) : (
        <ul className="ln-list">
          {known.map((signal) => (
            <li key={signal}>{t(`referral.signals.${signal}`)}</li>
          ))}
        </ul>
      )}
      <Text as="p" tone="subdued">
        {t('referral.score.thresholds', {
          hold: number(thresholds.holdFrom),
          refuse: number(thresholds.refuseFrom),
        })}{' '}
        <Link url="/app/referrals/settings">{t('referral.score.edit')}</Link>
      </Text>
    </SectionCard>
  );
}

function People({ referral }: Pick<ReferralData, 'referral'>) {
  const { t } = useTranslation();
  const { shopDomain } = useShop();
  const { friend, advocate, orderId, orderName, orderRisk } = referral;
  const risk = ORDER_RISKS.find((known) => known === orderRisk);
  return (
    <SectionCard title={t('referral.people.title')}>
      <dl className="ln-terms">
        <dt>{t('referral.people.friend')}</dt>
        <dd>
          <PersonLink person={friend} />
        </dd>
        <dt>{t('referral.people.advocate')}</dt>
        <dd>
          <PersonLink person={advocate} />
        </dd>
        {orderId !== '' && (
          <>
            <dt>{t('referral.people.order')}</dt>
            <dd>
              <Link url={shopifyAdminUrl(shopDomain, `orders/${orderId}`)} target="_top">
                {orderName || orderId}
              </Link>
            </dd>
          </>
        )}
        {risk !== undefined && (
          <>
            <dt>{t('referral.people.risk')}</dt>
            <dd>{t(`referral.people.risks.${risk}`)}</dd>
          </>
        )}
      </dl>
    </SectionCard>
  );
}

function PersonLink({ person }: { person: Person | undefined }) {
  const nameOf = usePersonName();
  return (
    <Link url={`/app/customers/${person?.customerId ?? ''}`} removeUnderline>
      {nameOf(person)}
    </Link>
  );
}

/** What both were promised when the friend came, and what of it they got. */
function Rewards({ referral, advocate, friend }: ReferralData) {
  const { t } = useTranslation();
  const { points } = useFormat();
  const sideText = useSideText();
  const given = (awarded: number) =>
    awarded > 0 && referral.status === 'completed'
      ? ` (${t('referral.rewards.given', { points: points(awarded) })})`
      : '';
  return (
    <SectionCard title={t('referral.rewards.title')}>
      <dl className="ln-terms">
        <dt>{t('referral.people.advocate')}</dt>
        <dd>{sideText(advocate) + given(referral.advocatePoints)}</dd>
        <dt>{t('referral.people.friend')}</dt>
        <dd>{sideText(friend) + given(referral.friendPoints)}</dd>
      </dl>
    </SectionCard>
  );
}
