import { Banner, BlockStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { ProgressBar } from '../../dashboard/progress-bar.tsx';
import { SectionCard } from '../../dashboard/section-card.tsx';
import type {
  GetVipTierProgressResponse,
  GetVipTierStatusResponse,
  VipTierAction,
  VipTierChange,
} from '#proto/points/v1/tiers.ts';
import { wordsIn } from '../../dashboard/localized.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { TIER_CHANGE_REASONS, type TierChangeReason } from '#vocabulary/tiers.ts';

export interface TierStanding {
  readonly status: GetVipTierStatusResponse;
  readonly progress: GetVipTierProgressResponse;
  readonly changes: readonly VipTierChange[];
}

/** The member's tier, progress to the next, and tier history. Renders nothing without tiers. */
export function TierCard({ status, progress, changes }: TierStanding) {
  const { t } = useTranslation();
  const { lastDay } = useFormat();
  const nameOf = useTierName();
  const what = useWhat();
  if (!status.enabled && status.tier === undefined) return null;
  return (
    <SectionCard title={t('customer.tier.title')}>
      <dl className="ln-figures">
        <div className="ln-figure">
          <dt>{t('customer.tier.current')}</dt>
          <dd className="ln-value">{nameOf(status.tier?.names)}</dd>
          {status.qualifiedUntil !== '' && (
            <dd className="ln-note" suppressHydrationWarning>
              {t('customer.tier.holdsUntil', { date: lastDay(status.qualifiedUntil) })}
            </dd>
          )}
        </div>
      </dl>
      {status.graceUntil !== '' && (
        <Banner tone="warning">
          <p suppressHydrationWarning>
            {t('customer.tier.grace', {
              date: lastDay(status.graceUntil),
              missing: what(progress.toKeep, progress.basis),
            })}
          </p>
        </Banner>
      )}
      {progress.next !== undefined && (
        <BlockStack gap="150">
          <ProgressBar progress={progress.percent} tone="primary" ariaLabelledBy="tier-progress" />
          <Text as="p" id="tier-progress">
            {t('customer.tier.toNext', {
              missing: what(progress.actions, progress.basis),
              tier: nameOf(progress.next.names),
              percent: progress.percent,
            })}
          </Text>
        </BlockStack>
      )}
      {progress.next === undefined && status.enabled && status.graceUntil === '' && (
        <Text as="p" tone="subdued">
          {t('customer.tier.top')}
        </Text>
      )}
      {changes.length > 0 && <Changes changes={changes} />}
    </SectionCard>
  );
}

function useTierName(): (names: Readonly<Record<string, string>> | undefined) => string {
  const { t } = useTranslation();
  const { language } = useFormat();
  return (names) => wordsIn(names, language) || t('customer.tier.none');
}

function Changes({ changes }: Pick<TierStanding, 'changes'>) {
  const { t } = useTranslation();
  const nameOf = useTierName();
  return (
    <BlockStack gap="100">
      <Text as="h3" variant="headingSm">
        {t('customer.tier.changes')}
      </Text>
      <ul className="ln-list">
        {changes.map((change) => (
          <li key={change.changeId}>
            <Moment at={change.createdAt} />
            {': '}
            {t('customer.tier.changed', {
              from: nameOf(change.fromNames),
              to: nameOf(change.toNames),
            })}{' '}
            {t(`customer.tier.reasons.${reasonOf(change.reason)}`)}
          </li>
        ))}
      </ul>
    </BlockStack>
  );
}

function reasonOf(reason: string): TierChangeReason {
  return TIER_CHANGE_REASONS.find((one) => one === reason) ?? 'reached';
}

/** What is missing, in words: money, points, either or both. */
function useWhat(): (actions: readonly VipTierAction[], basis: string) => string {
  const { t } = useTranslation();
  const { money, points } = useFormat();
  return (actions, basis) =>
    actions
      .map(({ amount, points: missing }) =>
        amount === undefined ? points(missing) : money(amount),
      )
      .join(` ${t(basis === 'any' ? 'customer.tier.or' : 'customer.tier.and')} `);
}
