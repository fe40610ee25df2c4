import { useFetcher } from '@remix-run/react';
import { Button, InlineStack, Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { Person, Referral } from '#proto/referrals/v1/referrals.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { SectionCard } from '../../dashboard/section-card.tsx';

export interface ReferralStanding {
  /** Empty until a link was made. */
  readonly code: string;
  /** The program is on. */
  readonly canShare: boolean;
  /** The latest. */
  readonly friends: readonly Referral[];
  readonly broughtBy: Referral | undefined;
}

/** The member's link, whom they brought, and who brought them. Renders nothing where there is nothing of it. */
export function ReferralsCard({ code, canShare, friends, broughtBy }: ReferralStanding) {
  const { t } = useTranslation();
  if (!canShare && code === '' && friends.length === 0 && broughtBy === undefined) return null;
  return (
    <SectionCard title={t('customer.referrals.title')}>
      <dl className="ln-terms">
        <dt>{t('customer.referrals.link')}</dt>
        <dd>{code === '' ? t('customer.referrals.noLink') : code}</dd>
        {broughtBy !== undefined && (
          <>
            <dt>{t('customer.referrals.broughtBy')}</dt>
            <dd>
              <ReferralLink referral={broughtBy} person={broughtBy.advocate} />
            </dd>
          </>
        )}
      </dl>
      {canShare && code === '' && <MakeLink />}
      {friends.length > 0 && (
        <>
          <Text as="h3" variant="headingSm">
            {t('customer.referrals.friends')}
          </Text>
          <ul className="ln-list">
            {friends.map((referral) => (
              <li key={referral.referralId}>
                <ReferralLink referral={referral} person={referral.friend} />
                {': '}
                <Moment at={referral.createdAt} dateOnly />
              </li>
            ))}
          </ul>
        </>
      )}
    </SectionCard>
  );
}

function MakeLink() {
  const { t } = useTranslation();
  const fetcher = useFetcher<{ ok: true; intent: 'link' } | Refusal>();
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  return (
    <>
      {result?.ok === false && <OutcomeBanner answer={result} problem={result.problem} />}
      <InlineStack>
        <Button
          loading={fetcher.state !== 'idle'}
          onClick={() => fetcher.submit({ intent: 'link' }, { method: 'post' })}
        >
          {t('customer.referrals.make')}
        </Button>
      </InlineStack>
    </>
  );
}

function ReferralLink({ referral, person }: { referral: Referral; person: Person | undefined }) {
  const { t } = useTranslation();
  return (
    <Link url={`/app/referrals/${referral.referralId}`}>
      {person?.name || person?.email || t('customers.noName')}
    </Link>
  );
}
